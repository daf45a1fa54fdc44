import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import type { Reading } from '../../src/channels/channel.ts';
import { readMessenger } from '../../src/channels/messenger/inbound.ts';
import { readWhatsapp } from '../../src/channels/whatsapp-cloud/inbound.ts';
import { inputSchema } from '../../src/engine/input.ts';
import { anyJson, flipped, mutated } from '../support/mutations.ts';

function fixture<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema>[] {
  const text = readFileSync(path.join(import.meta.dirname, 'fixtures', file), 'utf8');
  return z.array(schema).parse(JSON.parse(text));
}

const caseSchema = z.object({
  fact: z.string(),
  outcome: z.enum(['accept', 'ignore']),
  events: z.array(z.record(z.string(), z.unknown())),
});
const whatsappCases = fixture('whatsapp-inbound.json', caseSchema.extend({ value: z.looseObject({}) }));
const messengerCases = fixture('messenger-inbound.json', caseSchema.extend({ entry: z.looseObject({}) }));

const whatsappBody = (...values: readonly object[]): unknown => ({
  object: 'whatsapp_business_account',
  entry: values.map((value) => ({
    id: '500',
    changes: [
      {
        field: 'messages',
        value: { messaging_product: 'whatsapp', metadata: { phone_number_id: '100200300' }, ...value },
      },
    ],
  })),
});
const messengerBody = (...entries: readonly object[]): unknown => ({
  object: 'page',
  entry: entries.map((entry) => ({ id: '9001', time: 1790000000200, ...entry })),
});

/** Derived ids are checked apart. */
const withoutDerived = (reading: Reading): unknown => ({
  ...reading,
  events: reading.events.map((event) =>
    'id' in event && event.id.startsWith('derived.') ? { ...event, id: 'DERIVED' } : event,
  ),
});

describe('on WhatsApp', () => {
  test.each(whatsappCases)('$fact', ({ value, outcome, events }) => {
    expect(withoutDerived(readWhatsapp(whatsappBody(value)))).toEqual({ outcome, events });
  });

  test('every entry, change and message of a batch is read, in order', () => {
    const all = whatsappCases.map(({ value }) => value);
    const apart = all.flatMap((value) => readWhatsapp(whatsappBody(value)).events);
    expect(readWhatsapp(whatsappBody(...all)).events).toEqual(apart);
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
          ],
        },
      ],
    };
    expect(readWhatsapp(body)).toEqual({
      outcome: 'ignore',
      events: [
        { kind: 'ignored', reason: 'field account_update' },
        { kind: 'ignored', reason: 'field unknown' },
      ],
    });
  });
});

describe('on Messenger', () => {
  test.each(messengerCases)('$fact', ({ entry, outcome, events }) => {
    expect(withoutDerived(readMessenger(messengerBody(entry)))).toEqual({ outcome, events });
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

test('a WhatsApp change without message, status or error is rejected', () => {
  expect(readWhatsapp(whatsappBody({ messages: [] })).outcome).toBe('reject');
});

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
  const [event] = readWhatsapp(whatsappBody({ messages: [message] })).events;
  expect(event).toMatchObject({ kind: 'form', values: { b: 'kept' } });
  expect(JSON.stringify(event)).not.toContain('[[');
});

const TURNS = ['text', 'choice', 'location', 'media', 'contacts', 'form', 'entry', 'unsupported'];

/** What must hold of any reading whatever came in. */
function sound(reading: Reading): void {
  expect(['accept', 'ignore', 'reject']).toContain(reading.outcome);
  for (const event of reading.events) {
    if (event.kind === 'ignored') expect(event.reason).toMatch(/^[\w:, -]{3,80}$/u);
    else {
      expect(event.id).not.toBe('');
      expect(Number.isSafeInteger(event.at) && event.at >= 0).toBe(true);
    }
    if (!TURNS.includes(event.kind)) continue;
    const { success } = inputSchema.safeParse(JSON.parse(JSON.stringify(event)));
    expect(success).toBe(true);
    if (!('user' in event)) throw new Error(`${event.kind} without a user`);
    expect([event.user, event.from, Object.keys(event.address).length > 0]).not.toContain('');
    expect(Object.keys(event.address).length).toBeGreaterThan(0);
  }
}

describe.each([
  ['WhatsApp', readWhatsapp, whatsappCases.map(({ value }) => whatsappBody(value))],
  ['Messenger', readMessenger, messengerCases.map(({ entry }) => messengerBody(entry))],
])('2,000 spoilt bodies of %s', (_, read, bodies) => {
  test('are read without a throw, and what they yield is sound', () => {
    fc.assert(
      fc.property(fc.constantFrom(...bodies).chain(mutated), (body) => {
        sound(read(body));
      }),
      { numRuns: 2000 },
    );
  });

  test('are read without a throw when bytes are flipped and it still is JSON', () => {
    let read_ = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...bodies).chain((body) => flipped(JSON.stringify(body))),
        (bytes) => {
          const body = anyJson(bytes.toString());
          if (body === undefined) return;
          read_ += 1;
          sound(read(body));
        },
      ),
      { numRuns: 2000 },
    );
    expect(read_).toBeGreaterThan(200);
  });
});
