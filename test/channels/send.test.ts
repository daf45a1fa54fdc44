import { createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Address, Channel, Part, Recipient, SendResult } from '../../src/channels/channel.ts';
import { createGraphClient, retryAfterMs } from '../../src/channels/graph/client.ts';
import { createMessenger } from '../../src/channels/messenger/channel.ts';
import { createWhatsappCloud } from '../../src/channels/whatsapp-cloud/channel.ts';
import type { Message } from '../../src/engine/message.ts';
import { createLog } from '../../src/log.ts';
import { startGraphStandIn, type GraphStandIn } from '../support/graph-stand-in.js';

let graph: GraphStandIn;
let lines: string[] = [];
let open: Channel[] = [];

beforeAll(async () => {
  graph = await startGraphStandIn();
});
afterAll(() => graph.stop());
beforeEach(async () => {
  lines = [];
  open = [];
  await graph.reset();
});
afterEach(async () => {
  for (const channel of open) await channel.close?.();
});

const shared = (
  graphUrl: string,
): {
  graphUrl: string;
  version: string;
  appSecret: string;
  verifyToken: string;
  mediaFolder: string;
} => ({
  graphUrl,
  version: 'v25.0',
  appSecret: 's',
  verifyToken: 'v',
  mediaFolder: 'test/channels/fixtures',
});
const log = createLog('info', { write: (line) => void lines.push(line) });

function whatsapp(graphUrl = graph.url, timeoutMs?: number): Channel {
  const time = timeoutMs === undefined ? {} : { timeoutMs };
  const channel = createWhatsappCloud({
    ...shared(graphUrl),
    accounts: new Map([['100200300', 'WT']]),
    log,
    ...time,
  });
  open.push(channel);
  return channel;
}
function messenger(graphUrl = graph.url): Channel {
  const channel = createMessenger({ ...shared(graphUrl), accounts: new Map([['9001', 'PT']]), log });
  open.push(channel);
  return channel;
}

const on = (account: string, address: Address): Recipient => ({ account, address });
const phone: Address = { phone: '+49151' };
const psid: Address = { psid: '7001' };
const hello: Message = { text: 'Hallo', language: 'de' };
const text: Part = { type: 'text', text: { body: 'Hallo' } };

const options = (count: number): NonNullable<Message['menu']>['options'] =>
  Array.from({ length: count }, (_, index) => ({
    id: `f/s/${String(index)}`,
    label: `Ort ${String(index)}`,
  }));
const menu = (count: number): Message => ({
  ...hello,
  menu: { button: 'Auswählen', style: 'auto', options: options(count) },
});

interface Seen {
  readonly path: string;
  readonly authorization?: string;
  readonly body: unknown;
}
const seen = async (): Promise<Seen[]> =>
  (await graph.sent()).map(({ path, authorization = '', body }: Seen) => ({ path, authorization, body }));
const fieldOf = (body: unknown, field: string): unknown => z.looseObject({}).parse(body)[field];

async function sendAll(channel: Channel, address: Address, message: Message): Promise<unknown[]> {
  for (const [index, part] of channel.render(message).entries()) {
    const result = await channel.send(
      on(channel.name === 'whatsapp' ? '100200300' : '9001', address),
      part,
      `c.${String(index)}`,
    );
    expect(result).toEqual({ type: 'sent', platformId: expect.any(String) });
  }
  return seen();
}

describe('WhatsApp requests', () => {
  const request = (body: object): object => ({
    path: '/v25.0/100200300/messages',
    authorization: 'Bearer WT',
    body: {
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: '+49151',
      biz_opaque_callback_data: 'c.0',
      ...body,
    },
  });

  test('text', async () => {
    expect(await sendAll(whatsapp(), phone, hello)).toEqual([
      request({ type: 'text', text: { body: 'Hallo' } }),
    ]);
  });

  test('reply buttons', async () => {
    const buttons = options(2).map(({ id, label }) => ({ type: 'reply', reply: { id, title: label } }));
    expect(await sendAll(whatsapp(), phone, menu(2))).toEqual([
      request({
        type: 'interactive',
        interactive: { type: 'button', body: { text: 'Hallo' }, action: { buttons } },
      }),
    ]);
  });

  test('a list', async () => {
    const rows = options(4).map(({ id, label }) => ({ id, title: label }));
    const action = { button: 'Auswählen', sections: [{ rows }] };
    expect(await sendAll(whatsapp(), phone, menu(4))).toEqual([
      request({ type: 'interactive', interactive: { type: 'list', body: { text: 'Hallo' }, action } }),
    ]);
  });

  test('a request for the location', async () => {
    const interactive = {
      type: 'location_request_message',
      body: { text: 'Hallo' },
      action: { name: 'send_location' },
    };
    expect(await sendAll(whatsapp(), phone, { ...hello, request: 'location' })).toEqual([
      request({ type: 'interactive', interactive }),
    ]);
  });

  test('a template, which quotes nothing', async () => {
    const channel = whatsapp();
    const part = channel.renderTemplate?.({ ...hello, template: { name: 'reminder', parameters: ['8:00'] } });
    await channel.send(on('100200300', phone), part ?? {}, 'c.0');
    const components = [{ type: 'body', parameters: [{ type: 'text', text: '8:00' }] }];
    const template = { name: 'reminder', language: { code: 'de' }, components };
    expect(await seen()).toEqual([request({ type: 'template', template })]);
  });

  test('what is answered is quoted by its id', async () => {
    await whatsapp().send({ ...on('100200300', phone), replyTo: 'wamid.A' }, text, 'c.0');
    expect(await seen()).toEqual([request({ ...text, context: { message_id: 'wamid.A' } })]);
  });

  test('what a person wrote is marked as read, and that an answer is being written', async () => {
    await whatsapp().acting?.(on('100200300', phone), 'wamid.A');
    await whatsapp().acting?.(on('100200300', phone), 'derived.A');
    await whatsapp().acting?.(on('another', phone), 'wamid.A');
    expect(await seen()).toEqual([
      {
        path: '/v25.0/100200300/messages',
        authorization: 'Bearer WT',
        body: {
          messaging_product: 'whatsapp',
          status: 'read',
          message_id: 'wamid.A',
          typing_indicator: { type: 'text' },
        },
      },
    ]);
  });

  test('a person without a number is named by BSUID, one with both by number', async () => {
    await sendAll(whatsapp(), { recipient: 'DE.1' }, hello);
    await sendAll(whatsapp(), { phone: '+49151', recipient: 'DE.1' }, hello);
    const named = (await seen()).map(({ body }) => ({
      to: fieldOf(body, 'to'),
      recipient: fieldOf(body, 'recipient'),
    }));
    expect(named).toEqual([{ recipient: 'DE.1' }, { to: '+49151' }]);
  });

  test('an address that names nobody is refused before any call', async () => {
    expect(await whatsapp().send(on('100200300', {}), text, 'c.0')).toMatchObject({
      type: 'refused',
      why: 'permanent',
    });
    expect(await graph.sent()).toEqual([]);
  });
});

describe('Messenger requests', () => {
  const request = (message: object, outbox: string): object => ({
    path: '/v25.0/9001/messages',
    authorization: 'Bearer PT',
    body: {
      recipient: { id: '7001' },
      messaging_type: 'RESPONSE',
      message: { ...message, metadata: outbox },
    },
  });

  test('text', async () => {
    expect(await sendAll(messenger(), psid, hello)).toEqual([request({ text: 'Hallo' }, 'c.0')]);
  });

  test('quick replies are on the last part only', async () => {
    const first = 'Lange Auskunft. '.repeat(120).trim();
    const quick_replies = options(2).map(({ id, label }) => ({
      content_type: 'text',
      title: label,
      payload: id,
    }));
    expect(await sendAll(messenger(), psid, { ...menu(2), text: `${first}\n\n${first}` })).toEqual([
      request({ text: first }, 'c.0'),
      request({ text: first, quick_replies }, 'c.1'),
    ]);
  });

  test('what a person wrote is marked as seen, then that an answer is being written', async () => {
    await messenger().acting?.(on('9001', psid), 'm_1');
    await messenger().acting?.(on('9001', phone), 'm_1');
    await messenger().acting?.(on('another', psid), 'm_1');
    const action = (sender_action: string): object => ({
      path: '/v25.0/9001/messages',
      authorization: 'Bearer PT',
      body: { recipient: { id: '7001' }, sender_action },
    });
    expect(await seen()).toEqual([action('mark_seen'), action('typing_on')]);
  });

  test('an address that names nobody is refused before any call', async () => {
    expect(await messenger().send(on('9001', phone), { text: 'x' }, 'c.0')).toMatchObject({
      type: 'refused',
      why: 'permanent',
    });
    expect(await graph.sent()).toEqual([]);
  });
});

const error = (code: number, subcode?: number): object => ({
  error: {
    message: '(#1) +49 151 geheim',
    type: 'OAuthException',
    code,
    error_subcode: subcode,
    fbtrace_id: 'x',
  },
});

describe('what an answer means', () => {
  const retry = (afterMs: number | null): Partial<SendResult> => ({ type: 'retry', afterMs });
  const refused = (why: string): object => ({ type: 'refused', why });
  const MINUTE = 60_000;

  test.each<[number, number, object]>([
    [400, 4, retry(MINUTE)],
    [400, 80007, retry(MINUTE)],
    [400, 130429, retry(2_000)],
    [400, 131048, retry(10 * MINUTE)],
    [400, 131056, retry(null)],
    [400, 132069, retry(MINUTE)],
    [400, 133016, retry(10 * MINUTE)],
    [500, 1, retry(null)],
    [400, 2, retry(null)],
    [500, 131000, retry(null)],
    [400, 131016, retry(null)],
    [400, 131053, retry(null)],
    [400, 131057, retry(MINUTE)],
    [400, 133004, retry(null)],
    [400, 133015, retry(5 * MINUTE)],
    [400, 131047, refused('window')],
    [400, 131050, refused('opt-out')],
    [401, 0, retry(MINUTE)],
    [400, 3, retry(MINUTE)],
    [403, 10, retry(MINUTE)],
    [400, 33, retry(MINUTE)],
    [401, 190, retry(MINUTE)],
    [403, 200, retry(MINUTE)],
    [403, 299, retry(MINUTE)],
    [403, 368, retry(MINUTE)],
    [403, 131005, retry(MINUTE)],
    [403, 131031, retry(MINUTE)],
    [400, 131037, retry(MINUTE)],
    [400, 131042, retry(MINUTE)],
    [400, 131045, retry(MINUTE)],
    [400, 133005, retry(MINUTE)],
    [400, 133006, retry(MINUTE)],
    [400, 133010, retry(MINUTE)],
    [400, 100, refused('permanent')],
    [400, 130403, refused('permanent')],
    [400, 130472, refused('permanent')],
    [400, 131008, refused('permanent')],
    [400, 131009, refused('permanent')],
    [400, 131021, refused('permanent')],
    [400, 131026, refused('permanent')],
    [400, 131030, refused('permanent')],
    [400, 131049, refused('permanent')],
    [400, 131051, refused('permanent')],
    [400, 131062, refused('permanent')],
    [404, 132001, refused('permanent')],
    [400, 132015, refused('permanent')],
    [400, 987654, refused('permanent')],
    [401, 987654, retry(MINUTE)],
    [503, 987654, retry(null)],
    [429, 131026, retry(null)],
    [500, 131026, retry(null)],
    [200, 131026, refused('permanent')],
  ])('WhatsApp: HTTP %d with code %d', async (status, code, expected) => {
    await graph.next({ status, body: error(code) });
    const result = await whatsapp().send(on('100200300', phone), text, 'c.0');
    expect(result).toMatchObject(expected);
    expect(JSON.stringify(result) + lines.join('')).not.toContain('geheim');
  });

  test.each<[number, number | undefined, object]>([
    [4, undefined, retry(MINUTE)],
    [613, 2534040, retry(MINUTE)],
    [1, 99, retry(null)],
    [2, undefined, retry(null)],
    [10, 2018278, refused('window')],
    [10, 2534022, refused('window')],
    [10, 2018065, refused('window')],
    [10, 2018108, refused('permanent')],
    [10, 1893063, retry(MINUTE)],
    [10, 1893015, refused('opt-out')],
    [10, undefined, retry(MINUTE)],
    [10, 2018300, refused('permanent')],
    [100, undefined, refused('permanent')],
    [100, 2018001, refused('permanent')],
    [190, undefined, retry(MINUTE)],
    [200, undefined, retry(MINUTE)],
    [200, 1545041, refused('permanent')],
    [551, 1545041, refused('permanent')],
    [551, undefined, refused('permanent')],
    [2018300, undefined, refused('permanent')],
    [2018321, undefined, retry(null)],
    [1545041, undefined, refused('permanent')],
  ])('Messenger: code %d, subcode %d', async (code, subcode, expected) => {
    await graph.next({ status: 400, body: error(code, subcode) });
    expect(await messenger().send(on('9001', psid), { text: 'x' }, 'c.0')).toMatchObject(expected);
  });

  test('a refused account is an error in the log for the operator, once a call', async () => {
    await graph.next({ status: 401, body: error(190) });
    await whatsapp().send(on('100200300', phone), text, 'c.0');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/"level":50.*operator: /u);
  });

  test('Retry-After outranks our own waiting times', async () => {
    await graph.next({ status: 400, body: error(4), headers: { 'retry-after': '7' } });
    expect(await whatsapp().send(on('100200300', phone), text, 'c.0')).toMatchObject(retry(7_000));
    await graph.next({ status: 429, body: 'slow down', headers: { 'retry-after': '3' } });
    expect(await whatsapp().send(on('100200300', phone), text, 'c.0')).toMatchObject(retry(3_000));
  });

  test.each<[string, number, unknown, object]>([
    ['5xx without JSON', 502, '<html>Bad Gateway</html>', retry(null)],
    ['429 without JSON', 429, '', retry(null)],
    ['404 without JSON: no voice of Meta’s', 404, '<html>', retry(MINUTE)],
    ['a redirection', 302, '', retry(MINUTE)],
    ['200 without an id may have been sent', 200, {}, { type: 'unclear' }],
    ['200 with an empty id', 200, { messages: [{ id: '' }] }, { type: 'unclear' }],
    ['200 without JSON', 200, '<html>', { type: 'unclear' }],
    ['an error that says it is passing', 400, { error: { code: 424242, is_transient: true } }, retry(null)],
    ['an error without a code', 400, { error: { message: 'x' } }, retry(MINUTE)],
  ])('%s', async (_, status, body, expected) => {
    await graph.next({ status, body });
    expect(await whatsapp().send(on('100200300', phone), text, 'c.0')).toMatchObject(expected);
  });
});

describe('when the network fails', () => {
  test('a connection cut after the request is unclear', async () => {
    await graph.next({ hangUp: 'request' });
    expect(await whatsapp().send(on('100200300', phone), text, 'c.0')).toMatchObject({ type: 'unclear' });
    expect(await graph.sent()).toHaveLength(1);
  });

  test('a connection cut within the answer is unclear', async () => {
    await graph.next({ hangUp: 'answer' });
    expect(await whatsapp().send(on('100200300', phone), text, 'c.0')).toMatchObject({ type: 'unclear' });
  });

  test('an answer that does not come in time is unclear, and the next call is good again', async () => {
    const channel = whatsapp(graph.url, 300);
    await graph.next({ delayMs: 60_000 });
    expect(await channel.send(on('100200300', phone), text, 'c.0')).toEqual({
      type: 'unclear',
      reason: 'time-out',
    });
    expect(await channel.send(on('100200300', phone), text, 'c.1')).toMatchObject({ type: 'sent' });
  });

  test('that nobody sees «typing …» is no failure', async () => {
    await graph.next(
      { hangUp: 'request' },
      { status: 500, body: error(1) },
      { status: 400, body: error(100) },
    );
    await expect(whatsapp().acting?.(on('100200300', phone), 'wamid.A')).resolves.toBeUndefined();
    await expect(messenger().acting?.(on('9001', psid), 'm_1')).resolves.toBeUndefined();
    expect(await graph.sent()).toHaveLength(3);
    expect(lines).toEqual([]);
  });

  test('a refused connection is tried again later', async () => {
    const port = await closedPort();
    expect(
      await whatsapp(`http://127.0.0.1:${String(port)}`).send(on('100200300', phone), text, 'c.0'),
    ).toEqual({
      type: 'retry',
      afterMs: null,
      reason: 'ECONNREFUSED',
    });
  });

  test('an unknown host is tried again later', async () => {
    const result = await whatsapp('http://graph.invalid').send(on('100200300', phone), text, 'c.0');
    expect(result).toMatchObject({
      type: 'retry',
      afterMs: null,
      reason: expect.stringMatching(/^E[A-Z_]+$/u),
    });
  });

  test('a server that speaks no TLS is tried again later: nothing was said', async () => {
    const result = await whatsapp(graph.url.replace('http:', 'https:')).send(
      on('100200300', phone),
      text,
      'c.0',
    );
    expect(result).toMatchObject({ type: 'retry', afterMs: null });
    expect(await graph.sent()).toEqual([]);
  });

  test('an answer that drips for ever, or never ends, is given up as unclear', async () => {
    const dripping = await rawServer('HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n{');
    const endless = await rawServer(
      `HTTP/1.1 200 OK\r\ncontent-length: 9999999\r\n\r\n${'x'.repeat(2 * 1024 * 1024)}`,
    );
    try {
      expect(await whatsapp(dripping.url, 300).send(on('100200300', phone), text, 'c.0')).toEqual({
        type: 'unclear',
        reason: 'time-out',
      });
      expect(await whatsapp(endless.url).send(on('100200300', phone), text, 'c.0')).toEqual({
        type: 'unclear',
        reason: 'answer too long',
      });
    } finally {
      await dripping.stop();
      await endless.stop();
    }
  });

  test('a closed channel sends nothing and says to try again', async () => {
    const channel = whatsapp();
    await channel.close?.();
    expect(await channel.send(on('100200300', phone), text, 'c.0')).toMatchObject({ type: 'retry' });
    expect(await graph.sent()).toEqual([]);
  });

  test('80 sends at once all arrive, each once', async () => {
    const channel = whatsapp();
    const ids = Array.from({ length: 80 }, (_, index) => `c.${String(index)}`);
    // As many as one number may send in a second, and to as many people.
    const results = await Promise.all(
      ids.map((id, index) => channel.send(on('100200300', { phone: `+4915${String(index)}` }), text, id)),
    );
    expect(new Set(results.map(({ type }) => type))).toEqual(new Set(['sent']));
    const arrived = (await seen()).map(({ body }) => String(fieldOf(body, 'biz_opaque_callback_data')));
    expect(arrived.sort()).toEqual([...ids].sort());
  });
});

test('a path in the address of the Graph API is kept', async () => {
  const server = await rawServer('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
  const client = createGraphClient({ graphUrl: `${server.url}/graph/`, version: 'v1.0', token: 't' });
  try {
    expect(await client.post('/me/messages', {})).toMatchObject({ type: 'answer', status: 200, body: {} });
    expect(server.heard()).toMatch(/^POST \/graph\/v1\.0\/me\/messages HTTP/u);
  } finally {
    await client.close();
    await server.stop();
  }
});

test.each([
  ['0', 0],
  ['120', 120_000],
  [' 5 ', 5_000],
  ['Fri, 31 Dec 1999 23:59:59 GMT', 29_000],
  ['Fri, 31 Dec 1999 23:59:00 GMT', 0],
  ['99999999999999999999', 86_400_000],
  ['', null],
  ['soon', null],
  [undefined, null],
])('Retry-After: %p is %p ms', (header, expected) => {
  expect(retryAfterMs(header, Date.UTC(1999, 11, 31, 23, 59, 30))).toBe(expected);
});

interface RawServer {
  readonly url: string;
  heard(): string;
  stop(): Promise<void>;
}

/** Says `answer` to whoever speaks first, and leaves the connection open. */
async function rawServer(answer: string): Promise<RawServer> {
  let heard = '';
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      if (heard === '') socket.write(answer);
      heard += chunk.toString();
    });
    sockets.add(socket);
  });
  const sockets = new Set<{ destroy(): void }>();
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${String(port)}`,
    heard: () => heard,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return closed(server);
    },
  };
}

async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await closed(server);
  return port;
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
