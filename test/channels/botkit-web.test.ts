import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import WebSocket from 'ws';
import { z } from 'zod';
import { openBridges } from '../../src/channels/botkit/open.ts';
import { holdingIntervals } from '../../src/channels/botkit/sockets.ts';
import type { Channel, ChannelEvent, Turn } from '../../src/channels/channel.ts';
import type { Message } from '../../src/engine/message.ts';
import { createLog } from '../../src/log.ts';
import { noBackends } from '../../src/runtime/backends.ts';
import { createRuntime } from '../../src/runtime/runtime.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';
import { createServer } from '../../src/runtime/server.ts';
import { createEmbeddedStore } from '../../src/store/embedded.ts';
import { botOf } from '../engine/bot.ts';
import { temporaryFolder } from '../support/lotse.ts';
import { addressOf, turnOf } from './botkit-support.ts';

const messageSchema = z.object({
  type: z.literal('message'),
  text: z.string(),
  quick_replies: z.array(z.object({ payload: z.string() })).optional(),
});
const USER = 'visitor-0123456789';
const OTHER = 'visitor-9876543210';
const noise = [jest.spyOn(console, 'error'), jest.spyOn(console, 'warn'), jest.spyOn(console, 'log')];

/** A page: what it was sent stands in order until somebody asks for it. */
interface Page {
  readonly socket: WebSocket;
  say(frame: unknown): void;
  next(): Promise<unknown>;
  /** The close code. */
  readonly closed: Promise<number>;
}

const pages: Page[] = [];

async function openPage(url: string): Promise<Page> {
  const socket = new WebSocket(url);
  const arrived: unknown[] = [];
  socket.on('message', (data: Buffer) => arrived.push(JSON.parse(data.toString())));
  const page: Page = {
    socket,
    say: (frame) => {
      socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
    },
    async next() {
      while (arrived.length === 0) await once(socket, 'message');
      return arrived.shift();
    },
    closed: once(socket, 'close').then(([code]) => Number(code)),
  };
  pages.push(page);
  await once(socket, 'open');
  return page;
}

async function openWeb(): Promise<Channel> {
  const opened = await openBridges({
    wanted: 'web',
    setting: () => undefined,
    log: createLog('silent'),
  });
  if (!opened.ok) throw new Error(opened.problems.join('\n'));
  return opened.channels[0]!;
}

let app: FastifyInstance;
let url: string;
let channel: Channel;
let received: ChannelEvent[];
let failure: Error | null;

async function listen(server: FastifyInstance): Promise<string> {
  await server.listen({ host: '127.0.0.1', port: 0 });
  return `ws://${addressOf(server.server)}/bridges/web`;
}

beforeEach(() => {
  for (const spy of noise) spy.mockClear();
});

afterEach(async () => {
  for (const { socket } of pages.splice(0)) socket.terminate();
  await app.close();
  for (const spy of noise) expect(spy).not.toHaveBeenCalled();
});

describe('a page over a real WebSocket', () => {
  beforeEach(async () => {
    [received, failure] = [[], null];
    channel = await openWeb();
    app = Fastify({ forceCloseConnections: true });
    channel.routes?.(app, (events) => {
      if (failure) return Promise.reject(failure);
      received.push(...events);
      return Promise.resolve();
    });
    url = await listen(app);
  });

  const turn = (): Turn => turnOf(received.at(-1));

  const menu: Message = {
    text: 'What do you need?',
    language: 'en',
    menu: {
      button: 'Choose',
      style: 'auto',
      options: [
        { id: 'start/need/housing', label: 'A flat' },
        { id: 'start/need/health', label: 'A doctor' },
      ],
    },
  };

  test('what it says is stored before it is told so, and what is sent reaches it', async () => {
    const page = await openPage(url);
    page.say({ type: 'message', user: USER, text: 'Hallo', id: 'm1' });
    expect(await page.next()).toEqual({ type: 'stored', id: 'm1' });
    expect(received).toEqual([
      {
        kind: 'text',
        text: 'Hallo',
        id: `${USER}.m1`,
        account: 'bot',
        from: USER,
        user: USER,
        address: { reference: expect.any(String) },
        at: expect.any(Number),
      },
    ]);
    const [part] = channel.render(menu);
    expect(await channel.send(turn(), part!, 'outbox.1')).toEqual({ type: 'sent' });
    expect(await page.next()).toEqual({
      type: 'message',
      id: 'outbox.1',
      text: 'What do you need?',
      quick_replies: [
        { title: 'A flat', payload: 'start/need/housing' },
        { title: 'A doctor', payload: 'start/need/health' },
      ],
    });
  });

  test.each([
    [
      "as Botkit's client gives it",
      { text: 'start/need/health' },
      { kind: 'choice', choice: 'start/need/health' },
    ],
    [
      'with the label',
      { text: 'A doctor', quick_reply: { payload: 'start/need/health' } },
      { kind: 'choice', choice: 'start/need/health', text: 'A doctor' },
    ],
    ['for the next page', { text: '_/more/9' }, { kind: 'choice', choice: '_/more/9' }],
    ['that is only a date', { text: '12/3/2026' }, { kind: 'text', text: '12/3/2026' }],
    ['that is nothing', { text: ' ' }, { kind: 'unsupported' }],
  ])('a tap %s is read', async (_, said, input) => {
    const page = await openPage(url);
    page.say({ type: 'message', user: USER, id: 'm1', ...said });
    await page.next();
    expect(received).toMatchObject([input]);
  });

  test('what is no message tells only who is there', async () => {
    const page = await openPage(url);
    page.say({ type: 'hello', user: USER, id: 'm1' });
    await page.next();
    expect(received).toEqual([{ kind: 'ignored', reason: 'activity event' }]);
  });

  test.each([
    ['not JSON', '{', 'A message must be a JSON object.'],
    ['no object', '[]', 'A message must be a JSON object.'],
    [
      'of a person whose name can be guessed',
      { type: 'message', user: '1' },
      'user must have 16 to 64 letters, digits, - or _, made by chance.',
    ],
    [
      'of no person at all',
      { type: 'message', user: '__proto__' },
      'user must have 16 to 64 letters, digits, - or _, made by chance.',
    ],
    [
      'too long',
      { type: 'message', user: USER, text: 'x'.repeat(4097) },
      'text must have at most 4096 characters.',
    ],
    ['not text', { type: 'message', user: USER, text: 7 }, 'text must be a text.'],
  ])('a message that is %s is refused in one sentence', async (_, frame, text) => {
    const page = await openPage(url);
    page.say(frame);
    expect(await page.next()).toEqual({ type: 'error', text });
    expect(received).toEqual([]);
  });

  test('one connection cannot speak for two people, and not too fast', async () => {
    const page = await openPage(url);
    for (let count = 0; count < 30; count += 1)
      page.say({ type: 'message', user: USER, text: 'x', id: `m${String(count)}` });
    for (let count = 0; count < 30; count += 1)
      expect(await page.next()).toEqual({ type: 'stored', id: expect.any(String) });
    page.say({ type: 'message', user: OTHER, text: 'x', id: 'm30' });
    expect(await page.next()).toMatchObject({ type: 'error', text: expect.stringContaining('the same') });
    page.say({ type: 'message', user: USER, text: 'x', id: 'm31' });
    expect(await page.next()).toMatchObject({ type: 'error', text: expect.stringContaining('Too many') });
    expect(received).toHaveLength(30);
  });

  test('a message above 16 KB ends the connection', async () => {
    const page = await openPage(url);
    page.say({ type: 'message', user: USER, text: 'x'.repeat(17_000) });
    expect(await page.closed).toBe(1009);
    expect(received).toEqual([]);
  });

  test('what a page adds to a message changes nothing', async () => {
    const page = await openPage(url);
    page.say({
      type: 'message',
      user: USER,
      id: 'm1',
      text: 'x',
      botkitEventType: 'evil',
      attachments: [{ contentType: 'image/png', contentUrl: 'http://10.0.0.1/' }],
    });
    await page.next();
    expect(received).toMatchObject([{ kind: 'text', text: 'x' }]);
    expect(turn().address['reference']).not.toContain('evil');
  });

  test('a store that cannot be reached ends the connection, so that the page says it again', async () => {
    failure = new Error('down');
    const page = await openPage(url);
    page.say({ type: 'message', user: USER, text: 'Hallo', id: 'm1' });
    expect(await page.closed).toBe(1013);
    failure = null;
    const again = await openPage(url);
    again.say({ type: 'message', user: USER, text: 'Hallo', id: 'm1' });
    expect(await again.next()).toEqual({ type: 'stored', id: 'm1' });
    expect(received).toMatchObject([{ id: `${USER}.m1` }]);
  });

  test('while nobody is connected a send waits; a page that was reloaded gets it, though the old one closes late', async () => {
    const first = await openPage(url);
    first.say({ type: 'message', user: USER, text: 'Hallo', id: 'm1' });
    await first.next();
    const to = turn();
    const second = await openPage(url);
    second.say({ type: 'welcome_back', user: USER, id: 'w1' });
    await second.next();
    first.socket.close();
    await first.closed;
    expect(await channel.send(to, { text: 'Hi' }, 'outbox.1')).toEqual({ type: 'sent' });
    expect(await second.next()).toMatchObject({ text: 'Hi', id: 'outbox.1' });

    second.socket.close();
    await second.closed;
    expect(await channel.send(to, { text: 'Hi' }, 'outbox.2')).toEqual({
      type: 'retry',
      afterMs: 1_000,
      reason: 'nobody is connected',
    });
  });

  test('an address of another kind is refused', async () => {
    for (const address of [{}, { reference: '{' }, { reference: '[]' }])
      expect(await channel.send({ account: 'bot', address }, { text: 'Hi' }, 'outbox.1')).toMatchObject({
        type: 'refused',
        why: 'permanent',
      });
  });

  const upgradeStatus = (path: string): Promise<number> => {
    const asking = request(`http://${addressOf(app.server)}${path}`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      },
    });
    asking.end();
    return new Promise((resolve, reject) => {
      asking.on('error', reject);
      asking.on('response', ({ statusCode = 0 }) => {
        resolve(statusCode);
      });
      asking.on('upgrade', ({ statusCode = 0 }, socket) => {
        socket.destroy();
        resolve(statusCode);
      });
    });
  };

  test('only its own path is taken: others are answered, or left to whoever takes them', async () => {
    expect(await upgradeStatus('/bridges/web?x=1')).toBe(101);
    expect(await upgradeStatus('/bridges/web2')).toBe(404);
    app.server.on('upgrade', ({ url: path }, socket) => {
      if (path === '/mine') socket.end('HTTP/1.1 418 Mine\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    });
    expect(await upgradeStatus('/mine')).toBe(418);
    expect((await app.inject({ method: 'POST', url: '/bridges/web', payload: {} })).statusCode).toBe(404);
  });

  test('a server that stops says so, and takes no more', async () => {
    const page = await openPage(url);
    await app.close();
    expect(await page.closed).toBe(1001);
    expect(app.server.listenerCount('upgrade')).toBe(0);
  });
});

test('timers that a library began are stopped, and those of others are not touched', () => {
  const real = globalThis.setInterval;
  const stop = jest.spyOn(globalThis, 'clearInterval');
  const end = holdingIntervals(() => void setInterval(() => undefined, 60_000));
  expect(globalThis.setInterval).toBe(real);
  end();
  expect(stop).toHaveBeenCalledTimes(1);
  expect(() =>
    holdingIntervals(() => {
      throw new Error('broken');
    }),
  ).toThrow();
  expect(globalThis.setInterval).toBe(real);
  stop.mockRestore();
});

test('a person goes through a flow, on the road that every channel takes', async () => {
  const folder = await temporaryFolder();
  const store = await createEmbeddedStore({ folder: folder.path, leaseMs: 30_000 });
  const web = await openWeb();
  const log = createLog('silent');
  const bot = botOf({
    start: `steps:
  hello: {say: Welcome, next: need}
  need: {ask: What do you need?, options: {flat: {label: A flat, next: flat}, doctor: {label: A doctor, next: doctor}}}
  flat: {say: Here are flats.}
  doctor: {say: Here are doctors.}`,
  });
  const runtime = createRuntime({
    bot: () => bot,
    backends: noBackends,
    channels: new Map([[web.name, web]]),
    secrets: createSecrets('a secret of more than thirty-two characters'),
    now: Date.now,
    log,
    store,
  });
  app = createServer({ channels: [web], runtime, store, log });
  try {
    const page = await openPage(await listen(app));
    /** Answers and receipts may overtake each other: one is about storing, the other about sending. */
    const hear = async (): Promise<z.infer<typeof messageSchema>> => {
      for (;;) {
        const message = messageSchema.safeParse(await page.next());
        if (message.success) return message.data;
      }
    };
    page.say({ type: 'hello', user: USER });
    page.say({ type: 'message', user: USER, text: 'Hi', id: 'm1' });
    const asked = await hear();
    expect(asked.text).toContain('What do you need?');
    expect(asked.quick_replies?.map(({ payload }) => payload)).toEqual([
      'start/need/flat',
      'start/need/doctor',
    ]);
    // The same again, as a page does that heard no receipt: it is answered once.
    page.say({ type: 'message', user: USER, text: 'Hi', id: 'm1' });
    page.say({ type: 'message', user: USER, text: asked.quick_replies![1]!.payload, id: 'm2' });
    expect((await hear()).text).toContain('Here are doctors.');
  } finally {
    await app.close();
    await runtime.stop();
    await store.close();
    await folder.remove();
  }
});
