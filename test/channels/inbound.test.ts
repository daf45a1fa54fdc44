import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Reading } from '../../src/channels/channel.ts';
import { readMessenger } from '../../src/channels/messenger/inbound.ts';
import { readWhatsapp } from '../../src/channels/whatsapp-cloud/inbound.ts';
import { messengerBody, messengerCases, whatsappBody, whatsappCases } from './inbound-cases.ts';

/** All that Meta's reference names; each is owed a case. */
const WHATSAPP_TYPES = [
  'text',
  'button',
  'interactive',
  'location',
  'image',
  'video',
  'audio',
  'document',
  'sticker',
  'contacts',
  'order',
  'reaction',
  'system',
  'unsupported',
  'unknown',
  'request_welcome',
  'edit',
  'revoke',
];
const MESSENGER_KEYS = [
  'message',
  'postback',
  'referral',
  'delivery',
  'read',
  'reaction',
  'optin',
  'message_edit',
  'account_linking',
  'policy_enforcement',
  'policy-enforcement',
  'pass_thread_control',
  'take_thread_control',
  'request_thread_control',
];
const MESSENGER_ATTACHMENTS = [
  'image',
  'audio',
  'video',
  'file',
  'sticker',
  'reel',
  'ig_reel',
  'post',
  'ig_post',
  'template',
  'location',
  'appointment_booking',
  'fallback',
];

/** Derived ids are checked apart. */
const withoutDerived = (reading: Reading): unknown => ({
  ...reading,
  events: reading.events.map((event) =>
    'id' in event && event.id.startsWith('derived.') ? { ...event, id: 'DERIVED' } : event,
  ),
});

describe('on WhatsApp', () => {
  test.each(whatsappCases)('$fact', ({ field, value, outcome, events }) => {
    expect(withoutDerived(readWhatsapp(whatsappBody({ field, value })))).toEqual({ outcome, events });
  });

  test('there is a case of every type', () => {
    const schema = z.object({ messages: z.array(z.object({ type: z.unknown() }).catch({ type: null })) });
    const types = whatsappCases.flatMap(({ value }) => {
      const { messages } = schema.catch({ messages: [] }).parse(value);
      return messages.map(({ type }) => type);
    });
    expect(types).toEqual(expect.arrayContaining(WHATSAPP_TYPES));
  });

  test('every entry, change and message of a batch is read, in order', () => {
    const apart = whatsappCases.flatMap((change) => readWhatsapp(whatsappBody(change)).events);
    expect(readWhatsapp(whatsappBody(...whatsappCases)).events).toEqual(apart);
    expect(apart.length).toBeGreaterThan(whatsappCases.length);
  });

  test('other fields are ignored by name', () => {
    const body = {
      object: 'whatsapp_business_account',
      entry: [
        {
          changes: [
            { field: 'account_update', value: { event: 'X' } },
            { field: 'secret 123', value: 1 },
            { field: 7, value: { messages: [] } },
          ],
        },
      ],
    };
    expect(readWhatsapp(body)).toEqual({
      outcome: 'ignore',
      events: [
        { kind: 'ignored', reason: 'field account_update' },
        { kind: 'ignored', reason: 'field unknown' },
        { kind: 'ignored', reason: 'field unknown' },
      ],
    });
  });
});

describe('on Messenger', () => {
  test.each(messengerCases)('$fact', ({ entry, outcome, events }) => {
    expect(withoutDerived(readMessenger(messengerBody(entry)))).toEqual({ outcome, events });
  });

  test('there is a case of every sort of event and attachment', () => {
    const items = messengerCases.flatMap(({ entry }) =>
      z.array(z.looseObject({}).catch({})).catch([]).parse(entry['messaging']),
    );
    expect(items.flatMap((item) => Object.keys(item))).toEqual(expect.arrayContaining(MESSENGER_KEYS));
    const schema = z.object({ attachments: z.array(z.object({ type: z.string() })) });
    const attachments = items.flatMap(({ message }) => {
      const parsed = schema.safeParse(message);
      return parsed.success ? parsed.data.attachments.map(({ type }) => type) : [];
    });
    expect(attachments).toEqual(expect.arrayContaining(MESSENGER_ATTACHMENTS));
  });

  test('every entry and item of a batch is read, in order', () => {
    const all = messengerCases.map(({ entry }) => entry);
    const apart = all.flatMap((entry) => readMessenger(messengerBody(entry)).events);
    expect(readMessenger(messengerBody(...all)).events).toEqual(apart);
  });

  test('an entry with nothing in it is ignored', () => {
    expect(readMessenger(messengerBody({})).outcome).toBe('ignore');
  });
});

describe.each([
  ['WhatsApp', readWhatsapp, 'whatsapp_business_account'],
  ['Messenger', readMessenger, 'page'],
])('what is not of the shape of %s', (_, read, object) => {
  test.each([
    ['null', null],
    ['an array', []],
    ['a number', 7],
    ['an empty object', {}],
    ['another object', { object: 'instagram', entry: [{}] }],
    ['no entry', { object }],
    ['an empty entry', { object, entry: [] }],
    ['an entry that is no array', { object, entry: {} }],
  ])('is rejected with a reason: %s', (_name, body) => {
    expect(read(body)).toMatchObject({ outcome: 'reject', events: [], reason: expect.any(String) });
  });
});

test.each(['messages', 'user_id_update', 'user_preferences'])(
  'a WhatsApp change of the field %s with nothing in it is rejected',
  (field) => {
    expect(readWhatsapp(whatsappBody({ field, value: { [field]: [] } })).outcome).toBe('reject');
  },
);

describe('an event that came without an id', () => {
  const postback = (timestamp: number, payload: string, psid = '7001'): string => {
    const item = { sender: { id: psid }, recipient: { id: '9001' }, timestamp, postback: { payload } };
    const [event] = readMessenger(messengerBody({ messaging: [item] })).events;
    return event && 'id' in event ? event.id : '';
  };

  test('has the same id whenever it is delivered', () => {
    expect(postback(1, 'a/b/c')).toMatch(/^derived\.[\w-]{22}$/u);
    expect(postback(1, 'a/b/c')).toBe(postback(1, 'a/b/c'));
  });

  test('has another id than any other event', () => {
    const ids = [
      postback(1, 'a/b/c'),
      postback(2, 'a/b/c'),
      postback(1, 'a/b/d'),
      postback(1, 'a/b/c', '7002'),
    ];
    expect(new Set(ids).size).toBe(4);
  });
});

test('a form nested a million deep is read without harm', () => {
  const deep = `{"a":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)},"b":"kept"}`;
  const message = {
    from: '1',
    id: 'wamid.A',
    type: 'interactive',
    interactive: { type: 'nfm_reply', nfm_reply: { response_json: deep } },
  };
  const [event] = readWhatsapp(whatsappBody({ value: { messages: [message] } })).events;
  expect(event).toMatchObject({ kind: 'form', values: { b: 'kept' } });
  expect(JSON.stringify(event)).not.toContain('[[');
});
