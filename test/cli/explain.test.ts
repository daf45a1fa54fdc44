import { describe, expect, test } from '@jest/globals';
import { explained } from '../../src/cli/explain.ts';
import type { Platform } from '../../src/channels/readers.ts';
import { messengerBody, messengerCases, whatsappBody, whatsappCases } from '../channels/inbound-cases.ts';

/** What comes out where this goes in, in pieces of `size` bytes. */
async function run(platform: Platform, input: string | Buffer, size = 64 * 1024): Promise<unknown[]> {
  const bytes = Buffer.from(input);
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += size)
      yield await Promise.resolve(bytes.subarray(at, at + size));
  }
  const lines: unknown[] = [];
  for await (const line of explained(platform, pieces())) {
    expect(line).not.toContain('\n');
    lines.push(JSON.parse(line));
  }
  return lines;
}

const saying = (text: string): unknown => ({
  ...{ sender: { id: '7001' }, recipient: { id: '9001' }, timestamp: 1790000000123 },
  message: { mid: 'm_A', text },
});
const hello = (text = 'Hallo'): string => JSON.stringify(messengerBody({ messaging: [saying(text)] }));
const understood = (text = 'Hallo'): unknown => ({
  outcome: 'accept',
  events: [{ kind: 'text', id: 'm_A', from: '7001', at: 1790000000123, text }],
});

/** All that may be printed of an event, by its kind. */
const DETAILS: Readonly<Record<string, readonly string[]>> = {
  text: ['text'],
  choice: ['choice', 'text'],
  location: ['latitude', 'longitude', 'name'],
  media: ['media'],
  contacts: [],
  reaction: ['emoji', 'target'],
  form: ['values'],
  system: ['change'],
  entry: ['ref'],
  status: ['status', 'target', 'error'],
  echo: [],
  unsupported: [],
};

function shown(event: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kind = String(event['kind']);
  const keys =
    kind === 'ignored' ? ['kind', 'reason'] : ['kind', 'id', 'from', 'at', ...(DETAILS[kind] ?? [])];
  const entries = Object.entries(event).filter(([key]) => keys.includes(key));
  return Object.fromEntries(entries.map(([key, value]) => [key, key === 'id' ? derived(value) : value]));
}

const derived = (id: unknown): unknown =>
  typeof id === 'string' && id.startsWith('derived.') ? 'DERIVED' : id;

function withoutDerived(line: unknown): unknown {
  return JSON.parse(JSON.stringify(line), (key, value: unknown) => (key === 'id' ? derived(value) : value));
}

describe('every case of the channels is explained as it is read, one line each', () => {
  test.each([
    [
      'whatsapp',
      whatsappCases.map((change) => whatsappBody(change)),
      whatsappCases.map(({ outcome, events }) => ({ outcome, events: events.map(shown) })),
    ],
    [
      'messenger',
      messengerCases.map(({ entry }) => messengerBody(entry)),
      messengerCases.map(({ outcome, events }) => ({ outcome, events: events.map(shown) })),
    ],
  ] as const)('%s', async (platform, bodies, lines) => {
    const input = bodies.map((body) => `${JSON.stringify(body)}\n`).join('');
    expect((await run(platform, input)).map(withoutDerived)).toEqual(lines);
  });
});

test('nothing that only Lotse needs is printed', async () => {
  const message = {
    from: '4915100000001',
    id: 'wamid.A',
    timestamp: '1790000000',
    type: 'system',
    system: { wa_id: '4915100000002', type: 'user_changed_number' },
  };
  const body = JSON.stringify(whatsappBody({ value: { messages: [message] } }));
  expect(await run('whatsapp', body)).toEqual([
    {
      outcome: 'accept',
      events: [
        {
          kind: 'system',
          id: 'wamid.A',
          from: '4915100000001',
          at: 1790000000000,
          change: 'user_changed_number',
        },
      ],
    },
  ]);
});

test('what is no JSON, or none of the platform’s, is rejected with a reason, and the rest goes on', async () => {
  const reject = (reason: string): unknown => ({ outcome: 'reject', events: [], reason });
  expect(await run('messenger', `{"object":\n[]\n{"object":"page"}\n${hello()}`)).toEqual([
    reject('not JSON'),
    reject('no object with entries'),
    reject('no object with entries'),
    understood(),
  ]);
});

test('blank lines, line ends of Windows and a byte order mark do no harm', async () => {
  expect(await run('messenger', `\uFEFF${hello()}\r\n\r\n   \n\n${hello()}`)).toEqual([
    understood(),
    understood(),
  ]);
  expect(await run('messenger', '')).toEqual([]);
});

test.each([1, 7, 100_000])('a body comes through in pieces of %d bytes', async (size) => {
  const words = 'Привіт 👋 مرحبا';
  expect(await run('messenger', `${hello(words)}\n${hello()}\n`, size)).toEqual([
    understood(words),
    understood(),
  ]);
});

test('only a line feed ends a line: people write other separators', async () => {
  const words = 'eins\u2028zwei\u2029drei\u0085vier';
  expect(await run('messenger', `${hello(words)}\n`)).toEqual([understood(words)]);
});

test('bodies of 3 MiB are read, and larger ones rejected as the webhook does, without harm to the next', async () => {
  const MAX = 3 * 1024 * 1024;
  const padded = (length: number): string =>
    hello()
      .slice(0, -1)
      .padEnd(length - 1, ' ') + '}';
  const input = `${padded(MAX)}\n${padded(MAX + 1)}\n${padded(2 * MAX)}\n${hello()}`;
  const tooLarge = { outcome: 'reject', events: [], reason: 'larger than 3 MiB' };
  expect(await run('messenger', input)).toEqual([understood(), tooLarge, tooLarge, understood()]);
});

test('lines are answered while the input is still open', async () => {
  async function* open(): AsyncGenerator<Buffer> {
    yield Buffer.from(`${hello()}\n`);
    await new Promise(() => undefined);
  }
  const lines = explained('messenger', open());
  const first = await lines.next();
  expect(JSON.parse(String(first.value))).toEqual(understood());
});
