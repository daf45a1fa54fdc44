import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { open } from 'lmdb';
import { createLog } from '../../src/log.ts';
import { createEmbeddedStore } from '../../src/store/embedded.ts';
import { migrations } from '../../src/store/redis-migrations.ts';
import { SCHEMA_KEY } from '../../src/store/redis-schema.ts';
import { defineScripts, keysOf } from '../../src/store/redis-scripts.ts';
import { createRedisStore } from '../../src/store/redis.ts';
import type { Store } from '../../src/store/store.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis.ts';
import { DAY_MS, idOf, LEASE_MS, leased, newConversation, text, turn } from './conformance.ts';

/** What version 1 held of three people: one idle, one whose message waits, one whose reply waits. */
const [idle, asking, waiting] = [newConversation(), newConversation(), newConversation()];
const seconds = Math.floor(Date.now() / 1000);

const seenOf = (n: number): Buffer => {
  const seen = Buffer.alloc(12);
  idOf(n).copy(seen);
  seen.writeUInt32LE(seconds, 8);
  return seen;
};

/** Everything of version 1 is found again under version 2, whichever store it is. */
async function holdsAllOfVersion1(store: Store): Promise<void> {
  const found = new Map((await store.due(10)).map((work) => [work.lease.conversation, work]));
  expect([...found.keys()].sort()).toEqual([asking, waiting].sort());
  expect(found.get(asking)).toMatchObject({
    session: text('session of asking'),
    inbox: [{ id: idOf(2), payload: text('a question') }],
  });
  expect(found.get(waiting)).toMatchObject({
    send: { id: `${waiting}.reply`, payload: text('a reply'), attempts: 3 },
  });
  for (const [conversation, n] of [
    [idle, 1],
    [asking, 2],
  ] as const)
    expect(await store.accept({ conversation, id: idOf(n), payload: text('again') })).toEqual({
      type: 'duplicate',
    });
  const work = leased(await store.accept({ conversation: idle, id: idOf(9), payload: text('new') }));
  expect(work.session).toEqual(text('session of idle'));
  expect(await store.commit(work.lease, turn())).toEqual({ type: 'released' });
}

describe('the embedded store of version 1', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lotse-store-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function writeVersion1(): Promise<void> {
    const root = open({ path: folder, noSubdir: false, encoding: 'binary' });
    const conversations = root.openDB<unknown, string>({ name: 'conversations', encoding: 'msgpack' });
    const sessions = root.openDB<Buffer, string>({ name: 'sessions', encoding: 'binary' });
    const seen = root.openDB<Buffer, string>({ name: 'seen', encoding: 'binary' });
    const due = root.openDB<Buffer, [number, string]>({ name: 'due', encoding: 'binary' });
    const expiry = Buffer.alloc(8);
    expiry.writeDoubleLE(Date.now() + DAY_MS);
    const none = { lease: null, alarmAtMs: null, inbox: [], outbox: [] };
    const entry = {
      id: `${waiting}.reply`,
      payload: text('a reply'),
      attempts: 2,
      sinceMs: Date.now(),
      notBeforeMs: Date.now(),
    };
    await sessions.put(idle, Buffer.concat([expiry, text('session of idle')]));
    await sessions.put(asking, Buffer.concat([expiry, text('session of asking')]));
    await seen.put(idle, seenOf(1));
    await seen.put(asking, seenOf(2));
    await conversations.put(asking, { ...none, inbox: [{ id: idOf(2), payload: text('a question') }] });
    await conversations.put(waiting, { ...none, outbox: [entry] });
    await due.put([0, asking], Buffer.alloc(0));
    await due.put([entry.notBeforeMs, waiting], Buffer.alloc(0));
    await root.close();
  }

  test('is brought to the present form when it is opened, and only once', async () => {
    await writeVersion1();
    const store = await createEmbeddedStore({ folder, leaseMs: LEASE_MS });
    await holdsAllOfVersion1(store);
    await store.close();
    const again = await createEmbeddedStore({ folder, leaseMs: LEASE_MS });
    expect(await again.accept({ conversation: idle, id: idOf(9), payload: text('new') })).toEqual({
      type: 'duplicate',
    });
    await again.close();
  });

  test('of a later version is refused, in words, and left alone', async () => {
    const root = open({ path: folder, noSubdir: false, encoding: 'binary' });
    await root.openDB<number, string>({ name: 'counters', encoding: 'msgpack' }).put('schema', 99);
    await root.close();
    await expect(createEmbeddedStore({ folder, leaseMs: LEASE_MS })).rejects.toThrow(
      /later version of Lotse .* update Lotse/u,
    );
  });
});

describeWithRedis('the Redis store of version 1', () => {
  let server: RedisServer;
  let raw: Redis;
  beforeEach(async () => {
    server = await startRedis();
    raw = new Redis(server.url);
  });
  afterEach(async () => {
    raw.disconnect();
    await server.stop();
  });

  async function writeVersion1(): Promise<void> {
    const keys = (conversation: string): Record<'s' | 'n' | 'l' | 'i' | 'o' | 'due' | 'epoch', string> => {
      const { due } = keysOf(conversation);
      const shard = due.slice(0, -'due'.length);
      const of = (kind: string): string => `${shard}${kind}:${conversation}`;
      return { s: of('s'), n: of('n'), l: of('l'), i: of('i'), o: of('o'), due, epoch: `${shard}epoch` };
    };
    await raw.set(keys(idle).s, 'session of idle', 'PX', DAY_MS);
    await raw.set(keys(idle).n, seenOf(1), 'PX', DAY_MS);
    await raw.set(keys(asking).s, 'session of asking', 'PX', DAY_MS);
    await raw.set(keys(asking).n, seenOf(2), 'PX', DAY_MS);
    await raw.rpush(keys(asking).i, Buffer.concat([idOf(2), text('a question')]));
    // A lease that a node held when it was stopped.
    const state = Buffer.alloc(24);
    state.writeDoubleLE(Date.now() * 1000, 0);
    state.writeDoubleLE(Date.now() - 1, 8);
    await raw.set(keys(asking).l, state);
    await raw.zadd(keys(asking).due, Date.now() - 1, asking);
    const id = Buffer.from(`${waiting}.reply`);
    const header = Buffer.alloc(21);
    header.writeUInt32LE(2, 0);
    header.writeDoubleLE(Date.now(), 4);
    header.writeDoubleLE(Date.now(), 12);
    header.writeUInt8(id.length, 20);
    await raw.rpush(keys(waiting).o, Buffer.concat([header, id, text('a reply')]));
    await raw.zadd(keys(waiting).due, Date.now(), waiting);
    await raw.set(keys(waiting).epoch, '1');
  }

  const migrate = async (): Promise<void> => {
    const client = new Redis(server.url);
    defineScripts(client, { clock: "redis.call('TIME')", leaseMs: LEASE_MS, awaited: false });
    await migrations.get(1)!(client, new AbortController().signal);
    client.disconnect();
  };

  test('is brought to the present form, also when that was begun before', async () => {
    await writeVersion1();
    await migrate();
    await migrate();
    await raw.set(SCHEMA_KEY, '2');
    const left = (await raw.keys('*')).filter((key) => /:[snlio]:|:epoch$/u.test(key));
    expect(left).toEqual([]);
    const store = await createRedisStore({ url: server.url, leaseMs: LEASE_MS, log: createLog('silent') });
    await holdsAllOfVersion1(store);
    await store.close();
  });
});
