import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createLog } from '../../src/log.ts';
import { createRedisStore } from '../../src/store/redis.ts';
import { StoreUnavailable, type Store } from '../../src/store/store.ts';
import { describeWithRedis, freePort, startRedis, type RedisServer } from '../support/redis.ts';
import { idOf, leased, newConversation, text, turn } from './conformance.ts';

const log = createLog('silent');
const LEASE_MS = 200;

describeWithRedis('the Redis store when its server is away', () => {
  let server: RedisServer;
  let store: Store;
  const conversation = newConversation();
  const arrival = (n: number): Parameters<Store['accept']>[0] => ({
    conversation,
    id: idOf(n),
    payload: text(String(n)),
  });

  beforeEach(async () => {
    server = await startRedis();
    store = await createRedisStore({ url: server.url, leaseMs: LEASE_MS, log });
  });
  afterEach(async () => {
    await store.close();
    await server.stop();
  });

  async function everyMethodRejects(): Promise<void> {
    const lease = { conversation, epoch: 1 };
    const calls = [
      store.accept(arrival(9)),
      store.commit(lease, turn()),
      store.settle(lease, `${conversation}.a`, { type: 'sent' }),
      store.confirm(conversation, `${conversation}.a`),
      store.due(10),
      store.release(lease),
      store.forget(conversation),
      store.own('name', 'holder', 1_000),
    ];
    for (const call of await Promise.allSettled(calls))
      expect(call).toEqual({ status: 'rejected', reason: expect.any(StoreUnavailable) });
    expect(await store.health()).toEqual({
      ok: false,
      warnings: [expect.stringContaining('takes no writes')],
    });
  }

  async function untilHealthy(): Promise<void> {
    while (!(await store.health()).ok) await new Promise(setImmediate);
  }

  test('killed: every call rejects; restarted: what was acknowledged is found again', async () => {
    const { lease } = leased(await store.accept(arrival(1)));
    await store.commit(lease, turn({ outbox: [{ id: `${conversation}.a`, payload: text('reply') }] }));
    expect((await store.accept(arrival(2))).type).toBe('queued');
    await server.kill();
    await everyMethodRejects();
    await server.start();
    await untilHealthy();
    expect(await store.accept(arrival(1))).toEqual({ type: 'duplicate' });
    let works = await store.due(10);
    while (works.length === 0) works = await store.due(10);
    expect(works).toEqual([
      {
        lease: { conversation, epoch: expect.any(Number) },
        session: text('session'),
        inbox: [{ id: idOf(2), payload: text('2') }],
        send: null,
        alarm: false,
        tries: 1,
      },
    ]);
    const next = await store.commit(works[0]!.lease, turn());
    expect(next).toMatchObject({ type: 'send', entry: { payload: text('reply'), attempts: 2 } });
    expect(await store.commit(lease, turn({ consumed: 0 }))).toEqual({ type: 'lost' });
  });

  test('silent: every call rejects before a platform gives up waiting, and work resumes when it answers', async () => {
    leased(await store.accept(arrival(1)));
    process.kill(server.pid(), 'SIGSTOP');
    try {
      await everyMethodRejects();
    } finally {
      process.kill(server.pid(), 'SIGCONT');
    }
    await untilHealthy();
    expect(await store.accept(arrival(1))).toEqual({ type: 'duplicate' });
  });

  describe('from the start', () => {
    test('the store waits for its server, and names the address without its password', async () => {
      const port = await freePort();
      const lines: string[] = [];
      const hearing = createLog('warn', { write: (line) => void lines.push(line) });
      const url = `redis://user:hidden@127.0.0.1:${String(port)}`;
      const waiting = await createRedisStore({ url, leaseMs: LEASE_MS, log: hearing });
      try {
        await expect(waiting.accept(arrival(1))).rejects.toBeInstanceOf(StoreUnavailable);
        expect((await waiting.health()).ok).toBe(false);
        expect(lines.join('')).toContain(`redis://127.0.0.1:${String(port)}`);
        expect(lines.join('')).not.toContain('hidden');
      } finally {
        await waiting.close();
      }
    });

    test('a cluster address without ports is explained', async () => {
      const created = createRedisStore({ url: 'redis-cluster://one,two', leaseMs: LEASE_MS, log });
      await expect(created).rejects.toThrow('address 1 must look like host:port');
    });
  });
});
