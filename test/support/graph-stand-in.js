// A stand-in for graph.facebook.com in a process of its own, so that it takes no time from what is measured
// or tested, and can hang up like a real server. Plain JavaScript: run by node as it is.
//
//   import { startGraphStandIn } from '../support/graph-stand-in.js';   (tests and benchmarks)
//   node test/support/graph-stand-in.js                                 (by hand; prints its address)
import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const FILE = fileURLToPath(import.meta.url);
const MESSAGES = /^\/v\d+\.\d+\/[^/]+\/messages$/u;

/** Starts one on a free port. See graph-stand-in.d.ts for what it can be told. */
export async function startGraphStandIn() {
  const child = fork(FILE, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
  const port = await new Promise((resolve, reject) => {
    child.once('message', ({ port }) => resolve(port));
    child.once('exit', (code) =>
      reject(new Error(`the Graph stand-in ended with ${code} before it listened`)),
    );
  });
  const url = `http://127.0.0.1:${port}`;
  const control = async (path, body) => {
    const answer = await fetch(
      url + path,
      body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
    );
    if (!answer.ok) throw new Error(`the Graph stand-in answered ${answer.status} to ${path}`);
    return answer.json();
  };
  return {
    url,
    sent: () => control('/_sent'),
    count: () => control('/_count'),
    next: async (...answers) => void (await control('/_next', answers)),
    reset: async () => void (await control('/_reset', {})),
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill();
      }),
  };
}

/** The server itself, when this file is what node runs. */
function serve() {
  let sent = [];
  let planned = [];
  let count = 0;

  const good = (body) => {
    count += 1;
    if (body?.messaging_product !== 'whatsapp')
      return { recipient_id: body?.recipient?.id, message_id: `m_stand-in.${count}` };
    const input = body.to ?? body.recipient;
    return {
      messaging_product: 'whatsapp',
      contacts: [{ input, wa_id: String(input).replace(/^\+/u, '') }],
      messages: [{ id: `wamid.stand-in.${count}` }],
    };
  };
  const error = (message, code) => ({
    error: { message, type: 'OAuthException', code, fbtrace_id: 'stand-in' },
  });

  const reply = (response, status, body, headers = {}) => {
    const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    response.writeHead(status, {
      'content-type': 'application/json; charset=UTF-8',
      'content-length': bytes.length,
      ...headers,
    });
    response.end(bytes);
  };

  const call = (request, response, text) => {
    const authorization = request.headers.authorization;
    let body;
    try {
      body = JSON.parse(text);
    } catch {
      return reply(response, 400, error('(#100) Invalid JSON', 100));
    }
    sent.push({ path: request.url, authorization, body, at: Date.now() });
    const plan = planned[0];
    if (plan && --plan.times <= 0) planned.shift();
    if (plan?.hangUp === 'request') return request.socket.destroy();
    const answer = () => {
      if (plan?.hangUp === 'answer') {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('{"messages":');
        return setImmediate(() => request.socket.destroy());
      }
      if (!authorization?.startsWith('Bearer ')) return reply(response, 401, error('no token', 190));
      if (plan?.status === undefined) return reply(response, 200, good(body));
      return reply(response, plan.status, plan.body ?? {}, plan.headers);
    };
    return plan?.delayMs > 0 ? setTimeout(answer, plan.delayMs) : answer();
  };

  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      if (request.method === 'POST' && MESSAGES.test(request.url)) return call(request, response, text);
      if (request.url === '/_sent') return reply(response, 200, sent);
      if (request.url === '/_count') return reply(response, 200, sent.length);
      if (request.url === '/_next') planned.push(...JSON.parse(text).map((plan) => ({ times: 1, ...plan })));
      else if (request.url === '/_reset') [sent, planned] = [[], []];
      else return reply(response, 404, error('unknown path', 2500));
      return reply(response, 200, {});
    });
  });
  server.keepAliveTimeout = 120_000;
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    if (process.send) process.send({ port });
    else process.stdout.write(`http://127.0.0.1:${port}\n`);
  });
  // Whoever started it is gone: nothing may be left behind.
  process.on('disconnect', () => process.exit(0));
}

if (process.argv[1] === FILE) serve();
