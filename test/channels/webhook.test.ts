import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Channel, ChannelEvent } from '../../src/channels/channel.ts';
import { createMessenger } from '../../src/channels/messenger/channel.ts';
import { createWhatsappCloud } from '../../src/channels/whatsapp-cloud/channel.ts';
import { createLog } from '../../src/log.ts';
import { flipped, mutated } from '../support/mutations.ts';

const SECRET = 'app secret';
const VERIFY = 'verify me';

let lines: string[] = [];
let received: ChannelEvent[][] = [];
let store: 'up' | 'down' = 'up';
let app: FastifyInstance;
let channels: Channel[] = [];

beforeEach(() => {
  lines = [];
  received = [];
  store = 'up';
  const log = createLog('info', { write: (line) => void lines.push(line) });
  const shared = {
    graphUrl: 'http://127.0.0.1:9',
    version: 'v25.0',
    appSecret: SECRET,
    verifyToken: VERIFY,
    mediaFolder: '.',
    log,
  };
  channels = [
    createWhatsappCloud({ ...shared, accounts: new Map([['100200300', 't']]) }),
    createMessenger({ ...shared, accounts: new Map([['9001', 't']]) }),
  ];
  app = Fastify();
  const receive = (events: readonly ChannelEvent[]): Promise<void> => {
    if (store === 'down') return Promise.reject(new Error('store unavailable'));
    received.push([...events]);
    return Promise.resolve();
  };
  for (const channel of channels) channel.routes?.(app, receive);
  app.post('/other', (request) => ({ body: request.body }));
});

afterEach(async () => {
  await app.close();
  for (const channel of channels) await channel.close?.();
});

const signature = (body: string | Buffer, secret = SECRET): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

async function post(
  url: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<number> {
  const { statusCode } = await app.inject({
    method: 'POST',
    url,
    payload: body,
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature(body), ...headers },
  });
  return statusCode;
}

const whatsapp = (text: string, account = '100200300'): unknown => ({
  object: 'whatsapp_business_account',
  entry: [
    {
      changes: [
        {
          field: 'messages',
          value: {
            metadata: { phone_number_id: account },
            messages: [
              {
                from: '49151',
                id: `wamid.${text}`,
                timestamp: '1790000000',
                type: 'text',
                text: { body: text },
              },
            ],
          },
        },
      ],
    },
  ],
});
const messenger = (text: string, page = '9001'): unknown => ({
  object: 'page',
  entry: [
    {
      id: page,
      messaging: [
        {
          sender: { id: '7001' },
          recipient: { id: page },
          timestamp: 1,
          message: { mid: `m_${text}`, text },
        },
      ],
    },
  ],
});

describe.each([
  ['/webhooks/whatsapp', whatsapp],
  ['/webhooks/messenger', messenger],
])('%s', (url, bodyOf) => {
  const verify = async (query: string): Promise<{ statusCode: number; body: string; type: string }> => {
    const answer = await app.inject(`${url}${query}`);
    return { statusCode: answer.statusCode, body: answer.body, type: String(answer.headers['content-type']) };
  };

  test('answers the verification with the bare challenge', async () => {
    expect(await verify('?hub.mode=subscribe&hub.verify_token=verify%20me&hub.challenge=1158201444')).toEqual(
      {
        statusCode: 200,
        body: '1158201444',
        type: expect.stringMatching(/^text\/plain/u),
      },
    );
  });

  test.each([
    ['no query', ''],
    ['no token', '?hub.mode=subscribe&hub.challenge=1'],
    ['another token', '?hub.mode=subscribe&hub.verify_token=x&hub.challenge=1'],
    ['another mode', '?hub.mode=unsubscribe&hub.verify_token=verify%20me&hub.challenge=1'],
    ['no challenge', '?hub.mode=subscribe&hub.verify_token=verify%20me'],
    ['broken escapes', '?hub.mode=subscribe&hub.verify_token=%E0%A4%A&hub.challenge=%'],
  ])('refuses a verification with %s and echoes nothing', async (_, query) => {
    expect(await verify(query)).toMatchObject({ statusCode: 403, body: 'forbidden' });
  });

  test('hands on a signed message', async () => {
    expect(await post(url, JSON.stringify(bodyOf('hallo')))).toBe(200);
    expect(received).toMatchObject([[{ kind: 'text', text: 'hallo' }]]);
  });

  test.each([
    'application/json; charset=utf-8',
    'text/plain',
    'application/x-unheard-of',
    'not a type;;',
    '',
  ])('reads a body whatever its content type says: %p', async (type) => {
    expect(await post(url, JSON.stringify(bodyOf('hallo')), { 'content-type': type })).toBe(200);
    expect(received).toHaveLength(1);
  });

  test('takes the bytes as they came: an escaped ä is not a ä', async () => {
    const escaped = JSON.stringify(bodyOf('Müller')).replace('ü', '\\u00fc');
    expect(
      await post(url, escaped, { 'x-hub-signature-256': signature(JSON.stringify(bodyOf('Müller'))) }),
    ).toBe(401);
    expect(await post(url, escaped)).toBe(200);
    expect(received).toMatchObject([[{ text: 'Müller' }]]);
  });

  test.each([
    ['missing', ''],
    ['short', 'sha256=abc'],
    ['of another secret', signature('{}', 'other')],
  ])('answers 401 to a signature that is %s and hands nothing on', async (_, header) => {
    expect(await post(url, '{}', { 'x-hub-signature-256': header })).toBe(401);
    expect(received).toEqual([]);
  });

  test.each([
    ['not JSON', '{"object":'],
    ['empty', ''],
    ['no UTF-8', Buffer.from([0xff, 0xfe, 0x00])],
    ['of another shape', '{"secret words":"0151 2345"}'],
    ['an array', '[]'],
    ['nested 100,000 deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ])(
    'answers 200 to a signed body that is %s, hands nothing on and says so once without content',
    async (_, body) => {
      expect(await post(url, body)).toBe(200);
      expect(received).toEqual([]);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain('webhook body not understood');
      expect(lines[0]).not.toContain('secret words');
    },
  );

  test('ignores messages to another account, with one line for all of them', async () => {
    const body = z.looseObject({ entry: z.array(z.unknown()) }).parse(bodyOf('geheim', '666'));
    const twice = { ...body, entry: [...body.entry, ...body.entry] };
    expect(await post(url, JSON.stringify(twice))).toBe(200);
    expect(received.flat().map(({ kind }) => kind)).toEqual(['ignored', 'ignored']);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('geheim');
  });

  test('fails when the messages could not be stored, so that they come again', async () => {
    store = 'down';
    expect(await post(url, JSON.stringify(bodyOf('hallo')))).toBe(500);
  });

  test('takes bodies of 3 MiB and refuses larger ones with 413', async () => {
    const padded = (length: number): string => JSON.stringify(bodyOf('hallo')).padEnd(length, ' ');
    expect(await post(url, padded(3 * 1024 * 1024))).toBe(200);
    expect(received).toHaveLength(1);
    expect(await post(url, padded(3 * 1024 * 1024 + 1))).toBe(413);
    expect(received).toHaveLength(1);
  });

  test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'] as const)('answers 405 to %s', async (method) => {
    const { statusCode, headers } = await app.inject({ method, url });
    expect([statusCode, headers.allow]).toEqual([405, 'GET, POST']);
  });

  test('answers over a real socket, the body in pieces', async () => {
    await app.listen({ port: 0, host: '127.0.0.1' });
    const body = JSON.stringify(bodyOf('Привіт'));
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(portOf(app), '127.0.0.1');
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('end', () => {
        resolve(text);
      });
      socket.on('error', reject);
      const bytes = Buffer.from(body);
      socket.write(
        `POST ${url} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${String(bytes.length)}\r\n` +
          `x-hub-signature-256: ${signature(body)}\r\n\r\n`,
      );
      socket.write(bytes.subarray(0, 100));
      setImmediate(() => socket.write(bytes.subarray(100)));
    });
    expect(answer.split('\r\n')[0]).toBe('HTTP/1.1 200 OK');
    expect(received).toMatchObject([[{ text: 'Привіт' }]]);
  });
});

test('other routes still get their JSON parsed, and still have the smaller limit', async () => {
  const send = async (payload: string): Promise<{ status: number; body: string }> => {
    const headers = { 'content-type': 'application/json' };
    const { statusCode, body } = await app.inject({ method: 'POST', url: '/other', payload, headers });
    return { status: statusCode, body };
  };
  expect(await send('{"a":1}')).toEqual({ status: 200, body: '{"body":{"a":1}}' });
  expect((await send('{"a":')).status).toBe(400);
  expect((await send(JSON.stringify('x'.repeat(2 * 1024 * 1024)))).status).toBe(413);
});

describe('2,000 spoilt and well signed bodies', () => {
  const fixtures = (file: string): unknown[] =>
    z
      .array(z.unknown())
      .parse(JSON.parse(readFileSync(path.join(import.meta.dirname, 'fixtures', file), 'utf8')));
  const whatsappBodies = fixtures('whatsapp-inbound.json').map((fixture) => {
    const { value } = z.object({ value: z.looseObject({}) }).parse(fixture);
    const metadata = { phone_number_id: '100200300' };
    return {
      object: 'whatsapp_business_account',
      entry: [{ changes: [{ field: 'messages', value: { metadata, ...value } }] }],
    };
  });
  const messengerBodies = fixtures('messenger-inbound.json').map((fixture) => {
    const { entry } = z.object({ entry: z.looseObject({}) }).parse(fixture);
    return { object: 'page', entry: [{ id: '9001', ...entry }] };
  });

  test.each([
    ['/webhooks/whatsapp', whatsappBodies],
    ['/webhooks/messenger', messengerBodies],
  ])('to %s are answered 200, never 5xx, and no person’s words are logged', async (url, bodies) => {
    const text = fc.constantFrom<unknown>(...bodies);
    const payload = fc.oneof(
      text.chain(mutated).map((body) => Buffer.from(JSON.stringify(body))),
      text.chain((body) => flipped(JSON.stringify(body))),
    );
    await fc.assert(
      fc.asyncProperty(payload, async (body) => {
        expect(await post(url, body)).toBe(200);
      }),
      { numRuns: 1000 },
    );
    // A time or a size may hold the digits of an id by chance; everything else must be of our own making.
    const words = lines.map((line) => line.replace(/"(time|bytes)":\d+/gu, ''));
    expect(words.length).toBeGreaterThan(100);
    expect(words.join('')).not.toMatch(/Hallo|Wohnung|4915100000001|7001|Amina/u);
  });
});

function portOf(server: FastifyInstance): number {
  const address: AddressInfo | string | null = server.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  return address.port;
}
