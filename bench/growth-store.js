/** Stores for growth.js, filled and worked through their own contract. */
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createLog } from '../dist/log.js';
import { createEmbeddedStore } from '../dist/store/embedded.js';
import { createRedisStore } from '../dist/store/redis.js';
import { startRedis } from './processes.js';

const LEASE_MS = 30_000;
const KEEP_MS = 90 * 24 * 60 * 60 * 1000;
const SESSION_BYTES = 200;
/** A menu, sealed. */
const OUTBOX_BYTES = 800;
const INBOX_BYTES = 250;
/** Calls under way at the same time; redis-client.js sends them together. */
const TOGETHER = 256;
/** What a server with some load has under way. */
const LANES = 64;

/** Bytes that nothing can shorten, as sealed records are. */
const noise = (bytes, seed) =>
  Buffer.concat(
    Array.from({ length: Math.ceil(bytes / 64) }, (_, part) =>
      createHash('sha512').update(`${seed} ${part}`).digest(),
    ),
  ).subarray(0, bytes);
const hash = (text) => createHash('sha256').update(text).digest();
const nameOf = (person, kind = 'person') => hash(`${kind} ${person}`).subarray(0, 16).toString('base64url');

/** Runs `work(0)` … `work(count - 1)`, so many at a time. */
async function each(count, lanes, work) {
  let next = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (next < count) await work(next++);
    }),
  );
}

let events = 0;
const arrivalOf = (conversation, payload) => ({
  conversation,
  id: hash(`event ${(events += 1)}`).subarray(0, 8),
  payload,
});

async function message(store, conversation, payload, outbox) {
  const accepted = await store.accept(arrivalOf(conversation, payload));
  if (accepted.type !== 'leased') throw new Error(`a message was ${accepted.type} instead of leased`);
  const { lease } = accepted.work;
  const session = noise(SESSION_BYTES, conversation);
  let next = await store.commit(lease, { session, keepMs: KEEP_MS, consumed: 1, outbox, alarmAtMs: null });
  if (next.type === 'send') next = await store.settle(lease, next.entry.id, { type: 'sent' });
  if (next.type !== 'released') throw new Error(`a turn ended with ${next.type} instead of released`);
}

/**
 * Gives each of `size` idle conversations one message that leaves nothing but a session and its id. `kind`: other
 * ones than those of another kind.
 */
export const fill = (store, size, kind = 'person') =>
  each(size, TOGETHER, (person) => message(store, nameOf(person, kind), noise(16, 0), []));

const IN = noise(INBOX_BYTES, 'in');
const OUT = noise(OUTBOX_BYTES, 'out');

/** Microseconds of processor time a turn: of this process, and of each further one that `cpuOfOthers` reads. */
export async function costOfTurns(store, size, turns, cpuOfOthers) {
  const others = cpuOfOthers();
  const before = process.cpuUsage();
  const began = events;
  await each(turns, LANES, async (turn) => {
    // Spread over all, and no two under way are the same.
    const conversation = nameOf(((began + turn) * 7919) % size);
    await message(store, conversation, IN, [{ id: `${conversation}.${String(turn)}`, payload: OUT }]);
  });
  const { user, system } = process.cpuUsage(before);
  const after = cpuOfOthers();
  return [user + system, ...others.map((us, at) => (after[at] ?? 0) - (us ?? 0))].map((us) => us / turns);
}

/** Its used memory once nothing changes any more: tables that grow are there twice for a while. */
async function usedMemory(client) {
  for (let [last, calm] = [0, 0]; ; await wait(100)) {
    const info = await client.info('memory');
    const field = (name) => Number(new RegExp(`^${name}:(\\d+)`, 'mu').exec(info)?.[1] ?? 0);
    const used = field('used_memory') - field('mem_clients_normal') - field('mem_aof_buffer');
    calm = Math.abs(used - last) < used * 0.0005 ? calm + 1 : 0;
    if (calm === 5) return used;
    last = used;
  }
}

const log = createLog('warn');

export async function openRedis(folder) {
  const redis = await startRedis(folder);
  const client = new Redis(redis.url);
  const store = await createRedisStore({ url: redis.url, leaseMs: LEASE_MS, log });
  const close = async () => {
    await store.close();
    client.disconnect();
    await redis.stop();
  };
  return { store, pids: [redis.pid], bytes: () => usedMemory(client), close };
}

export async function openEmbedded(folder) {
  const store = await createEmbeddedStore({ folder, leaseMs: LEASE_MS, log });
  const bytes = async () => {
    const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).blocks * 512);
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  };
  return { store, pids: [], bytes, close: () => store.close() };
}
