// A stand-in for graph.facebook.com that fails as the real one does, and writes down what reached people.
// Settings: { seed, refused, cut, hung, statusesLost, postMs }, four of them shares from 0 to 1.
import { createServer } from 'node:http';
import { randomFrom } from './random.js';
import { deliver, statusBody } from './webhook.js';
import { worker } from './worker.js';

const { settings, tell, answer } = worker();
const random = randomFrom(settings.seed);
const MESSAGES = /^\/v\d+\.\d+\/[^/]+\/messages$/u;

/** How long Meta takes to say what became of a message. */
const STATUS_MS = { least: 100, most: 1_500 };

let deliveries = [];
let statuses = [];
let counts = { refused: 0, cut: 0, hung: 0, statusesLost: 0 };
/** Statuses on their way; what is delivered twice is told twice, too. */
let waiting = 0;
let urls = [];
let serial = 0;

function reply(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(JSON.stringify(body));
}

async function tellStatus(phone, id, outbox) {
  waiting += 1;
  const { least, most } = STATUS_MS;
  await new Promise((resolve) => setTimeout(resolve, least + random() * (most - least)));
  const body = statusBody(phone, id, outbox);
  await deliver(urls, Math.floor(random() * urls.length), body, settings.postMs);
  statuses.push({ outbox, at: Date.now() });
  waiting -= 1;
}

function send(request, response, body) {
  if (typeof body.to !== 'string') return reply(response, 200, { success: true });
  const chance = random();
  if (chance < settings.refused) {
    counts.refused += 1;
    return reply(response, 500, { error: { message: 'Service unavailable', code: 2, is_transient: true } });
  }
  const phone = body.to.replace(/^\+/u, '');
  const outbox = body.biz_opaque_callback_data;
  const text = body.text?.body ?? JSON.stringify(body);
  serial += 1;
  const id = `wamid.reply.${serial}`;
  deliveries.push({ conversation: phone, outbox, text, at: Date.now() });
  if (random() < settings.statusesLost) counts.statusesLost += 1;
  else void tellStatus(phone, id, outbox);
  if (chance < settings.refused + settings.cut) {
    counts.cut += 1;
    return request.socket.destroy();
  }
  if (chance < settings.refused + settings.cut + settings.hung) {
    counts.hung += 1;
    return undefined;
  }
  return reply(response, 200, {
    messaging_product: 'whatsapp',
    contacts: [{ input: body.to, wa_id: phone }],
    messages: [{ id }],
  });
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    if (request.method !== 'POST' || !MESSAGES.test(request.url))
      return reply(response, 404, { error: { message: 'unknown path', code: 2500 } });
    return send(request, response, JSON.parse(Buffer.concat(chunks).toString()));
  });
});
server.keepAliveTimeout = 120_000;
server.requestTimeout = 0;

answer({
  /** Where statuses go. */
  nodes: (given) => {
    urls = given;
  },
  /** How many replies reached people, and how many statuses nobody has taken yet. */
  count: () => ({ delivered: new Set(deliveries.map(({ outbox }) => outbox)).size, waiting }),
  /** Everything since the last time it was asked. */
  history: () => {
    const all = { deliveries, statuses, counts };
    deliveries = [];
    statuses = [];
    counts = { refused: 0, cut: 0, hung: 0, statusesLost: 0 };
    return all;
  },
});
server.listen(0, '127.0.0.1', () => tell('ready', { url: `http://127.0.0.1:${server.address().port}` }));
