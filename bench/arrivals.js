/**
 * Open loop: messages arrive when they arrive (a Poisson process, the same for the same seed), whatever the
 * answers take. Times count from when a message was due, not from when it could be sent, so that a server that
 * stalls is charged for all who wait meanwhile. Prints one JSON line. The stand-in (graph.js) must be empty.
 *
 *   node bench/arrivals.js URL GRAPH_URL RATE SECONDS SEED RUN
 */
import { setTimeout as wait } from 'node:timers/promises';
import { Pool, request } from 'undici';
import { quantile, rounded } from './figures.js';
import { phoneOf, webhook } from './webhook.js';

const [url, graphUrl, ...numbers] = process.argv.slice(2);
const [rate, seconds, seed, run] = numbers.map(Number);

/** One person writes about every seven seconds: more often than WhatsApp lets us answer would be a queue by design. */
const PEOPLE = rate * 7;
const SOCKETS = 1024;
/** What has not been answered so long after the last message, and with nothing coming any more, is lost. */
const DRAIN_MS = 30_000;

/** 0 … 1, the same row of numbers for the same seed (mulberry32). */
function chanceOf(start) {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** When each message is due, milliseconds after the beginning. */
function schedule() {
  const chance = chanceOf(seed);
  const due = [];
  for (let at = 0; ; due.push(at)) {
    at -= (Math.log(1 - chance()) / rate) * 1000;
    if (at > seconds * 1000) return due;
  }
}

const now = () => performance.timeOrigin + performance.now();
const pool = new Pool(url, { connections: SOCKETS, pipelining: 1 });
const due = schedule();
const [acknowledged, late, accepted] = [[], [], new Map()];
const refused = {};
const beganAt = now() + 200;

async function send(number) {
  const dueAt = beganAt + due[number];
  late.push(now() - dueAt);
  const phone = phoneOf(run, number % PEOPLE);
  let outcome;
  try {
    const answer = await pool.request(webhook(phone, Math.floor(number / PEOPLE)));
    await answer.body.dump();
    outcome = answer.statusCode;
  } catch (error) {
    outcome = error.code ?? error.name;
  }
  if (outcome !== 200) {
    refused[outcome] = (refused[outcome] ?? 0) + 1;
    return;
  }
  acknowledged.push(now() - dueAt);
  const known = accepted.get(phone) ?? [];
  accepted.set(phone, known);
  known.push(dueAt);
}

const sends = [];
while (sends.length < due.length) {
  const elapsed = now() - beganAt;
  while (sends.length < due.length && due[sends.length] <= elapsed) sends.push(send(sends.length));
  const next = due[sends.length];
  if (next !== undefined) await wait(Math.max(next - (now() - beganAt), 0));
}
const offeredSeconds = (now() - beganAt) / 1000;
await Promise.all(sends);

const ask = async (path) => (await request(`${graphUrl}${path}`)).body.json();
for (
  let [count, since] = [0, now()];
  count < acknowledged.length && now() - since < DRAIN_MS;
  await wait(50)
) {
  const seen = await ask('/_count');
  if (seen > count) [count, since] = [seen, now()];
}
const drainedSeconds = (now() - beganAt) / 1000 - offeredSeconds;

// The first reply to a person answers the first message, and so on: there is one to each, in order.
const replied = [];
let [lost, doubled] = [0, 0];
const times = await ask('/_times');
for (const [phone, dueAts] of accepted) {
  const sent = times[phone] ?? [];
  lost += Math.max(dueAts.length - sent.length, 0);
  doubled += Math.max(sent.length - dueAts.length, 0);
  dueAts.sort((a, b) => a - b);
  for (const [index, dueAt] of dueAts.entries()) if (index < sent.length) replied.push(sent[index] - dueAt);
}
const spread = (list) => ({
  p50: quantile(list, 0.5),
  p90: quantile(list, 0.9),
  p99: quantile(list, 0.99),
  max: quantile(list, 1),
});
const result = {
  messages: due.length,
  offeredPerSecond: rounded(due.length / offeredSeconds, 0),
  acknowledgeMs: spread(acknowledged),
  replyMs: spread(replied),
  drainedSeconds: rounded(drainedSeconds, 1),
  lost,
  doubled,
  refused,
  /** How late this generator itself was: part of all times above. */
  lateP99Ms: quantile(late, 0.99),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
await pool.close();
