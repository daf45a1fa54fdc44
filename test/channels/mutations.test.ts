import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import Fastify from 'fastify';
import type { ChannelEvent, Reading } from '../../src/channels/channel.ts';
import { createMessenger } from '../../src/channels/messenger/channel.ts';
import { READERS, type Platform } from '../../src/channels/readers.ts';
import { createWhatsappCloud } from '../../src/channels/whatsapp-cloud/channel.ts';
import { inputSchema } from '../../src/engine/input.ts';
import { createLog } from '../../src/log.ts';
import { anyJson, flipped, mutated } from '../support/mutations.ts';
import { NUMBER, PAGE, messengerBody, messengerCases, whatsappBody, whatsappCases } from './inbound-cases.ts';

// 100,000 through the readers (and some that are no JSON any more), 4,000 more through the server.
const REPLACED = 40_000;
const FLIPPED = 10_000;
const QUIET = 10_000;
const SIGNED = 1_000;

const BODIES: Readonly<Record<Platform, readonly unknown[]>> = {
  whatsapp: whatsappCases.map((change) => whatsappBody(change)),
  messenger: messengerCases.map((entry) => messengerBody(entry.entry)),
};

const spoilt = (platform: Platform): fc.Arbitrary<unknown> =>
  fc.constantFrom(...BODIES[platform]).chain(mutated);
const garbled = (platform: Platform): fc.Arbitrary<Buffer> =>
  fc.constantFrom(...BODIES[platform]).chain((body) => flipped(JSON.stringify(body)));

const isTurn = ({ kind }: ChannelEvent): boolean => inputKinds.has(kind);
const inputKinds = new Set<string>(inputSchema.options.map(({ shape }) => shape.kind.value));

/** What is wrong with a reading, whatever it was read from; '' if nothing. Matchers would take most of the time. */
function flawOf(reading: Reading): string {
  if (reading.outcome === 'reject') return reading.reason === '' ? 'no reason' : '';
  for (const event of reading.events) {
    if (event.kind === 'ignored') {
      if (!/^[\w:, -]{3,80}$/u.test(event.reason)) return `reason: ${event.reason}`;
      continue;
    }
    if (event.id === '') return 'no id';
    if (!Number.isSafeInteger(event.at) || event.at < 0) return `at: ${String(event.at)}`;
    if (event.kind === 'system' && event.moved && isNowhere(event.moved)) return 'moved to nowhere';
    if (!('user' in event)) continue;
    if (event.from === '' || isNowhere(event)) return `${event.kind} of nobody`;
    if (isTurn(event) && !inputSchema.safeParse(JSON.parse(JSON.stringify(event))).success)
      return `${event.kind} that cannot be stored`;
  }
  return '';
}

function isNowhere({ user, address }: { user: string; address: Readonly<Record<string, string>> }): boolean {
  const places = Object.values(address);
  return user === '' || places.length === 0 || places.includes('');
}

/** No person's message, each with a place for content of any kind; what holds the content says what it is. */
const NO_MESSAGE: Readonly<
  Record<Platform, Readonly<Record<string, { content: unknown; around: (content: unknown) => unknown }>>>
> = {
  whatsapp: {
    ...lists('statuses', { id: 'wamid.S', status: 'sent', timestamp: '1', recipient_id: '4915100000001' }),
    ...lists('errors', { code: 131000, title: 'x' }),
    ...told('reaction', { message_id: 'wamid.Z', emoji: '👍' }),
    ...told('system', { body: 'a changed from 49151 to 49152', wa_id: '49152', type: 'user_changed_number' }),
    ...told('edit', { original_message_id: 'wamid.Z', message: { type: 'text', text: { body: 'Hallo' } } }),
    ...told('revoke', { original_message_id: 'wamid.Z' }),
    ...fields('user_id_update', [{ wa_id: '49151', user_id: { previous: 'DE.1', current: 'DE.2' } }]),
    ...fields('user_preferences', [{ wa_id: '49151', value: 'stop', category: 'marketing_messages' }]),
    ...fields('smb_message_echoes', [
      { from: '49151', id: 'wamid.A', type: 'text', text: { body: 'Hallo' } },
    ]),
    'a message to a group': {
      content: { from: '49151', id: 'wamid.A', type: 'text', text: { body: 'Hallo' } },
      around: (content) => whatsappBody({ value: { messages: [{ ...object(content), group_id: 'G1' }] } }),
    },
  },
  messenger: {
    'an echo': {
      content: { mid: 'm_A', text: 'Hallo', app_id: 1, metadata: 'c.1', attachments: [{ type: 'image' }] },
      around: (content) => item({ message: { ...object(content), is_echo: true } }),
    },
    'a standby chat': {
      content: [{ sender: { id: '7001' }, message: { mid: 'm_A', text: 'Hallo' } }],
      around: (standby) => messengerBody({ standby }),
    },
    'a change of the page': {
      content: [{ field: 'feed', value: { message: 'Hallo', from: { id: '7001' } } }],
      around: (changes) => messengerBody({ changes }),
    },
    ...items('delivery', { mids: ['m_1'], watermark: 1790000000100 }),
    ...items('read', { watermark: 1790000000100 }),
    ...items('reaction', { mid: 'm_1', action: 'react', emoji: '👍' }),
    ...items('message_edit', { mid: 'm_1', text: 'neu', num_edit: 1 }),
    ...items('optin', { ref: 'x', user_ref: 'y' }),
    ...items('account_linking', { status: 'linked' }),
    ...items('pass_thread_control', { new_owner_app_id: 1, metadata: 'x' }),
    ...items('take_thread_control', { previous_owner_app_id: 1 }),
    ...items('request_thread_control', { requested_owner_app_id: 1 }),
    ...items('policy_enforcement', { action: 'block', reason: 'x' }),
  },
};

type Sorts = Record<string, { content: unknown; around: (content: unknown) => unknown }>;

/** A list of a WhatsApp change. */
function lists(key: string, one: unknown): Sorts {
  return { [key]: { content: [one, one], around: (content) => whatsappBody({ value: { [key]: content } }) } };
}

/** A WhatsApp message of this type. */
function told(type: string, content: unknown): Sorts {
  const sender = { from: '4915100000001', id: 'wamid.A', timestamp: '1790000000', type };
  return {
    [type]: {
      content,
      around: (inner) => whatsappBody({ value: { messages: [{ ...sender, [type]: inner }] } }),
    },
  };
}

/** A WhatsApp change of another field than messages. */
function fields(field: string, content: unknown): Sorts {
  return {
    [field]: {
      content,
      around: (inner) => whatsappBody({ field, value: { [field]: inner, messages: inner } }),
    },
  };
}

/** A Messenger event with this key. */
function items(key: string, content: unknown): Sorts {
  return { [key]: { content, around: (inner) => item({ [key]: inner }) } };
}

function item(content: object): unknown {
  const envelope = { sender: { id: '7001' }, recipient: { id: PAGE }, timestamp: 1790000000123 };
  return messengerBody({ messaging: [{ ...envelope, ...content }] });
}

function object(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value };
}

function quiet(platform: Platform): fc.Arbitrary<{ sort: string; body: unknown }> {
  return fc
    .constantFrom(...Object.entries(NO_MESSAGE[platform]))
    .chain(([sort, { content, around }]) =>
      mutated(content).map((changed) => ({ sort, body: around(changed) })),
    );
}

describe.each(['whatsapp', 'messenger'] as const)('50,000 spoilt bodies of %s', (platform) => {
  const read = READERS[platform];

  test('with other values are read without a throw, and what they yield is sound', () => {
    fc.assert(
      fc.property(spoilt(platform), (body) => {
        const flaw = flawOf(read(body));
        if (flaw !== '') throw new Error(flaw);
      }),
      { numRuns: REPLACED },
    );
  });

  test('with other bytes are read without a throw, where they still are JSON', () => {
    let bodies = 0;
    fc.assert(
      fc.property(garbled(platform), (bytes) => {
        const body = anyJson(bytes.toString());
        if (body === undefined) return;
        bodies += 1;
        const flaw = flawOf(read(body));
        if (flaw !== '') throw new Error(flaw);
      }),
      { numRuns: FLIPPED },
    );
    expect(bodies).toBeGreaterThan(FLIPPED / 10);
  });

  test('are never a turn where they are no person’s message, whatever is in it', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(quiet(platform), ({ sort, body }) => {
        seen.add(sort);
        const reading = read(body);
        const flaw = flawOf(reading);
        if (flaw !== '') throw new Error(flaw);
        const turn = reading.events.find(isTurn);
        if (turn) throw new Error(`${sort} became ${turn.kind}`);
      }),
      { numRuns: QUIET },
    );
    expect([...seen].sort()).toEqual(Object.keys(NO_MESSAGE[platform]).sort());
  });

  test('are not quiet by themselves: whole messages are turns', () => {
    const turns = BODIES[platform].flatMap((body) => read(body).events.filter(isTurn));
    expect(turns.length).toBeGreaterThan(20);
  });
});

describe.each(['whatsapp', 'messenger'] as const)('2,000 spoilt and well signed bodies to %s', (platform) => {
  const SECRET = 'app secret';

  async function withServer(
    use: (post: (body: Buffer) => Promise<number>, received: ChannelEvent[]) => Promise<void>,
  ): Promise<void> {
    const log = createLog('silent', { write: () => undefined });
    const shared = { graphUrl: 'http://127.0.0.1:9', version: 'v25.0', appSecret: SECRET, log };
    const channel =
      platform === 'whatsapp'
        ? createWhatsappCloud({
            ...shared,
            verifyToken: 'v',
            mediaFolder: '.',
            accounts: new Map([[NUMBER, 't']]),
          })
        : createMessenger({
            ...shared,
            verifyToken: 'v',
            mediaFolder: '.',
            accounts: new Map([[PAGE, 't']]),
          });
    const app = Fastify();
    const received: ChannelEvent[] = [];
    channel.routes?.(app, (events) => {
      received.push(...events);
      return Promise.resolve();
    });
    const post = async (payload: Buffer): Promise<number> => {
      const signature = createHmac('sha256', SECRET).update(payload).digest('hex');
      const headers = {
        'content-type': 'application/json',
        'x-hub-signature-256': `sha256=${signature}`,
      };
      const url = `/webhooks/${platform}`;
      return (await app.inject({ method: 'POST', url, payload, headers })).statusCode;
    };
    try {
      await use(post, received);
    } finally {
      await app.close();
      await channel.close?.();
    }
  }

  const bytesOf = (body: unknown): Buffer => Buffer.from(JSON.stringify(body));

  test('are answered 200, never 5xx', async () => {
    await withServer(async (post, received) => {
      const payload = fc.oneof(spoilt(platform).map(bytesOf), garbled(platform));
      await fc.assert(
        fc.asyncProperty(payload, async (body) => {
          expect(await post(body)).toBe(200);
        }),
        { numRuns: SIGNED },
      );
      expect(received.some(isTurn)).toBe(true);
    });
  });

  test('are never a turn where they are no person’s message', async () => {
    await withServer(async (post, received) => {
      await fc.assert(
        fc.asyncProperty(quiet(platform), async ({ body }) => {
          expect(await post(bytesOf(body))).toBe(200);
          expect(received.filter(isTurn)).toEqual([]);
          received.length = 0;
        }),
        { numRuns: SIGNED },
      );
    });
  });
});
