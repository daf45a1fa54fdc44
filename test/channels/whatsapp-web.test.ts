import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import decodeQR from 'qr/decode.js';
import { encodeQR } from 'qr';
import type { ChannelEvent } from '../../src/channels/channel.ts';
import { createWhatsappWeb, type WhatsappWeb } from '../../src/channels/whatsapp-web/channel.ts';
import { chromiumFlags, findChromium, unlockProfile } from '../../src/channels/whatsapp-web/chromium.ts';
import { createLog } from '../../src/log.ts';
import {
  fakeLibrary,
  fakeOwnership,
  settle,
  stoppedClock,
  type FakeLibrary,
  type TestClock,
  until,
} from './whatsapp-web-fake.ts';

const CODE = `2@${'aB3/'.repeat(50)},c2VjcmV0,aWRlbnRpdHk=,YWR2,1`;

let folder = '';
const running: { app: FastifyInstance; channel: WhatsappWeb }[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotse-web-'));
});
afterEach(async () => {
  for (const { app, channel } of running.splice(0)) {
    await app.close();
    await channel.close?.();
  }
  await rm(folder, { recursive: true });
});

interface Setup {
  readonly app: FastifyInstance;
  readonly channel: WhatsappWeb;
  readonly library: FakeLibrary;
  readonly clock: TestClock;
  readonly received: ChannelEvent[];
  readonly printed: string[];
  readonly lines: string[];
  readonly store: { away: boolean };
}

async function start(adminToken?: string, inTerminal = true): Promise<Setup> {
  const library = fakeLibrary();
  const clock = stoppedClock();
  const received: ChannelEvent[] = [];
  const printed: string[] = [];
  const lines: string[] = [];
  const store = { away: false };
  const channel = createWhatsappWeb({
    folder,
    ownership: fakeOwnership(),
    adminToken,
    clock,
    open: library.open,
    log: createLog('info', { write: (line) => lines.push(line) }),
    print: inTerminal ? (text) => printed.push(text) : undefined,
  });
  const app = Fastify();
  running.push({ app, channel });
  channel.routes?.(app, (events) => {
    if (store.away) return Promise.reject(new Error('the store is away'));
    received.push(...events);
    return Promise.resolve();
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  await until(() => library.clients.length > 0);
  return { app, channel, library, clock, received, printed, lines, store };
}

const message = (id: string, seconds: number, from = '4915112345678@c.us'): object => ({
  id: { fromMe: false, _serialized: id },
  type: 'chat',
  body: `Text ${id}`,
  timestamp: seconds,
  from,
});

describe('the channel', () => {
  test('hands over what people write, and sends to where it came from', async () => {
    const { channel, library, clock, received } = await start();
    library.last().say({ type: 'ready' });
    library.last().say({ type: 'message', data: message('m1', clock.now() / 1000) });
    await settle();
    expect(received).toEqual([
      {
        kind: 'text',
        text: 'Text m1',
        id: 'm1',
        account: '4915100000000',
        from: '4915112345678',
        user: '4915112345678',
        address: { chat: '4915112345678@c.us' },
        at: clock.now(),
      },
    ]);
    const to = { account: '4915100000000', address: { chat: '4915112345678@c.us' } };
    const [part = {}] = channel.render({ text: 'Guten Tag', language: 'de' });
    expect(await channel.send(to, part, 'outbox')).toMatchObject({ type: 'sent' });
    expect(library.last().sent).toMatchObject([{ chat: '4915112345678@c.us', text: 'Guten Tag' }]);
  });

  test('shows menus as numbered text, and nothing but text', async () => {
    const { channel } = await start();
    const options = [
      { id: 'a/b/flat', label: 'Wohnung' },
      { id: 'a/b/room', label: 'Zimmer', detail: 'in einer WG' },
    ];
    const parts = channel.render({
      text: 'Was suchst du?',
      language: 'de',
      menu: { button: 'Wählen', style: 'auto', options },
    });
    expect(parts).toEqual([{ text: 'Was suchst du?\n\n1. Wohnung\n2. Zimmer – in einer WG' }]);
    const place = channel.render({
      text: 'Das Rathaus',
      language: 'de',
      location: { latitude: 48.37, longitude: 10.9, name: 'Rathaus' },
      contacts: [{ name: 'Amt', phones: ['+498213240'] }],
      link: { label: 'Seite', url: 'https://example.org/x' },
      request: 'location',
    });
    expect(place.every((part) => Object.keys(part).join() === 'text')).toBe(true);
    expect(JSON.stringify(place)).toContain('https://example.org/x');
    expect(channel.windowMs).toBeUndefined();
  });

  test('keeps what people write while the store is away, and drops nothing of it', async () => {
    const { library, clock, received, store } = await start();
    library.last().say({ type: 'ready' });
    store.away = true;
    for (const id of ['m1', 'm2', 'm3'])
      library.last().say({ type: 'message', data: message(id, clock.now() / 1000) });
    await settle();
    store.away = false;
    await clock.advance(1_000);
    expect(received.map((event) => 'id' in event && event.id)).toEqual(['m1', 'm2', 'm3']);
  });

  test('tells of a send that arrived late, so that it is not sent again', async () => {
    const { channel, library, clock, received } = await start();
    library.last().say({ type: 'ready' });
    let finish: (id: string) => void = () => undefined;
    library.answer = () =>
      new Promise((resolve) => {
        finish = resolve;
      });
    const to = { account: '4915100000000', address: { chat: '4915112345678@c.us' } };
    const sending = channel.send(to, { text: 'Guten Tag' }, 'outbox');
    await clock.advance(8_000);
    expect(await sending).toMatchObject({ type: 'unclear' });
    finish('true_1');
    await settle();
    expect(received).toEqual([
      {
        kind: 'status',
        id: 'outbox.sent',
        account: '4915100000000',
        at: clock.now(),
        outbox: 'outbox',
        status: 'sent',
        target: 'true_1',
      },
    ]);
  });

  test('answers nothing from before the first link, and a day back from the last one', async () => {
    const first = await start();
    const at = first.clock.now() / 1000;
    first.library.last().say({ type: 'message', data: message('old', at - 11 * 60) });
    first.library.last().say({ type: 'message', data: message('new', at - 9 * 60) });
    await settle();
    expect(first.received.map((event) => 'id' in event && event.id)).toEqual(['new']);
    first.library.last().say({ type: 'ready' });
    const seen = join(folder, 'session', 'lotse-last-seen');
    await until(() => existsSync(seen));
    await until(() => first.channel.status().state === 'ready');
    await first.channel.close?.();
    expect((await readFile(seen, 'utf8')).trim()).toBe(String(first.clock.now()));

    const second = await start();
    second.library.last().say({ type: 'message', data: message('too old', at - 24 * 3600 - 1) });
    second.library.last().say({ type: 'message', data: message('missed', at - 24 * 3600) });
    await settle();
    expect(second.received.map((event) => 'id' in event && event.id)).toEqual(['missed']);
  });

  test('warns at the start that the number may be blocked', async () => {
    const { lines } = await start();
    expect(lines.join('')).toContain('may block the number for good');
  });

  test('opens no browser before the server listens', async () => {
    const library = fakeLibrary();
    const channel = createWhatsappWeb({
      folder,
      ownership: fakeOwnership(),
      open: library.open,
      log: createLog('silent'),
    });
    const app = Fastify();
    channel.routes?.(app, () => Promise.resolve());
    await app.ready();
    await settle();
    expect(library.clients).toHaveLength(0);
    expect(channel.status().state).toBe('off');
    await app.close();
    await channel.close?.();
  });

  test('writes no number and no text into the log', async () => {
    const { library, clock, lines, store } = await start();
    library.last().say({ type: 'qr', code: CODE });
    library.last().say({ type: 'ready' });
    store.away = true;
    library.last().say({ type: 'message', data: message('m1', clock.now() / 1000) });
    library.last().say({ type: 'unreadable', data: message('m2', clock.now() / 1000) });
    await settle();
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.join('')).not.toMatch(/4915|Text m|2@/);
  });
});

describe('the code to scan', () => {
  /** Reads the picture as a phone's camera would. */
  const scanned = (rows: boolean[][]): string => {
    const scale = 4;
    const width = (rows[0]?.length ?? 0) * scale;
    const height = rows.length * scale;
    const data = new Uint8Array(width * height * 4).fill(255);
    for (let y = 0; y < height; y += 1)
      for (let x = 0; x < width; x += 1)
        if (rows[Math.floor(y / scale)]?.[Math.floor(x / scale)] === true)
          data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    return decodeQR({ width, height, data });
  };

  test('stands in the terminal, black on white, and can be read', async () => {
    const { library, printed } = await start();
    library.last().say({ type: 'qr', code: CODE });
    const [how = '', ...lines] = (printed[0] ?? '').split('\n');
    expect(how).toContain('Linked devices');
    const drawn = lines.map((line) => /^\u001B\[97;40m([█▀▄ ]+)\u001B\[0m$/.exec(line)?.[1] ?? '');
    // Written in white: a full block is light above and below.
    const rows = drawn.flatMap((line) => [
      Array.from(line, (sign) => sign === ' ' || sign === '▄'),
      Array.from(line, (sign) => sign === ' ' || sign === '▀'),
    ]);
    expect(scanned(rows)).toBe(CODE);
  });

  test('without a terminal the log says where it is, not what it is', async () => {
    const { library, lines } = await start(undefined, false);
    library.last().say({ type: 'qr', code: CODE });
    expect(lines.at(-1)).toContain('/admin/whatsapp-web');
    expect(lines.join('')).not.toContain('2@');
  });

  test('is in the status only as long as it is to be scanned', async () => {
    const { channel, library } = await start();
    library.last().say({ type: 'qr', code: CODE });
    expect(channel.status()).toMatchObject({ state: 'qr', qr: encodeQR(CODE, 'svg', { ecc: 'low' }) });
    library.last().say({ type: 'ready' });
    expect(channel.status()).not.toHaveProperty('qr');
  });
});

describe('the admin page', () => {
  const TOKEN = 'a token of at least 16 characters: with colon';
  const basic = (password: string, user = 'anybody'): Record<string, string> => ({
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  });
  const get = (app: FastifyInstance, headers: Record<string, string> = {}, remoteAddress = '127.0.0.1') =>
    app.inject({
      url: '/admin/whatsapp-web',
      headers: { host: 'localhost:3000', ...headers },
      remoteAddress,
    });

  test('shows the state, the code and how to scan it, and refreshes itself', async () => {
    const { app, library } = await start();
    library.last().say({ type: 'qr', code: CODE });
    const { statusCode, body, headers } = await get(app);
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]{44}';/,
    );
    expect(body).toContain('<html lang="en">');
    expect(body).toContain('<meta http-equiv="refresh" content="10">');
    expect(body).toContain('role="img" aria-label="QR code that links the phone"');
    expect(body).toContain(encodeQR(CODE, 'svg', { ecc: 'low' }));
    expect(body).not.toContain('<script');
  });

  test('shows why there is no connection, and lets no reason become HTML', async () => {
    const { app, library } = await start();
    library.last().say({ type: 'ended', reason: '<b>"gone"</b> & away' });
    await settle();
    const { body } = await get(app);
    expect(body).toContain('Reason: &lt;b&gt;&quot;gone&quot;&lt;/b&gt; &amp; away.');
    expect(body).not.toContain('<svg');
  });

  test.each([
    ['another machine', {}, '192.0.2.7'],
    ['a page that points its own name at this machine', { host: 'evil.example' }, '127.0.0.1'],
    ['a proxy', { 'x-forwarded-for': '192.0.2.7' }, '127.0.0.1'],
  ])('without ADMIN_TOKEN is refused to %s, saying how to open it', async (_name, headers, remote) => {
    const { app, library } = await start();
    library.last().say({ type: 'qr', code: CODE });
    const { statusCode, body } = await get(app, headers, remote);
    expect(statusCode).toBe(403);
    expect(body).toContain('set ADMIN_TOKEN');
    expect(body).not.toContain('svg');
  });

  test.each<[string, Record<string, string>, number]>([
    ['no password', {}, 401],
    ['a wrong one', basic('wrong'), 401],
    ['the beginning of it', basic(TOKEN.slice(0, -1)), 401],
    ['an empty one', basic(''), 401],
    ['the token as user name', { authorization: `Basic ${Buffer.from(TOKEN).toString('base64')}` }, 401],
    ['another scheme', { authorization: `Bearer ${TOKEN}` }, 401],
    ['rubbish', { authorization: 'Basic !' }, 401],
    ['the token', basic(TOKEN), 200],
    ['the token without a user', basic(TOKEN, ''), 200],
  ])('with ADMIN_TOKEN: %s', async (_name, headers, status) => {
    const { app, library } = await start(TOKEN);
    library.last().say({ type: 'qr', code: CODE });
    for (const remote of ['127.0.0.1', '192.0.2.7']) {
      const answer = await get(app, headers, remote);
      expect(answer.statusCode).toBe(status);
      expect(answer.body.includes('<svg')).toBe(status === 200);
      expect(answer.headers['www-authenticate']).toBe(
        status === 401 ? 'Basic realm="Lotse", charset="UTF-8"' : undefined,
      );
    }
  });
});

describe('Chromium', () => {
  test('is what CHROMIUM_PATH names, or the first that is found, or named as missing', async () => {
    const program = join(folder, 'chromium');
    expect(findChromium(program)).toEqual({
      problem: `CHROMIUM_PATH names ${program}, but there is no such file; set it to Chromium's program`,
    });
    await writeFile(program, '');
    expect(findChromium(program, [])).toEqual({ path: program });
    expect(findChromium(undefined, [join(folder, 'none'), program])).toEqual({ path: program });
    expect(findChromium(undefined, [])).toMatchObject({
      problem: expect.stringContaining('apt-get install chromium'),
    });
  });

  test('keeps its sandbox wherever it can', () => {
    expect(chromiumFlags(false)).not.toContain('--no-sandbox');
    expect(chromiumFlags(true)).toContain('--no-sandbox');
  });

  test('may use a profile that another machine has left in use, and leaves one alone that is in use here', async () => {
    const lock = join(folder, 'SingletonLock');
    unlockProfile(folder);
    await symlink('replaced-container-1', lock);
    unlockProfile(folder);
    await symlink(`${hostname()}-${String(process.pid)}`, lock);
    unlockProfile(folder);
    await expect(symlink('x', lock)).rejects.toThrow('EEXIST');
  });
});
