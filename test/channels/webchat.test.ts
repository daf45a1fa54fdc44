import { afterEach, describe, expect, test } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Channel, ChannelEvent } from '../../src/channels/channel.ts';
import { createWebchat } from '../../src/channels/webchat.ts';
import type { Clock } from '../../src/channels/clock.ts';
import { createLog } from '../../src/log.ts';
import type { Message } from '../../src/engine/message.ts';

const VISITOR = 'AAAAAAAAAAAAAAAAAAAAAA';
const message: Message = { text: 'Hallo', language: 'de' };
const OWN = { origin: 'http://localhost:3000', host: 'localhost:3000', cookie: `lotse_visitor=${VISITOR}` };

interface TestClock extends Clock {
  advance(ms: number): void;
}

function stoppedClock(): TestClock {
  let nowMs = 1_000_000;
  const due = new Set<{ atMs: number; action: () => void }>();
  return {
    now: () => nowMs,
    after: (delayMs, action) => {
      const entry = { atMs: nowMs + delayMs, action };
      due.add(entry);
      return () => due.delete(entry);
    },
    advance: (ms) => {
      nowMs += ms;
      for (const entry of [...due].filter(({ atMs }) => atMs <= nowMs)) {
        due.delete(entry);
        entry.action();
      }
    },
  };
}

interface Setup {
  readonly app: FastifyInstance;
  readonly channel: Channel;
  readonly clock: TestClock;
  readonly received: ChannelEvent[];
}

const running: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
});

function start(mode: 'local' | 'on' = 'local'): Setup {
  const clock = stoppedClock();
  const received: ChannelEvent[] = [];
  const channel = createWebchat({
    mode,
    present: ({ text }) => ({ whatsapp: [{ type: 'text', text }], messenger: [], text: [] }),
    log: createLog('silent'),
    clock,
  });
  const app = Fastify();
  running.push(app);
  channel.routes?.(app, (events) => {
    received.push(...events);
    return Promise.resolve();
  });
  return { app, channel, clock, received };
}

const post = async (
  app: FastifyInstance,
  payload: unknown,
  headers: Record<string, string> = {},
  path = '/chat/messages',
): Promise<{ status: number; error: unknown; retryAfter: unknown }> => {
  const answer = await app.inject({
    method: 'POST',
    url: path,
    headers: { 'content-type': 'application/json', ...OWN, ...headers },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });
  const body: unknown = answer.json();
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  return { status: answer.statusCode, error, retryAfter: answer.headers['retry-after'] };
};

describe('a message from the page', () => {
  const origin = {
    account: 'local',
    from: VISITOR,
    user: VISITOR,
    address: { visitor: VISITOR },
    at: 1_000_000,
  };

  test.each([
    [
      { id: 'browser-1', text: ' Hallo' },
      { kind: 'text', text: ' Hallo' },
    ],
    [
      { id: 'browser-1', choice: 'housing/need/flat', text: 'Eigene Wohnung' },
      { kind: 'choice', choice: 'housing/need/flat', text: 'Eigene Wohnung' },
    ],
    [
      { id: 'browser-1', latitude: -90, longitude: 180 },
      { kind: 'location', latitude: -90, longitude: 180 },
    ],
  ])('%j is handed over before it is answered with 202', async (body, input) => {
    const { app, received } = start();
    expect((await post(app, body)).status).toBe(202);
    expect(received).toEqual([{ ...origin, id: `${VISITOR}.browser-1`, ...input }]);
  });

  test.each([
    ['{', 'The body must be JSON.'],
    ['[]', 'The body must be a JSON object.'],
    [{ id: 'browser-1' }, 'text must be a text.'],
    [{ id: 'browser-1', text: ' \n' }, 'text must not be empty.'],
    [{ id: 'x y', text: 'Hallo' }, 'id must have 8 to 64 letters, digits, - or _.'],
    [{ id: 'browser-1', text: 'Hallo', admin: true }, 'The body has unknown fields: admin.'],
    [{ id: 'browser-1', choice: '', text: 'x' }, 'choice must not be empty.'],
    [{ id: 'browser-1', latitude: 91, longitude: 0 }, 'latitude must be a number from -90 to 90.'],
    [{ id: 'browser-1', latitude: 1 }, 'longitude must be a number from -180 to 180.'],
  ])('%j is refused in one sentence', async (body, error) => {
    const { app, received } = start();
    expect(await post(app, body)).toMatchObject({ status: 400, error });
    expect(received).toEqual([]);
  });

  test('a text of 4096 characters is taken, and one more is refused', async () => {
    const { app } = start();
    expect((await post(app, { id: 'browser-1', text: 'x'.repeat(4096) })).status).toBe(202);
    expect(await post(app, { id: 'browser-2', text: 'x'.repeat(4097) })).toMatchObject({
      status: 400,
      error: 'text must have at most 4096 characters.',
    });
  });

  test('a body over 16 KB is refused', async () => {
    const { app } = start();
    expect(await post(app, { id: 'browser-1', text: 'x'.repeat(17_000) })).toMatchObject({
      status: 413,
      error: 'The body must have at most 16384 bytes.',
    });
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded'])('a %s body is refused', async (type) => {
    const { app } = start();
    expect((await post(app, '{"id":"browser-1","text":"x"}', { 'content-type': type })).status).toBe(415);
  });

  test('who has no cookie yet is told where to get it', async () => {
    const { app } = start();
    expect(await post(app, { id: 'browser-1', text: 'x' }, { cookie: 'lotse_visitor=short' })).toMatchObject({
      status: 401,
      error: expect.stringContaining('/chat/events'),
    });
  });

  test('the 31st within ten seconds waits, and only for as long as it must', async () => {
    const { app, clock, received } = start();
    for (let count = 0; count < 30; count += 1)
      await post(app, { id: `browser-${String(count)}`, text: 'x' });
    clock.advance(4_000);
    expect(await post(app, { id: 'browser-30', text: 'x' })).toMatchObject({ status: 429, retryAfter: '6' });
    const other = { cookie: `lotse_visitor=${'B'.repeat(22)}` };
    expect((await post(app, { id: 'browser-30', text: 'x' }, other)).status).toBe(202);
    clock.advance(6_000);
    expect((await post(app, { id: 'browser-30', text: 'x' })).status).toBe(202);
    expect(received).toHaveLength(32);
  });

  test('a store that cannot be reached is left to the server, as on every channel', async () => {
    const app = Fastify();
    running.push(app);
    app.setErrorHandler((error, _request, reply) => reply.code(503).send({ error: String(error) }));
    createWebchat({
      mode: 'local',
      present: () => ({ whatsapp: [], messenger: [], text: [] }),
      log: createLog('silent'),
    }).routes?.(app, () => Promise.reject(new Error('no store')));
    expect(await post(app, { id: 'browser-1', text: 'x' })).toMatchObject({
      status: 503,
      error: 'Error: no store',
    });
  });
});

describe('who may use it', () => {
  const body = { id: 'browser-1', text: 'Hallo' };

  test.each([
    [{ host: 'lotse.example', origin: 'http://lotse.example' }],
    [{ host: 'localhost.evil.example', origin: 'http://localhost.evil.example' }],
    [{ 'x-forwarded-for': '203.0.113.7' }],
    [{ 'x-forwarded-anything': '1' }],
    [{ forwarded: 'for=203.0.113.7' }],
    [{ 'x-real-ip': '203.0.113.7' }],
  ])('local mode refuses %j, and says how to open it', async (headers) => {
    const { app, received } = start();
    expect(await post(app, body, headers)).toMatchObject({
      status: 403,
      error: expect.stringContaining('WEBCHAT=on'),
    });
    expect(received).toEqual([]);
  });

  test.each(['192.168.1.5', '::ffff:10.0.0.1', '2001:db8::1'])(
    'local mode refuses the address %s',
    async (address) => {
      const { app } = start();
      const answer = await app.inject({ url: '/chat/events', remoteAddress: address, headers: OWN });
      expect(answer.statusCode).toBe(403);
    },
  );

  test('mode on serves them', async () => {
    const { app } = start('on');
    const headers = {
      host: '127.0.0.1:3000',
      origin: 'https://lotse.example',
      'x-forwarded-host': 'lotse.example',
    };
    expect((await post(app, body, headers)).status).toBe(202);
  });

  test.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: 'http://localhost:3001' }],
  ])('a page of another site is refused: %j', async (headers) => {
    for (const mode of ['local', 'on'] as const) {
      const { app } = start(mode);
      expect((await post(app, body, headers)).status).toBe(403);
    }
  });

  test('without an Origin header, the browser must say that the page is our own', async () => {
    const { app } = start('on');
    const send = (site: Record<string, string>) =>
      app.inject({
        method: 'POST',
        url: '/chat/messages',
        headers: { host: OWN.host, cookie: OWN.cookie, 'content-type': 'application/json', ...site },
        payload: JSON.stringify(body),
      });
    expect((await send({})).statusCode).toBe(403);
    expect((await send({ 'sec-fetch-site': 'same-site' })).statusCode).toBe(403);
    expect((await send({ 'sec-fetch-site': 'same-origin' })).statusCode).toBe(202);
  });
});

/** A window of the chat: what the server streams to it. */
interface Listener {
  readonly cookie: string;
  /** Resolves once the stream holds `text`; rejects when it ends without. */
  until(text: string): Promise<string>;
  ended(): Promise<string>;
  leave(): void;
}

async function listen(app: FastifyInstance, cookie = ''): Promise<Listener> {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' });
  const abort = new AbortController();
  const answer = await fetch(`${app.listeningOrigin}/chat/events`, {
    signal: abort.signal,
    headers: { cookie },
  });
  if (!answer.ok) throw new Error(`status ${String(answer.status)}`);
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let read = '';
  const until = async (text: string | null): Promise<string> => {
    while (text === null || !read.includes(text)) {
      const { done, value } = await reader.read();
      if (done && text === null) return read;
      if (done) throw new Error(`the stream ended after ${read}`);
      read += value;
    }
    return read;
  };
  return {
    cookie: answer.headers.get('set-cookie') ?? '',
    until,
    ended: () => until(null),
    leave: () => {
      abort.abort();
    },
  };
}

describe('a message to the page', () => {
  const part = {
    message,
    renderings: { whatsapp: [{ type: 'text', text: 'Hallo' }], messenger: [], text: [] },
  };
  const address = { visitor: VISITOR };
  const cookie = `lotse_visitor=${VISITOR}`;
  const ack = (app: FastifyInstance, id: string) => post(app, { ids: [id] }, {}, '/chat/acks');

  test('is one part, with the renderings of every platform', () => {
    expect(start().channel.render(message)).toEqual([part]);
  });

  test('waits when no browser is connected', async () => {
    expect(await start().channel.send({ account: 'local', address }, part, 'c.1')).toMatchObject({
      type: 'retry',
      afterMs: 1_000,
    });
  });

  test('is sent once a browser acknowledged it, and only by its own visitor', async () => {
    const { app, channel, received } = start();
    const window = await listen(app, cookie);
    const sending = channel.send({ account: 'local', address }, part, 'c.1');
    const event = await window.until('\n\nevent: message');
    expect(event).toContain(': welcome');
    expect(JSON.parse((await window.until('}\n\n')).split('data: ')[1]!)).toEqual({ ...part, id: 'c.1' });
    const stranger = { cookie: `lotse_visitor=${'B'.repeat(22)}` };
    await post(app, { ids: ['c.1'] }, stranger, '/chat/acks');
    expect(received).toMatchObject([{ kind: 'status', outbox: 'c.1' }]);
    await ack(app, 'c.1');
    expect(await sending).toEqual({ type: 'sent' });
  });

  test('is unclear when the browser is silent for five seconds; what it says later is a receipt', async () => {
    const { app, channel, clock, received } = start();
    const window = await listen(app, cookie);
    const sending = channel.send({ account: 'local', address }, part, 'c.1');
    await window.until('c.1');
    clock.advance(5_000);
    expect(await sending).toMatchObject({ type: 'unclear' });
    await ack(app, 'c.1');
    expect(received).toEqual([
      {
        kind: 'status',
        id: 'c.1.shown',
        account: 'local',
        at: clock.now(),
        outbox: 'c.1',
        status: 'delivered',
        target: 'c.1',
      },
    ]);
  });

  test('reaches a page that was reloaded while it was on its way', async () => {
    const { app, channel } = start();
    const window = await listen(app, cookie);
    const sending = channel.send({ account: 'local', address }, part, 'c.1');
    await window.until('c.1');
    window.leave();
    await (await listen(app, cookie)).until('c.1');
    await ack(app, 'c.1');
    expect(await sending).toEqual({ type: 'sent' });
  });

  test('a new visitor gets an unguessable cookie that scripts and other sites never see', async () => {
    const { app } = start();
    const cookies = [(await listen(app)).cookie, (await listen(app)).cookie];
    for (const own of cookies)
      expect(own).toMatch(/^lotse_visitor=[\w-]{22}; Path=\/chat; HttpOnly; SameSite=Strict$/);
    expect(new Set(cookies).size).toBe(2);
    expect((await listen(app, cookie)).cookie).toBe('');
  });

  test('a heartbeat keeps the line open', async () => {
    const { app, clock } = start();
    const window = await listen(app, cookie);
    await window.until('welcome');
    clock.advance(25_000);
    await window.until(': heartbeat');
    clock.advance(25_000);
    expect((await window.until('{}\n\n: heartbeat')).match(/: heartbeat/g)).toHaveLength(2);
  });

  test('the ninth window of one visitor is refused', async () => {
    const { app } = start();
    for (let count = 0; count < 8; count += 1) await listen(app, cookie);
    await expect(listen(app, cookie)).rejects.toThrow('status 429');
  });

  test('clearing the conversation drops the cookie and ends the windows', async () => {
    const { app, channel } = start();
    const window = await listen(app, cookie);
    const answer = await app.inject({ method: 'DELETE', url: '/chat/visitor', headers: OWN });
    expect(answer.headers['set-cookie']).toMatch(/^lotse_visitor=; Path=\/chat; .*Max-Age=0$/);
    await window.ended();
    expect(await channel.send({ account: 'local', address }, part, 'c.1')).toMatchObject({ type: 'retry' });
  });

  test('shutting down ends the streams and settles what waits', async () => {
    const { app, channel } = start();
    const window = await listen(app, cookie);
    const sending = channel.send({ account: 'local', address }, part, 'c.1');
    await window.until('c.1');
    await app.close();
    await window.ended();
    expect(await sending).toMatchObject({ type: 'unclear' });
    expect(await channel.send({ account: 'local', address }, part, 'c.2')).toMatchObject({ type: 'retry' });
  });
});
