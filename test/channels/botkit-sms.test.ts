import { createHmac } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { createBotkit } from '../../src/channels/botkit/channel.ts';
import { smsBridge } from '../../src/channels/botkit/sms.ts';
import type { Channel, ChannelEvent } from '../../src/channels/channel.ts';
import { createLog } from '../../src/log.ts';
import { addressOf, turnOf } from './botkit-support.ts';

const TOKEN = 'an auth token for tests';
const WEBHOOK = 'https://lotse.example/bridges/sms';
const OURS = '+4982100000';
const PERSON = '+4915100000001';
const silent = [jest.spyOn(console, 'error'), jest.spyOn(console, 'warn'), jest.spyOn(console, 'log')];

/** What Twilio posts, and what it was asked to send. */
interface Asked {
  readonly path: string | undefined;
  readonly authorization: string | undefined;
  readonly form: Record<string, string>;
}

let twilio: Server;
let asked: Asked[];
let answerWith: (res: ServerResponse) => void;
let channel: Channel;
let app: FastifyInstance;
let received: ChannelEvent[];
let failure: Error | null;
let failures: unknown[];
let lines: string[];

const answer =
  (status: number, body: unknown) =>
  (res: ServerResponse): void => {
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

async function open(url: string, timeoutMs?: number): Promise<Channel> {
  const connection = await smsBridge.create({
    TWILIO_NUMBER: OURS,
    TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
    TWILIO_AUTH_TOKEN: TOKEN,
    TWILIO_WEBHOOK_URL: WEBHOOK,
    TWILIO_URL: url,
  });
  const log = createLog('debug', { write: (line) => void lines.push(line) });
  return createBotkit({
    bridge: smsBridge,
    connection,
    log,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}

beforeAll(async () => {
  twilio = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(body));
      asked.push({ path: req.url, authorization: req.headers.authorization, form });
      answerWith(res);
    });
  });
  await new Promise<void>((resolve) => twilio.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  twilio.closeAllConnections();
  twilio.close();
});

beforeEach(async () => {
  [asked, received, failures, lines, failure] = [[], [], [], [], null];
  answerWith = answer(201, { sid: 'SM-sent', status: 'queued' });
  channel = await open(`http://${addressOf(twilio)}`);
  app = Fastify();
  app.setErrorHandler((error, _request, reply) => {
    failures.push(error);
    return reply.code(503).send();
  });
  channel.routes?.(app, (events) => {
    if (failure) return Promise.reject(failure);
    received.push(...events);
    return Promise.resolve();
  });
});

afterEach(async () => {
  await app.close();
  for (const spy of silent) {
    expect(spy).not.toHaveBeenCalled();
    spy.mockClear();
  }
});

const form = (fields: Record<string, string>): Record<string, string> => ({
  MessageSid: 'SM1',
  SmsMessageSid: 'SM1',
  AccountSid: 'AC00000000000000000000000000000000',
  From: PERSON,
  To: OURS,
  Body: '',
  NumMedia: '0',
  ...fields,
});

/** Twilio's page «Validating requests»: HMAC-SHA1 over the address and all fields, sorted. */
function signature(fields: Record<string, string>, token = TOKEN, url = WEBHOOK): string {
  const data = Object.keys(fields)
    .toSorted()
    .reduce((text, key) => text + key + String(fields[key]), url);
  return createHmac('sha1', token).update(data).digest('base64');
}

async function post(
  fields: Record<string, string>,
  signed?: string,
): Promise<{ status: number; body: string }> {
  const { statusCode, body } = await app.inject({
    method: 'POST',
    url: '/bridges/sms',
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      ...(signed === '' ? {} : { 'x-twilio-signature': signed ?? signature(fields) }),
    },
    payload: new URLSearchParams(fields).toString(),
  });
  return { status: statusCode, body };
}

describe('what Twilio posts', () => {
  test.each<[string, Record<string, string>, object]>([
    ['a text', { Body: 'Привіт & Grüße' }, { kind: 'text', text: 'Привіт & Grüße' }],
    [
      'a picture',
      {
        Body: 'my letter',
        NumMedia: '1',
        MediaUrl0: 'https://api.twilio.com/media/1',
        MediaContentType0: 'image/jpeg',
      },
      {
        kind: 'media',
        media: {
          type: 'image',
          url: 'https://api.twilio.com/media/1',
          mime: 'image/jpeg',
          caption: 'my letter',
        },
      },
    ],
    [
      'a place',
      { Latitude: '48.37', Longitude: '10.89', Label: 'Augsburg' },
      { kind: 'location', latitude: 48.37, longitude: 10.89, name: 'Augsburg' },
    ],
    ['nothing', {}, { kind: 'unsupported', what: 'empty' }],
    ['a date', { Body: '12/3/2026' }, { kind: 'text', text: '12/3/2026' }],
    ['STOP', { Body: 'STOP', OptOutType: 'STOP' }, { kind: 'system', change: 'wants', wants: 'stop' }],
    ['START', { Body: 'START', OptOutType: 'START' }, { kind: 'system', change: 'wants', wants: 'start' }],
  ])('%s becomes one event, and is answered 200 with nothing', async (_, fields, input) => {
    expect(await post(form(fields))).toEqual({ status: 200, body: '' });
    expect(received).toEqual([
      {
        id: 'SM1',
        account: OURS,
        from: PERSON,
        user: PERSON,
        address: { reference: expect.any(String) },
        at: expect.any(Number),
        ...input,
      },
    ]);
  });

  test('HELP, which Twilio has answered, is not answered again', async () => {
    expect((await post(form({ Body: 'HELP', OptOutType: 'HELP' }))).status).toBe(200);
    expect(received).toEqual([{ kind: 'ignored', reason: 'answered by Twilio' }]);
  });

  test('the older name of the id tells a message that comes twice', async () => {
    const fields = Object.entries(form({ Body: 'x', SmsMessageSid: 'SM-old' }));
    await post(Object.fromEntries(fields.filter(([name]) => name !== 'MessageSid')));
    expect(received).toMatchObject([{ id: 'SM-old' }]);
  });

  const fields = form({ Body: 'Hallo' });
  test.each([
    ['missing', ''],
    ['of another token', signature(fields, 'other')],
    ['of another address', signature(fields, TOKEN, 'https://evil.example/')],
    ['of another message', signature(form({ Body: 'Hello' }))],
  ])('a signature that is %s is refused with 400, and logged without content', async (_, signed) => {
    expect((await post(fields, signed)).status).toBe(400);
    expect(received).toEqual([]);
    expect(lines.join('')).toContain('the adapter refused a request');
    expect(lines.join('')).not.toMatch(/Hallo|4915100000001/u);
  });

  test('another kind of body is refused', async () => {
    const asJson = (payload: string): Promise<{ statusCode: number }> =>
      app.inject({
        method: 'POST',
        url: '/bridges/sms',
        headers: { 'content-type': 'application/json', 'x-twilio-signature': 'x' },
        payload,
      });
    expect((await asJson('{"From":"x"}')).statusCode).toBe(400);
    expect((await asJson('{')).statusCode).toBe(400);
    expect(received).toEqual([]);
  });

  test('what could not be stored fails with the very error of the store, so that Twilio posts again', async () => {
    failure = new Error('down');
    expect((await post(form({ Body: 'Hallo' }))).status).toBe(503);
    expect(failures).toEqual([failure]);
    failure = null;
    expect((await post(form({ Body: 'Hallo' }))).status).toBe(200);
    expect(received).toHaveLength(1);
  });
});

describe('what is sent to Twilio', () => {
  const send = async (over = channel): ReturnType<Channel['send']> => {
    await post(form({ Body: 'Hallo' }));
    const { account, address } = turnOf(received.at(-1));
    return over.send({ account, address }, { text: 'Grüße' }, 'outbox.1');
  };

  test('goes from our number to the person', async () => {
    expect(await send()).toEqual({ type: 'sent', platformId: 'SM-sent' });
    expect(asked).toEqual([
      {
        path: '/2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json',
        authorization: `Basic ${Buffer.from(`AC00000000000000000000000000000000:${TOKEN}`).toString('base64')}`,
        form: { Body: 'Grüße', From: OURS, To: PERSON },
      },
    ]);
  });

  test.each<[string, number, unknown, object]>([
    ['opted out', 400, { code: 21610, message: 'x' }, { type: 'refused', why: 'opt-out' }],
    ['no mobile number', 400, { code: 21211, message: 'x' }, { type: 'refused', why: 'permanent' }],
    ['our queue is full', 400, { code: 21611, message: 'x' }, { type: 'retry' }],
    ['too fast', 429, { code: 20429, message: 'x' }, { type: 'retry', afterMs: null }],
    ['broken', 503, { code: 20503, message: 'x' }, { type: 'retry', afterMs: null }],
    ['wrong token', 401, { code: 20003, message: 'x' }, { type: 'retry', afterMs: 60_000 }],
  ])('%s: the message ends as that', async (_, status, body, result) => {
    answerWith = answer(status, body);
    expect(await send()).toMatchObject(result);
    expect(asked).toHaveLength(1);
    expect(lines.join('')).not.toMatch(/Grüße|4915100000001/u);
  });

  test('an answer in HTML, a connection that ends and one that hangs are unclear', async () => {
    answerWith = (res) => void res.writeHead(502).end('<html>');
    expect(await send()).toMatchObject({ type: 'unclear' });
    answerWith = (res) => void res.destroy();
    expect(await send()).toMatchObject({ type: 'unclear', reason: 'code ECONNRESET' });
    const hanging: ServerResponse[] = [];
    answerWith = (res) => void hanging.push(res);
    expect(await send(await open(`http://${addressOf(twilio)}`, 50))).toEqual({
      type: 'unclear',
      reason: 'time-out',
    });
    // What comes of it later harms nothing.
    for (const res of hanging) res.destroy();
    answerWith = answer(201, { sid: 'SM-sent' });
    expect(await send()).toMatchObject({ type: 'sent' });
  });

  test('where no connection comes about nothing was sent', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const url = `http://${addressOf(gone)}`;
    await new Promise((resolve) => gone.close(resolve));
    expect(await send(await open(url))).toMatchObject({ type: 'retry', reason: 'code ECONNREFUSED' });
  });
});

test('menus are numbered lines, in messages of at most 1,600 characters', () => {
  const parts = channel.render({
    text: 'x'.repeat(1600),
    language: 'en',
    menu: {
      button: 'Choose',
      style: 'auto',
      options: [
        { id: 'a/b/c', label: 'A flat' },
        { id: 'a/b/d', label: 'A doctor' },
      ],
    },
  });
  expect(parts).toEqual([{ text: 'x'.repeat(1600) }, { text: '1. A flat\n2. A doctor' }]);
});
