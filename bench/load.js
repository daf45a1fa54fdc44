/**
 * Closed loop: sends signed WhatsApp webhooks as Meta does, each conversation in order, the next message as soon
 * as the last was acknowledged, from a process of its own. With several addresses every message goes to the next
 * one, as behind a balancer. Prints one JSON line: { startedAt, acknowledgeMs: { p50, p99 } }.
 *
 *   node bench/load.js URL[,URL…] CONNECTIONS CONVERSATIONS MESSAGES_EACH RUN
 */
import { Pool } from 'undici';
import { quantile } from './figures.js';
import { phoneOf, webhook } from './webhook.js';

const [urls, ...numbers] = process.argv.slice(2);
const [connections, conversations, messages, run] = numbers.map(Number);
const pools = urls.split(',').map((url) => new Pool(url, { connections, pipelining: 1 }));
const times = [];

async function send(phone, index) {
  const pool = pools[times.length % pools.length];
  const request = webhook(phone, index);
  const start = performance.now();
  const answer = await pool.request(request);
  await answer.body.dump();
  if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}`);
  times.push(performance.now() - start);
}

async function converse(person) {
  for (let index = 0; index < messages; index += 1) await send(phoneOf(run, person), index);
}

const startedAt = Date.now();
let next = 0;
const lanes = Array.from({ length: connections }, async () => {
  while (next < conversations) await converse(next++);
});
await Promise.all(lanes);
const acknowledgeMs = { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
process.stdout.write(`${JSON.stringify({ startedAt, acknowledgeMs })}\n`);
await Promise.all(pools.map((pool) => pool.close()));
