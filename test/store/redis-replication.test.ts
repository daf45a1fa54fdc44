import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createLog } from '../../src/log.ts';
import { openRedis, type RedisConnection } from '../../src/store/redis-connection.ts';
import { createRedisStore } from '../../src/store/redis.ts';
import { StoreUnavailable } from '../../src/store/store.ts';
import { eventually } from '../support/lotse.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis.ts';
import { replicasAre } from '../support/redis-cluster.ts';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { idOf, newConversation, text } from './conformance.ts';

const log = createLog('silent');
const key = (n: number): string => `lotse:{1}:${String(n)}`;

describeWithRedis('what replicas must hold', () => {
  let master: RedisServer;
  let replica: RedisServer;
  let proxy: TcpProxy;
  let raw: Redis;
  const open: RedisConnection[] = [];

  beforeAll(async () => {
    const quick = ['--repl-diskless-sync-delay', '0'];
    master = await startRedis(quick);
    replica = await startRedis([...quick, '--replicaof', '127.0.0.1', String(master.port)]);
    raw = new Redis(master.url);
    proxy = await startProxy(master.port);
    await replicasAre(raw, 1);
  });
  afterEach(() => {
    for (const one of open.splice(0)) one.close();
    proxy.mode('open');
  });
  afterAll(async () => {
    raw.disconnect();
    await proxy.close();
    await replica.stop();
    await master.stop();
  });

  async function connectTo(port: number, replicas: number): Promise<RedisConnection> {
    const connection = await openRedis({
      url: `redis://127.0.0.1:${String(port)}`,
      replicas,
      onDisk: false,
      log,
      prepare: (client) => {
        client.defineCommand('lotseAccept', {
          numberOfKeys: 1,
          lua: "return redis.call('INCR', KEYS[1])",
        });
      },
      migrations: new Map(),
    });
    open.push(connection);
    return connection;
  }
  const increase = (to: RedisConnection, n: number): Promise<unknown> =>
    to.durable(key(n), (at) => at.lotseAcceptBuffer(key(n)));
  const stalled = async (work: () => Promise<void>): Promise<void> => {
    process.kill(replica.pid(), 'SIGSTOP');
    try {
      await work();
    } finally {
      process.kill(replica.pid(), 'SIGCONT');
    }
  };

  test('is held when the call resolves, and many calls share few WAITs', async () => {
    const redis = await connectTo(master.port, 1);
    const waits = async (): Promise<number> =>
      Number(/cmdstat_wait:calls=(\d+)/.exec(await raw.info('commandstats'))?.[1] ?? 0);
    await raw.config('RESETSTAT');
    const replies = await Promise.all(Array.from({ length: 500 }, (_, n) => increase(redis, 1000 + n)));
    expect(replies).toEqual(replies.map(() => 1));
    expect(await waits()).toBeLessThan(50);
    const copy = new Redis(replica.url);
    try {
      for (let n = 1000; n < 1500; n += 1) expect(await copy.get(key(n))).toBe('1');
    } finally {
      copy.disconnect();
    }
  });

  test('each call has its own reply, and one that fails fails alone', async () => {
    const redis = await connectTo(master.port, 1);
    await raw.set(key(2), 'no number');
    const calls = [increase(redis, 1), increase(redis, 2), increase(redis, 1)];
    expect(await Promise.allSettled(calls)).toEqual([
      { status: 'fulfilled', value: 1 },
      { status: 'rejected', reason: expect.objectContaining({ name: 'ReplyError' }) },
      { status: 'fulfilled', value: 2 },
    ]);
  });

  test('too few replicas: rejected, and said how many', async () => {
    const redis = await connectTo(master.port, 2);
    await expect(increase(redis, 3)).rejects.toThrow(
      new StoreUnavailable('Redis: the write reached 1 of 2 replicas within 1000 ms'),
    );
    expect(await redis.health()).toMatchObject({ ok: false, warnings: [expect.stringContaining('1 of 2')] });
  });

  test('a stalled replica stops what needs it and nothing else; when it is back, things go on', async () => {
    const redis = await connectTo(master.port, 1);
    await increase(redis, 4);
    await stalled(async () => {
      const state = { over: false };
      const needing = Promise.allSettled([increase(redis, 4), increase(redis, 5)]).finally(() => {
        state.over = true;
      });
      let others = 0;
      for (; !state.over; others += 1) await redis.plain((to) => to.get(key(4)));
      for (const call of await needing)
        expect(call).toEqual({ status: 'rejected', reason: expect.any(StoreUnavailable) });
      expect(others).toBeGreaterThan(20);
    });
    await eventually(
      () => increase(redis, 4).catch((error: unknown) => String(error)),
      (answer) => typeof answer === 'number',
    );
  });

  test('a connection made anew confirms nothing that was written over the one before', async () => {
    const redis = await connectTo(proxy.port, 1);
    await increase(redis, 6);
    await stalled(async () => {
      const call = increase(redis, 6).catch((error: unknown) => error);
      await eventually(
        () => raw.get(key(6)),
        (value) => value === '2',
      );
      proxy.cut();
      expect(await call).toBeInstanceOf(StoreUnavailable);
      // It is connected again at once, and nothing was written over this connection: WAIT alone would be content.
      await eventually(
        () => redis.plain((to) => to.ping()).catch(String),
        (answer) => answer === 'PONG',
      );
      await expect(increase(redis, 6)).rejects.toBeInstanceOf(StoreUnavailable);
    });
  });

  test('a script that the server has forgotten is sent anew, together with its WAIT', async () => {
    const redis = await connectTo(master.port, 1);
    await increase(redis, 7);
    const heard: string[] = [];
    const ear = await raw.monitor();
    try {
      ear.on('monitor', (_: string, [name = '', ...parts]: string[]) => {
        // Not what a script calls, nor what other connections ask meanwhile.
        if (/^(eval|evalsha|wait)$/i.test(name) && !parts.includes('lotse:{schema}'))
          heard.push(name.toLowerCase());
      });
      await raw.script('FLUSH');
      expect(await increase(redis, 7)).toBe(2);
      await eventually(
        () => Promise.resolve(heard.length),
        (count) => count >= 4,
      );
      expect(heard).toEqual(['evalsha', 'wait', 'eval', 'wait']);
    } finally {
      ear.disconnect();
    }
  });

  test('a message that came before is not acknowledged either until replicas have it', async () => {
    const options = { url: master.url, replicas: 1, leaseMs: 30_000, log };
    const nodes = [await createRedisStore(options), await createRedisStore(options)];
    const arrival = { conversation: newConversation(), id: idOf(1), payload: text('1') };
    const changes = async (): Promise<number> =>
      Number(/rdb_changes_since_last_save:(\d+)/.exec(await raw.info('persistence'))?.[1]);
    try {
      await stalled(async () => {
        for (const node of nodes)
          await expect(node.accept(arrival)).rejects.toThrow('the write reached 0 of 1 replicas');
      });
      // By its description WAIT counts only writes of its connection, though some versions count more.
      const before = await changes();
      expect(await nodes[1]!.accept(arrival)).toEqual({ type: 'duplicate' });
      expect(await changes()).toBeGreaterThan(before);
    } finally {
      for (const node of nodes) await node.close();
    }
  });

  test.each<[string, (proxy: TcpProxy) => void]>([
    [
      'a network cut without a word',
      (at) => {
        at.mode('black-hole');
      },
    ],
    [
      'a half-open connection',
      (at) => {
        at.halfOpen();
      },
    ],
    [
      'refused connections',
      (at) => {
        at.mode('closed');
        at.cut();
      },
    ],
  ])('%s: every call rejects in time, and all goes on afterwards', async (_, break_) => {
    const redis = await connectTo(proxy.port, 1);
    await increase(redis, 8);
    break_(proxy);
    const calls = [increase(redis, 8), redis.plain((to) => to.get(key(8)))];
    for (const call of await Promise.allSettled(calls))
      expect(call).toEqual({ status: 'rejected', reason: expect.any(StoreUnavailable) });
    proxy.mode('open');
    await eventually(
      () => Promise.all([increase(redis, 8), redis.plain((to) => to.get(key(8)))]).catch(String),
      (answer) => Array.isArray(answer),
    );
  });

  test('a slow network is waited for', async () => {
    const redis = await connectTo(proxy.port, 1);
    proxy.mode({ delayMs: 200 });
    expect(await increase(redis, 9)).toBe(1);
    expect(await redis.plain((to) => to.get(key(9)))).toBe('1');
  });
});

describeWithRedis('a failover to a replica that was cut off', () => {
  /** Acknowledged writes that are gone once the replica has taken over. */
  async function lostWith(replicas: number): Promise<{ acknowledged: number; lost: number }> {
    const quick = ['--repl-diskless-sync-delay', '0'];
    const master = await startRedis(quick);
    const between = await startProxy(master.port);
    const replica = await startRedis([...quick, '--replicaof', '127.0.0.1', String(between.port)]);
    const proxy = await startProxy(master.port);
    const raw = new Redis(master.url);
    raw.on('error', () => undefined);
    const promoted = new Redis(replica.url, { enableReadyCheck: false });
    let redis: RedisConnection | undefined;
    try {
      await replicasAre(raw, 1);
      const url = `redis://127.0.0.1:${String(proxy.port)}`;
      redis = await openRedis({
        url,
        replicas,
        onDisk: false,
        log,
        prepare: () => undefined,
        migrations: new Map(),
      });
      const to = redis;
      const acknowledged: number[] = [];
      const write = async (n: number): Promise<void> => {
        const done = await to.durable(key(n), (at) => at.set(key(n), '1')).catch(() => null);
        if (done !== null) acknowledged.push(n);
      };
      for (let n = 0; n < 1_000; n += 10)
        await Promise.all(Array.from({ length: 10 }, (_, i) => write(n + i)));
      expect(acknowledged).toHaveLength(1_000);
      between.mode('black-hole');
      await Promise.all(Array.from({ length: 500 }, (_, n) => write(1_000 + n)));
      await master.kill();
      await promoted.call('REPLICAOF', 'NO', 'ONE');
      proxy.lead(replica.port);
      await eventually(
        () => to.durable(key(0), (at) => at.set('lotse:{1}:back', '1')).catch(String),
        // There is no second replica in this test.
        (answer) => answer === 'OK' || String(answer).includes('0 of 1'),
      );
      const kept = await Promise.all(acknowledged.map((n) => to.plain((at) => at.get(key(n)))));
      return { acknowledged: acknowledged.length, lost: kept.filter((value) => value === null).length };
    } finally {
      redis?.close();
      raw.disconnect();
      promoted.disconnect();
      await proxy.close();
      await between.close();
      await replica.stop();
      await master.stop();
    }
  }

  test('loses what was acknowledged, unless replicas are waited for', async () => {
    const [without, waiting] = await Promise.all([lostWith(0), lostWith(1)]);
    // A busy machine may lose some more, which were under way when the network was cut.
    expect(without.lost).toBeGreaterThan(400);
    expect(without.acknowledged - without.lost).toBeLessThanOrEqual(1_000);
    expect(waiting).toEqual({ acknowledged: 1_000, lost: 0 });
  });
});
