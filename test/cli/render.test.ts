import { Readable } from 'node:stream';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { render, type RenderPlatform } from '../../src/cli/render.ts';

afterEach(() => {
  process.exitCode = 0;
});

const answerSchema = z.union([
  z.strictObject({ error: z.string() }),
  z.strictObject({
    requests: z.array(
      z.strictObject({
        method: z.literal('POST'),
        path: z.string(),
        body: z.record(z.string(), z.unknown()),
      }),
    ),
  }),
]);
type Answer = z.infer<typeof answerSchema>;

/** What is printed for what is read, line by line, and the exit code. */
async function rendered(
  platform: RenderPlatform,
  chunks: readonly (string | Buffer)[],
): Promise<{ answers: Answer[]; code: unknown }> {
  const lines: string[] = [];
  await render(
    platform,
    Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
    (line) => void lines.push(line),
  );
  const { exitCode: code } = process;
  process.exitCode = 0;
  return { answers: lines.map((line) => answerSchema.parse(JSON.parse(line))), code };
}

/** The bodies for one message. */
async function bodies(platform: RenderPlatform, message: object): Promise<Record<string, unknown>[]> {
  const { answers } = await rendered(platform, [
    JSON.stringify({ text: 'Hallo', language: 'de', ...message }),
  ]);
  const [answer = { error: 'nothing was printed' }] = answers;
  if ('error' in answer) throw new Error(answer.error);
  return answer.requests.map(({ body }) => body);
}

async function problem(platform: RenderPlatform, line: string): Promise<string> {
  const { answers, code } = await rendered(platform, [line]);
  const [answer] = answers;
  expect([answers.length, code]).toEqual([1, 1]);
  return answer && 'error' in answer ? answer.error : 'no error';
}

const menu = {
  button: 'Auswählen',
  options: [
    { id: 'a/b/c', label: 'Ja' },
    { id: 'a/b/d', label: 'Nein' },
  ],
};

test('one line in, one line out, with the requests that would be sent', async () => {
  const { answers, code } = await rendered('whatsapp', [
    '{"text":"Hallo","language":"de","to":"+4915112345678","reply_to":"wamid.A"}\n',
    '{"text":"Welt","language":"de"}',
  ]);
  const common = { messaging_product: 'whatsapp', recipient_type: 'individual', type: 'text' };
  const request = (body: object): object => ({
    requests: [{ method: 'POST', path: '/{version}/{phone_number_id}/messages', body }],
  });
  expect(answers).toEqual([
    request({
      ...common,
      text: { body: 'Hallo' },
      to: '+4915112345678',
      context: { message_id: 'wamid.A' },
      biz_opaque_callback_data: '{outbox.0}',
    }),
    request({
      ...common,
      text: { body: 'Welt' },
      to: '{recipient}',
      biz_opaque_callback_data: '{outbox.0}',
    }),
  ]);
  expect(code).toBe(0);
});

test('whoever it is for is named as the platform wants it', async () => {
  const named = async (to: unknown): Promise<object> => {
    const [{ to: phone, recipient } = {}] = await bodies('whatsapp', { to });
    return { phone, recipient };
  };
  expect(await named('4915112345678')).toEqual({ phone: '+4915112345678' });
  expect(await named('DE.13491208655302741918')).toEqual({ recipient: 'DE.13491208655302741918' });
  expect(await named({ phone: '+49151', recipient: 'DE.1' })).toEqual({ phone: '+49151' });
  expect(await bodies('messenger', { to: '7001' })).toEqual([
    {
      recipient: { id: '7001' },
      messaging_type: 'RESPONSE',
      message: { text: 'Hallo', metadata: '{outbox.0}' },
    },
  ]);
});

test('the template is what goes out while the window is closed', async () => {
  const template = { name: 'reminder', parameters: ['8:00'] };
  const [body] = await bodies('whatsapp', { window: 'closed', template });
  expect(body).toMatchObject({ type: 'template', template: { name: 'reminder', language: { code: 'de' } } });
  expect(await problem('whatsapp', '{"text":"a","language":"de","window":"closed"}')).toMatch(
    /^line 1: window: .*template/u,
  );
  const line = JSON.stringify({ text: 'a', language: 'de', window: 'closed', template });
  expect(await problem('messenger', line)).toMatch(/Messenger has no templates/u);
});

test('a message of several parts gives several requests, under names of their own', async () => {
  const sent = await bodies('whatsapp', {
    media: [{ type: 'audio', url: 'https://example.org/a.ogg' }],
    menu,
  });
  expect(sent.map(({ type, biz_opaque_callback_data: name }) => [type, name])).toEqual([
    ['audio', '{outbox.0}'],
    ['interactive', '{outbox.1}'],
  ]);
});

describe('lines', () => {
  test('are cut at line feeds only, wherever the pieces of the input end', async () => {
    const text = 'مرحبا \u2028 👋\u0085';
    const bytes = Buffer.from(
      `${JSON.stringify({ text, language: 'ar' })}\r\n\n{"text":"b","language":"de"}\n`,
    );
    const { answers, code } = await rendered(
      'messenger',
      Array.from(bytes, (byte) => Buffer.from([byte])),
    );
    expect(answers).toHaveLength(2);
    expect(JSON.stringify(answers[0])).toContain(JSON.stringify(text.trim()).slice(1, -1));
    expect(code).toBe(0);
  });

  test('that are wrong are named with what, where and how to fix it, and the others still rendered', async () => {
    const good = '{"text":"a","language":"de"}';
    const { answers, code } = await rendered('whatsapp', [`${good}\n{"text":\n[]\n${good}\n`]);
    expect(answers.map((answer) => ('error' in answer ? answer.error.split(':')[0] : 'good'))).toEqual([
      'good',
      'line 2',
      'line 3',
      'good',
    ]);
    expect(code).toBe(1);
  });

  test.each([
    ['text, not JSON', 'Hallo', /not JSON; write one message on each line, e\.g\. \{"text"/u],
    ['no text', '{"language":"de"}', /text: .* at least text and language/u],
    ['an unknown key', '{"text":"a","language":"de","txt":1}', /txt/u],
    [
      'a wrong location',
      '{"text":"a","language":"de","location":{"latitude":91,"longitude":0}}',
      /location\.latitude/u,
    ],
    [
      'one id twice',
      JSON.stringify({
        text: 'a',
        language: 'de',
        menu: { ...menu, options: [menu.options[0], menu.options[0]] },
      }),
      /menu\.options\.1\.id: 'a\/b\/c' stands twice; give/u,
    ],
    [
      'a space at an id',
      JSON.stringify({ text: 'a', language: 'de', menu: { ...menu, options: [{ id: 'a ', label: 'b' }] } }),
      /menu\.options\.0\.id: 'a ' has a space at its edge/u,
    ],
    [
      'an address of somebody else’s',
      '{"text":"a","language":"de","to":{"psid":"7"}}',
      /to: the address names nobody on whatsapp/u,
    ],
  ])('with %s', async (_, line, expected) => {
    expect(await problem('whatsapp', line)).toMatch(expected);
  });

  test('of nothing are nothing', async () => {
    expect(await rendered('whatsapp', [])).toEqual({ answers: [], code: 0 });
    expect(await rendered('whatsapp', ['\n \n'])).toEqual({ answers: [], code: 0 });
  });
});

// Requests as other open projects expect them lie beside the checkout on some machines; not part of the project.
const CORPUS = path.resolve(import.meta.dirname, '../../../shared/platform/corpus/outbound');
const corpus = existsSync(CORPUS) ? describe : describe.skip;
corpus('requests as in the corpus beside the checkout', () => {
  const expectedSchema = z.object({
    request: z.object({ path: z.string(), body: z.record(z.string(), z.unknown()) }),
  });
  const read = (file: string): z.infer<typeof expectedSchema>['request'] =>
    expectedSchema.parse(JSON.parse(readFileSync(path.join(CORPUS, file), 'utf8'))).request;
  /** Of those that Lotse ever sends, the same keys and the same kinds of values; words are placeholders there. */
  const shape = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.slice(0, 1).map(shape);
    if (typeof value !== 'object' || value === null) return typeof value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]): [string, unknown] => [key, shape(inner)]),
    );
  };

  test.each<[string, object]>([
    ['metaopenapi-send-reply-button.json', { menu }],
    [
      'metaopenapi-send-audio-message-by-url.json',
      { media: [{ type: 'audio', url: 'https://example.org/a.ogg' }] },
    ],
    [
      'metaopenapi-send-location-message.json',
      { location: { latitude: 37.7, longitude: -122.4, name: 'a', address: 'b' } },
    ],
  ])('whatsapp/%s', async (file, message) => {
    const sent = (await bodies('whatsapp', message)).at(-1) ?? {};
    const { biz_opaque_callback_data: outbox, ...rest } = sent;
    expect(outbox).toBeDefined();
    expect(shape(rest)).toEqual(shape(read(`whatsapp/${file}`).body));
  });

  test.each<[string, object, object]>([
    [
      'messagingapis-sendimage-can-call-api-with-image-url.json',
      { type: 'image' },
      { is_reusable: 'boolean' },
    ],
    [
      'messagingapis-sendaudio-can-call-api-with-audio-url.json',
      { type: 'audio' },
      { is_reusable: 'boolean' },
    ],
    [
      'messagingapis-sendvideo-can-call-api-with-video-url.json',
      { type: 'video' },
      { is_reusable: 'boolean' },
    ],
  ])('messenger/%s', async (file, media, more) => {
    const sent = (await bodies('messenger', { media: [{ url: 'https://example.org/a', ...media }] })).at(-1);
    const theirs = z
      .looseObject({
        message: z.looseObject({
          attachment: z.looseObject({ type: z.string(), payload: z.looseObject({}) }),
        }),
      })
      .parse(read(`messenger/${file}`).body);
    expect(sent).toMatchObject({ message: { attachment: { type: theirs.message.attachment.type } } });
    expect(shape(sent)).toMatchObject({
      message: {
        attachment: {
          payload: { ...z.looseObject({}).parse(shape(theirs.message.attachment.payload)), ...more },
        },
      },
    });
  });
});
