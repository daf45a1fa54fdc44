import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createLog } from '../../src/log.ts';
import { openRedis, type RedisConnection } from '../../src/store/redis-connection.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis.ts';
import { replicasAre } from '../support/redis-cluster.ts';

const log = createLog('silent');

describeWithRedis('the health of Redis', () => {
  let master: RedisServer;
  let replica: RedisServer;
  let raw: Redis;
  const open: RedisConnection[] = [];
  beforeAll(async () => {
    const quick = ['--repl-diskless-sync-delay', '0'];
    master = await startRedis([...quick, '--min-replicas-to-write', '1']);
    replica = await startRedis([...quick, '--replicaof', '127.0.0.1', String(master.port)]);
    raw = new Redis(master.url);
    await replicasAre(raw, 1);
  });
  afterEach(() => {
    for (const one of open.splice(0)) one.close();
  });
  afterAll(async () => {
    raw.disconnect();
    await replica.stop();
    await master.stop();
  });
  async function connect(replicas: number, url = master.url): Promise<RedisConnection> {
    const options = { url, replicas, onDisk: false, log, prepare: () => undefined, migrations: new Map() };
    const connection = await openRedis(options);
    open.push(connection);
    return connection;
  }

  test('is good, without a word, when all is set up as the guide tells', async () => {
    expect(await (await connect(1)).health()).toEqual({ ok: true, warnings: [] });
  });

  test('is asked for often, so it is one write; how the server is set up is asked once', async () => {
    const redis = await connect(0);
    await redis.health();
    const commands = async (): Promise<string> => await raw.info('commandstats');
    await raw.config('RESETSTAT');
    for (let i = 0; i < 10; i += 1) await redis.health();
    const stats = await commands();
    expect(/cmdstat_set:calls=(\d+)/.exec(stats)?.[1]).toBe('10');
    expect(stats).not.toContain('cmdstat_info');
  });

  test('warns of what replication needs and does not have', async () => {
    await raw.config('SET', 'min-replicas-to-write', '0');
    try {
      const { warnings } = await (await connect(1)).health();
      expect(warnings).toEqual([expect.stringContaining('Set "min-replicas-to-write 1"')]);
      expect((await (await connect(0)).health()).warnings).toEqual([]);
    } finally {
      await raw.config('SET', 'min-replicas-to-write', '1');
    }
  });

  test('is bad when fewer replicas have what is written than are asked for', async () => {
    expect(await (await connect(2)).health()).toEqual({
      ok: false,
      warnings: [expect.stringContaining('the write reached 1 of 2 replicas')],
    });
  });

  test('is bad at a replica, which takes no writes', async () => {
    expect(await (await connect(0, replica.url)).health()).toEqual({
      ok: false,
      warnings: [expect.stringContaining('READONLY')],
    });
  });

  test('tells of keys that a newer Lotse has laid out anew', async () => {
    await raw.set('lotse:{schema}', '1000');
    try {
      expect(await (await connect(0)).health()).toEqual({
        ok: false,
        warnings: [expect.stringContaining('Update this Lotse')],
      });
    } finally {
      await raw.del('lotse:{schema}');
    }
  });
});
