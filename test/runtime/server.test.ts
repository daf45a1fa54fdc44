import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { Channel } from '../../src/channels/channel.ts';
import { createLog } from '../../src/log.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import { createServer } from '../../src/runtime/server.ts';
import { StoreUnavailable, type Store } from '../../src/store/store.ts';
import { eventually } from '../support/lotse.ts';

let app: FastifyInstance;
afterEach(() => app.close());

function serverWith(run: () => Promise<unknown>, health: Store['health']): { lines: string[] } {
  const lines: string[] = [];
  const channel: Channel = {
    name: 'test',
    render: () => [{}],
    send: () => Promise.resolve({ type: 'sent' }),
    routes: (routes) => void routes.post('/webhook', run),
  };
  const runtime: Runtime = {
    receive: () => () => Promise.resolve(),
    start: () => undefined,
    sweep: () => Promise.resolve(),
    idle: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
  const unused = (): never => {
    throw new Error('not asked for');
  };
  const store: Store = {
    accept: unused,
    commit: unused,
    settle: unused,
    confirm: unused,
    due: unused,
    release: unused,
    forget: unused,
    own: unused,
    counts: unused,
    dead: unused,
    exhume: unused,
    close: unused,
    health,
  };
  const log = createLog('info', { write: (line) => void lines.push(line) });
  app = createServer({ channels: [channel], runtime, store, log });
  return { lines };
}

const healthy: Store['health'] = () => Promise.resolve({ ok: true, warnings: [] });
const broken: Store['health'] = () => Promise.resolve({ ok: false, warnings: ['no answer'] });
const nothing = (): Promise<unknown> => Promise.resolve({});

test('an unreachable store answers webhooks with 503 and when to try again', async () => {
  serverWith(() => Promise.reject(new StoreUnavailable('gone')), healthy);
  const answer = await app.inject({ method: 'POST', url: '/webhook' });
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
});

test('readiness follows the store, liveness does not', async () => {
  serverWith(nothing, broken);
  expect((await app.inject('/health/ready')).statusCode).toBe(503);
  expect((await app.inject('/health/live')).statusCode).toBe(200);
});

test('an unforeseen failure is logged, and tells the outside nothing', async () => {
  const { lines } = serverWith(() => Promise.reject(new Error('inner detail')), healthy);
  const answer = await app.inject({ method: 'POST', url: '/webhook' });
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain('inner detail');
  expect(lines.join('')).toContain('inner detail');
});

test('what Fastify refuses keeps its status, and is no error of ours', async () => {
  const { lines } = serverWith(nothing, healthy);
  const headers = { 'content-type': 'application/json' };
  expect((await app.inject({ method: 'POST', url: '/webhook', headers, payload: '{' })).statusCode).toBe(400);
  const payload = 'x'.repeat(3 * 1024 * 1024 + 1);
  expect((await app.inject({ method: 'POST', url: '/webhook', headers, payload })).statusCode).toBe(413);
  expect((await app.inject('/nowhere')).statusCode).toBe(404);
  expect(lines).toEqual([]);
});

test('when too much comes in at once, whoever comes then is turned away, until there is room again', async () => {
  serverWith(nothing, healthy);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = new URL(url);
  const head = `POST /webhook HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${String(3 * 1024 * 1024)}\r\n\r\n`;
  const slow = await Promise.all(
    Array.from({ length: 21 }, async () => {
      const socket = connect(Number(port), '127.0.0.1');
      await once(socket, 'connect');
      socket.write(head);
      return socket;
    }),
  );
  const status = async (): Promise<number> =>
    (await fetch(`${url}/webhook`, { method: 'POST', body: 'x'.repeat(2 * 1024 * 1024) })).status;
  // The last of the slow ones may not have been read yet.
  await eventually(status, (code) => code === 503);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  for (const socket of slow) socket.destroy();
  await eventually(status, (code) => code !== 503);
});
