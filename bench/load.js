/**
 * Sends signed WhatsApp webhooks as Meta does, each conversation in order, from a process of its own.
 * Prints one JSON line when all were acknowledged: { startedAt, acknowledgeMs: { p50, p99 } }.
 *
 *   node bench/load.js URL CONNECTIONS CONVERSATIONS MESSAGES_EACH RUN
 */
import { createHmac } from 'node:crypto';
import { Pool } from 'undici';
import { APP_SECRET, NUMBER } from './settings.js';

const [url, connections, conversations, messages, run] = process.argv.slice(2);
/** One reply each, once the first has brought up the main menu. */
const SCRIPT = ['hello', '2', 'back'];

const pool = new Pool(url, { connections: Number(connections), pipelining: 1 });
const times = [];

async function send(phone, index) {
  const word = index === 0 ? SCRIPT[0] : SCRIPT[1 + ((index - 1) % 2)];
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '4915100000000', phone_number_id: NUMBER },
    contacts: [{ profile: { name: 'Bench' }, wa_id: phone }],
    messages: [
      {
        from: phone,
        id: `wamid.${run}.${phone}.${index}`,
        timestamp: '1795430000',
        type: 'text',
        text: { body: word },
      },
    ],
  };
  const body = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: '1', changes: [{ field: 'messages', value }] }],
  });
  const signature = createHmac('sha256', APP_SECRET).update(body).digest('hex');
  const start = performance.now();
  const answer = await pool.request({
    method: 'POST',
    path: '/webhooks/whatsapp',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
    body,
  });
  await answer.body.dump();
  if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}`);
  times.push(performance.now() - start);
}

async function converse(person) {
  const phone = `4917${run}${String(100000 + person)}`;
  for (let index = 0; index < Number(messages); index += 1) await send(phone, index);
}

const startedAt = Date.now();
let next = 0;
const lanes = Array.from({ length: Number(connections) }, async () => {
  while (next < Number(conversations)) await converse(next++);
});
await Promise.all(lanes);
times.sort((a, b) => a - b);
const at = (share) => Math.round(times[Math.floor(times.length * share)] * 10) / 10;
const result = {
  startedAt,
  acknowledgeMs: { p50: at(0.5), p99: at(0.99) },
};
process.stdout.write(`${JSON.stringify(result)}\n`);
await pool.close();
