import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createLog } from '../../src/log.ts';
import { createRedisStore } from '../../src/store/redis.ts';
import { SEEN_MS, type Store, type Work } from '../../src/store/store.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis.ts';
import {
  conforms,
  DAY_MS,
  idOf,
  LEASE_MS,
  leased,
  newConversation,
  text,
  turn,
  type Bench,
} from './conformance.ts';
import { KILLED_LEASE_MS, survivesKill } from './killed.ts';
import { agreesWithModel } from './model.ts';

/** What the server's TIME would say if it were the time the test set. */
const TEST_CLOCK = "{ redis.call('GET', 'test:now'), 0 }";
const log = createLog('silent');

/** Asks until the answer is there; Redis keeps its own time. */
async function until<T>(ask: () => Promise<T | null | undefined | false>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
  }
}

describeWithRedis('the Redis store', () => {
  let server: RedisServer;
  let raw: Redis;

  beforeAll(async () => {
    server = await startRedis();
    raw = new Redis(server.url);
  });
  afterAll(async () => {
    raw.disconnect();
    await server.stop();
  });

  async function createBench(): Promise<Bench> {
    await raw.flushall();
    const stores: Store[] = [];
    let now = Date.now();
    const set = async (): Promise<void> => {
      await raw.set('test:now', String(now / 1000));
    };
    await set();
    return {
      async open() {
        const store = await createRedisStore({ url: server.url, leaseMs: LEASE_MS, log, clock: TEST_CLOCK });
        stores.push(store);
        return store;
      },
      now: () => now,
      async advance(ms) {
        now += ms;
        await set();
      },
      async end() {
        for (const store of stores) await store.close();
      },
    };
  }

  describe('the contract', () => {
    conforms(createBench);
  });
  agreesWithModel(createBench);

  describe('over kill -9', () => {
    survivesKill(async () => {
      await raw.flushall();
      return {
        where: server.url,
        open: () => createRedisStore({ url: server.url, leaseMs: KILLED_LEASE_MS, log }),
        end: () => Promise.resolve(),
      };
    });
  });

  describe('by the clock of the server', () => {
    let store: Store;
    let conversation: string;
    beforeEach(async () => {
      await raw.flushall();
      conversation = newConversation();
      store = await createRedisStore({ url: server.url, leaseMs: 60, log });
    });
    afterEach(() => store.close());
    const arrive = (n: number): ReturnType<Store['accept']> =>
      store.accept({ conversation, id: idOf(n), payload: text(String(n)) });
    const firstDue = (): Promise<Work> => until(async () => (await store.due(1))[0]);

    test('a lease that runs out is swept, and who held it is fenced', async () => {
      const { lease } = leased(await arrive(1));
      const work = await firstDue();
      expect(work.inbox).toEqual([{ id: idOf(1), payload: text('1') }]);
      expect(work.lease.epoch).toBeGreaterThan(lease.epoch);
      expect(await store.commit(lease, turn())).toEqual({ type: 'lost' });
    });

    test('a grace period ends', async () => {
      const { lease } = leased(await arrive(1));
      const outboxId = `${conversation}.a`;
      await store.commit(lease, turn({ outbox: [{ id: outboxId, payload: text('a') }] }));
      expect(await store.settle(lease, outboxId, { type: 'unclear', graceMs: 30 })).toEqual({
        type: 'released',
      });
      expect((await firstDue()).send).toMatchObject({ id: outboxId, attempts: 2 });
    });

    test('a session is gone once it was untouched for as long as it was to be kept', async () => {
      await store.commit(leased(await arrive(1)).lease, turn({ keepMs: 20 }));
      const session = await until(async () => {
        const work = leased(await arrive(Date.now() % 1_000_000_000));
        await store.commit(
          work.lease,
          turn({ session: work.session, keepMs: 20, consumed: work.inbox.length }),
        );
        await new Promise((resolve) => setTimeout(resolve, 30));
        return work.session === null ? 'gone' : undefined;
      });
      expect(session).toBe('gone');
    });

    test('an idle conversation is a session and its seen ids, and every key expires', async () => {
      const { lease } = leased(await arrive(1));
      await arrive(2);
      const outbox = [{ id: `${conversation}.a`, payload: text('a') }];
      await store.commit(lease, turn({ outbox, alarmAtMs: Date.now() + DAY_MS }));
      const names = async (): Promise<string[]> =>
        (await raw.keys('lotse:{[0-9]*')).map((key) => key.replace(/^.*}:/, '')).sort();
      expect(await names()).toEqual([conversation, 'due'].sort());
      for (const key of await raw.keys('lotse:{[0-9]*')) expect(await raw.pttl(key)).toBeGreaterThan(0);
      await store.settle(lease, outbox[0]!.id, { type: 'sent' });
      await store.commit(lease, turn());
      expect(await names()).toEqual([conversation]);
    });

    test('ids that came long ago move out of the record, and are known all the same', async () => {
      for (let n = 0; n < 200; n += 1) await store.commit(leased(await arrive(n)).lease, turn());
      const older = (await raw.keys('*:older:*'))[0]!;
      expect(await raw.pttl(older)).toBeGreaterThan(SEEN_MS - 60_000);
      expect(await raw.strlen(older)).toBeGreaterThanOrEqual(100 * 12);
      const record = (await raw.keys('lotse:{[0-9]*')).find((key) => key.endsWith(`}:${conversation}`))!;
      expect(await raw.strlen(record)).toBeLessThan(64 * 12 + 100);
      for (let n = 0; n < 200; n += 1) expect(await arrive(n)).toEqual({ type: 'duplicate' });
    });

    test('the keys of a conversation carry one hash tag', async () => {
      await arrive(1);
      const tags = (await raw.keys('lotse:{[0-9]*')).map((key) => /^lotse:\{\d+\}:/.exec(key)?.[0]);
      expect(new Set(tags).size).toBe(1);
      expect(tags).not.toContain(undefined);
    });
  });

  describe('its health', () => {
    const healthWith = async (settings: Record<string, string>): ReturnType<Store['health']> => {
      const store = await createRedisStore({ url: server.url, leaseMs: LEASE_MS, log });
      const before = { appendonly: 'yes', 'maxmemory-policy': 'noeviction', maxmemory: '0' };
      for (const [name, value] of Object.entries(settings)) await raw.config('SET', name, value);
      try {
        return await store.health();
      } finally {
        for (const [name, value] of Object.entries(before)) await raw.config('SET', name, value);
        await store.close();
      }
    };

    test('warns of a server that does not persist, or that evicts', async () => {
      const { ok, warnings } = await healthWith({ appendonly: 'no', 'maxmemory-policy': 'allkeys-lru' });
      expect(ok).toBe(true);
      expect(warnings).toEqual([
        expect.stringContaining('"appendonly yes"'),
        expect.stringContaining('maxmemory-policy allkeys-lru'),
      ]);
    });

    test('is bad when the server takes no writes', async () => {
      expect(await healthWith({ maxmemory: '1' })).toEqual({
        ok: false,
        warnings: [expect.stringContaining('OOM')],
      });
    });
  });
});
