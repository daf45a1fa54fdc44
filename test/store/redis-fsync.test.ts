import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createLog } from '../../src/log.ts';
import { createRedisStore } from '../../src/store/redis.ts';
import { StoreUnavailable, type Store } from '../../src/store/store.ts';
import { replicasAre } from '../support/redis-cluster.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis.ts';
import { idOf, newConversation, text } from './conformance.ts';

const log = createLog('silent');
const arrival = (n: number): Parameters<Store['accept']>[0] => ({
  conversation: newConversation(),
  id: idOf(n),
  payload: text(String(n)),
});

/** Whichever version is installed: what it can do is shown with it, what it cannot do is to be said. */
describeWithRedis('what disks must hold', () => {
  let master: RedisServer;
  let replica: RedisServer;
  let raw: Redis;
  let canWait = false;
  const open: Store[] = [];

  beforeAll(async () => {
    const always = ['--appendfsync', 'always', '--repl-diskless-sync-delay', '0'];
    master = await startRedis(always);
    replica = await startRedis([...always, '--replicaof', '127.0.0.1', String(master.port)]);
    raw = new Redis(master.url);
    await replicasAre(raw, 1);
    const [known] = await raw.command('INFO', 'waitaof');
    canWait = known !== null;
  });
  afterEach(async () => {
    for (const store of open.splice(0)) await store.close();
  });
  afterAll(async () => {
    raw.disconnect();
    await replica.stop();
    await master.stop();
  });

  async function connect(replicas: number): Promise<Store> {
    const store = await createRedisStore({ url: master.url, replicas, onDisk: true, leaseMs: 30_000, log });
    open.push(store);
    return store;
  }
  const refused = new StoreUnavailable(
    'STORE_FSYNC=on needs Redis 7.2 or later, or Valkey: this server has no WAITAOF',
  );

  test.each([0, 1])('a message counts once it is on disk here and on %i replicas', async (replicas) => {
    const store = await connect(replicas);
    if (!canWait) {
      await expect(store.accept(arrival(1))).rejects.toThrow(refused);
      expect(await store.health()).toMatchObject({
        ok: false,
        warnings: [expect.stringContaining(refused.message)],
      });
      return;
    }
    await raw.config('RESETSTAT');
    const all = Array.from({ length: 200 }, (_, n) => arrival(n));
    for (const { type } of await Promise.all(all.map((one) => store.accept(one))))
      expect(type).toBe('leased');
    const waits = Number(/cmdstat_waitaof:calls=(\d+)/.exec(await raw.info('commandstats'))?.[1]);
    expect(waits).toBeGreaterThan(0);
    expect(waits).toBeLessThan(50);
    expect(await store.accept(all[0]!)).toEqual({ type: 'duplicate' });
    expect(await store.health()).toMatchObject({ ok: true });
  });

  test('too few disks: rejected, and said which', async () => {
    const store = await connect(2);
    await expect(store.accept(arrival(2))).rejects.toThrow(
      canWait
        ? new StoreUnavailable("Redis: the write reached 1 of 2 replicas' disks within 3000 ms")
        : refused,
    );
  });

  test('a server without an append-only file: rejected, and said how to mend it', async () => {
    const store = await connect(0);
    await raw.config('SET', 'appendonly', 'no');
    try {
      await expect(store.accept(arrival(3))).rejects.toThrow(
        canWait
          ? new StoreUnavailable('STORE_FSYNC=on needs "appendonly yes" in redis.conf, here and on replicas')
          : refused,
      );
    } finally {
      await raw.config('SET', 'appendonly', 'yes');
    }
  });
});
