import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { createLog } from '../../src/log.ts';
import { createRedisStore } from '../../src/store/redis.ts';
import { StoreUnavailable, type Store } from '../../src/store/store.ts';
import { temporaryFolder } from '../support/lotse.ts';
import { describeWithRedis, freePort, startRedis, type RedisServer } from '../support/redis.ts';
import { idOf, leased, newConversation, text, turn } from './conformance.ts';

const run = promisify(execFile);
const log = createLog('silent');

/** As docs/operators.md tells it. */
const RIGHTS =
  '~lotse:* resetchannels -@all +@read +@write +@connection -@dangerous +eval +evalsha +time +info +wait +cluster|slots +cluster|info';

/** Every kind of call once. */
async function useAll(store: Store): Promise<void> {
  const conversation = newConversation();
  const arrival = { conversation, id: idOf(1), payload: text('1') };
  const { lease } = leased(await store.accept(arrival));
  expect(await store.accept(arrival)).toEqual({ type: 'duplicate' });
  const outbox = [{ id: `${conversation}.a`, payload: text('a') }];
  expect(await store.commit(lease, turn({ outbox }))).toMatchObject({ type: 'send' });
  expect(await store.settle(lease, `${conversation}.a`, { type: 'retry', delayMs: 1 })).toMatchObject({});
  expect(await store.confirm(conversation, `${conversation}.a`)).toBe(true);
  await store.due(10);
  await store.release(lease);
  expect(await store.own('name', 'holder', 1_000)).toBe(true);
  await store.forget(conversation);
  expect(await store.health()).toMatchObject({ ok: true });
}

describeWithRedis('who may use Redis', () => {
  let server: RedisServer;
  let raw: Redis;
  beforeAll(async () => {
    server = await startRedis();
    raw = new Redis(server.url);
    await raw.call('ACL', 'SETUSER', 'lotse', 'on', '>s3cr/t@', ...RIGHTS.split(' '));
  });
  afterAll(async () => {
    raw.disconnect();
    await server.stop();
  });
  const urlWith = (userinfo: string): string => server.url.replace('//', `//${userinfo}@`);

  test('a user with no more rights than the guide tells can do all, and no harm', async () => {
    const url = urlWith(`lotse:${encodeURIComponent('s3cr/t@')}`);
    const store = await createRedisStore({ url, leaseMs: 30_000, log });
    try {
      await useAll(store);
      expect(await store.health()).toEqual({ ok: true, warnings: [] });
    } finally {
      await store.close();
    }
    const user = new Redis(url, { username: 'lotse', password: 's3cr/t@' });
    try {
      for (const [name, ...parts] of [
        ['FLUSHALL'],
        ['KEYS', '*'],
        ['CONFIG', 'GET', '*'],
        ['GET', 'other'],
        ['SHUTDOWN'],
      ])
        await expect(user.call(name!, ...parts)).rejects.toThrow(/NOPERM|permissions/);
    } finally {
      user.disconnect();
    }
  });

  test('a wrong password is a server that cannot be used, and is not logged', async () => {
    const lines: string[] = [];
    const hearing = createLog('warn', { write: (line) => void lines.push(line) });
    const store = await createRedisStore({ url: urlWith('lotse:hunter2'), leaseMs: 30_000, log: hearing });
    try {
      await expect(store.due(1)).rejects.toBeInstanceOf(StoreUnavailable);
      expect(lines.join('')).toContain('WRONGPASS');
      expect(lines.join('')).not.toContain('hunter2');
    } finally {
      await store.close();
    }
  });
});

describeWithRedis('Redis behind TLS', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: RedisServer;
  let url: string;
  let ca: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    ca = join(folder.path, 'cert.pem');
    const key = join(folder.path, 'key.pem');
    const made = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
    ];
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    await run('openssl', [...made, '-keyout', key, '-out', ca, ...names]);
    const port = await freePort();
    const files = ['--tls-cert-file', ca, '--tls-key-file', key, '--tls-ca-cert-file', ca];
    server = await startRedis(['--tls-port', String(port), '--tls-auth-clients', 'no', ...files]);
    url = `rediss://127.0.0.1:${String(port)}`;
  });
  afterAll(async () => {
    await server.stop();
    await folder.remove();
  });

  test('is used with the certificates that were given', async () => {
    const store = await createRedisStore({ url, ca, leaseMs: 30_000, log });
    try {
      await useAll(store);
    } finally {
      await store.close();
    }
  });

  test('is not trusted without them', async () => {
    const store = await createRedisStore({ url, leaseMs: 30_000, log });
    try {
      await expect(store.due(1)).rejects.toBeInstanceOf(StoreUnavailable);
    } finally {
      await store.close();
    }
  });

  test('certificates that cannot be read are named', async () => {
    const created = createRedisStore({ url, ca: join(folder.path, 'none.pem'), leaseMs: 30_000, log });
    await expect(created).rejects.toThrow(/STORE_CA: the file .*none\.pem cannot be read \(ENOENT\)/);
  });
});
