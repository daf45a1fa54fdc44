import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createLog } from '../../src/log.ts';
import {
  guardSchema,
  keysMatching,
  SCHEMA_KEY,
  type Migrations,
  type Schema,
} from '../../src/store/redis-schema.ts';
import { StoreUnavailable } from '../../src/store/store.ts';
import { eventually } from '../support/lotse.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis.ts';

const log = createLog('silent');
const RECHECK_MS = 20;

describeWithRedis('the layout of keys', () => {
  let server: RedisServer;
  let raw: Redis;
  const opened: { schema: Schema; client: Redis }[] = [];

  beforeAll(async () => {
    server = await startRedis();
    raw = new Redis(server.url);
  });
  beforeEach(() => raw.flushall());
  afterEach(() => {
    for (const { schema, client } of opened.splice(0)) {
      schema.stop();
      client.disconnect();
    }
  });
  afterAll(async () => {
    raw.disconnect();
    await server.stop();
  });

  /** A node whose version of Lotse knows this layout. */
  function node(version: number, migrations: Migrations = new Map()): Schema {
    const client = new Redis(server.url, { retryStrategy: () => 10, maxRetriesPerRequest: 0 });
    client.on('error', () => undefined);
    const schema = guardSchema({ client, log, version, migrations, recheckMs: RECHECK_MS });
    opened.push({ schema, client });
    return schema;
  }
  const becomesReady = (schema: Schema): Promise<string> =>
    eventually(
      () => schema.ready().then(() => 'ready', String),
      (answer) => answer === 'ready',
    );
  /** Renames every key of a layout to the next; safe to run again. */
  const renaming: Migrations = new Map(
    [1, 2, 3].map((at) => [
      at,
      async (client) => {
        for await (const keys of keysMatching(client, `lotse:{*}:v${String(at)}:*`))
          for (const key of keys)
            await client.renamenx(key, key.replace(`v${String(at)}`, `v${String(at + 1)}`));
      },
    ]),
  );

  test('an empty server gets that of this version', async () => {
    await node(2).ready();
    expect(await raw.get(SCHEMA_KEY)).toBe('2');
    expect(await raw.ttl(SCHEMA_KEY)).toBe(-1);
  });

  test('keys of other programs, and of the health check, are not taken for ours', async () => {
    await raw.mset('other:key', '1', 'lotse:{1}:health', '1');
    await node(3).ready();
    expect(await raw.get(SCHEMA_KEY)).toBe('3');
  });

  test('keys without a number are those of the first layout, and go through every step', async () => {
    const names = Array.from({ length: 3_000 }, (_, n) => `lotse:{${String(n % 64)}}:v1:${String(n)}`);
    await raw.mset(...names.flatMap((name) => [name, 'x']));
    const schema = node(4, renaming);
    await expect(schema.ready()).rejects.toThrow('its keys are being changed to layout 4');
    expect(schema.isReady()).toBe(false);
    await becomesReady(schema);
    expect(await raw.get(SCHEMA_KEY)).toBe('4');
    expect((await raw.keys('lotse:{*}:v4:*')).length).toBe(3_000);
    expect(await raw.exists(`${SCHEMA_KEY}:lock`)).toBe(0);
  });

  test('one node changes it, the others wait', async () => {
    await raw.set(SCHEMA_KEY, '1');
    let runs = 0;
    const once: Migrations = new Map([
      [
        1,
        async () => {
          runs += 1;
          await new Promise((resolve) => setTimeout(resolve, 3 * RECHECK_MS));
        },
      ],
    ]);
    await Promise.all([node(2, once), node(2, once), node(2, once)].map(becomesReady));
    expect(runs).toBe(1);
  });

  test('a node that runs an older version stops before anything is changed', async () => {
    const old = node(1);
    await old.ready();
    let oldWasReady: boolean | undefined;
    const watching: Migrations = new Map([
      [
        1,
        () => {
          oldWasReady = old.isReady();
          return Promise.resolve();
        },
      ],
    ]);
    await becomesReady(node(2, watching));
    expect(oldWasReady).toBe(false);
    await expect(old.ready()).rejects.toThrow(
      new StoreUnavailable(
        'Redis: a newer Lotse keeps its data here (layout 2, this one knows 1). Update this Lotse.',
      ),
    );
  });

  test('what a node that died left half done is finished by another', async () => {
    await raw.mset('lotse:{1}:v1:left', 'x', 'lotse:{1}:v2:done', 'x', SCHEMA_KEY, '1>2');
    await becomesReady(node(2, renaming));
    expect((await raw.keys('lotse:{1}:*')).sort()).toEqual(['lotse:{1}:v2:done', 'lotse:{1}:v2:left']);
  });

  test('a step that fails leaves the number as it was, and is tried again', async () => {
    await raw.set(SCHEMA_KEY, '1');
    let tries = 0;
    const failing: Migrations = new Map([
      [
        1,
        () => {
          tries += 1;
          return tries < 3 ? Promise.reject(new Error('a made-up failure')) : Promise.resolve();
        },
      ],
    ]);
    await becomesReady(node(2, failing));
    expect(tries).toBe(3);
  });

  test('something else under our name is named', async () => {
    await raw.set(SCHEMA_KEY, 'two');
    await expect(node(2).ready()).rejects.toThrow('is another program using the keys lotse:*?');
  });

  test('a server that comes later is asked then, and again when it comes back', async () => {
    const schema = node(2);
    await schema.ready();
    await server.kill();
    await server.start();
    await eventually(
      () => raw.set(SCHEMA_KEY, '3').catch(() => null),
      (answer) => answer === 'OK',
    );
    await eventually(
      () => schema.ready().then(() => 'ready', String),
      (answer) => answer.includes('layout 3'),
    );
    expect(schema.isReady()).toBe(false);
  });
});

describe('a server that is away', () => {
  test('refuses every call until its layout is known', async () => {
    const client = new Redis({
      port: 1,
      lazyConnect: true,
      enableOfflineQueue: false,
      retryStrategy: () => null,
    });
    client.on('error', () => undefined);
    const schema = guardSchema({ client, log, migrations: new Map() });
    await expect(schema.ready()).rejects.toBeInstanceOf(StoreUnavailable);
    expect(schema.isReady()).toBe(false);
    schema.stop();
    client.disconnect();
  });
});
