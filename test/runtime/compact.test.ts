import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { newSession } from '../../src/engine/session.ts';
import { fromCompact, toCompact } from '../../src/runtime/compact.ts';
import type { Conversation } from '../../src/runtime/records.ts';

const word = fc.string();
const time = fc.nat(2_000_000_000_000);
const dictionary = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  // Names come from flows and channels; zod leaves this one out, wherever it comes from.
  fc.dictionary(
    word.filter((name) => name !== '__proto__'),
    value,
    { noNullPrototype: true },
  );

const session = fc.record({
  v: fc.constant(1 as const),
  language: fc.option(word),
  frames: fc.array(fc.record({ flow: word, step: word, version: word }), { maxLength: 16 }),
  answers: dictionary(dictionary(fc.record({ value: word, until: fc.option(time) }))),
  trail: fc.array(word, { maxLength: 10 }),
  asked: fc.option(fc.record({ options: fc.array(word), misses: fc.nat(9) })),
  overlay: fc.option(fc.constantFrom('language' as const, 'forget' as const)),
  stopped: fc.boolean(),
  quiet: fc.boolean(),
  reminders: fc.array(fc.record({ at: time, flow: word, step: word }), { maxLength: 5 }),
  at: time,
});

const conversation: fc.Arbitrary<Conversation> = fc.record({
  channel: word,
  account: word,
  address: dictionary(word),
  heardMs: time,
  session,
  held: fc.array(dictionary(fc.jsonValue({ maxDepth: 1 })), { maxLength: 2 }),
  sorryMs: fc.oneof(fc.constant(0), time),
});

/** As it comes back from the store. */
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('every conversation comes back as it was', () => {
  fc.assert(
    fc.property(conversation, (value) => {
      expect(fromCompact(throughJson(toCompact(value)))).toEqual(throughJson(value));
    }),
  );
});

test('what is nothing of the kind is no conversation', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(fromCompact(value)).toBeNull();
    }),
  );
});

test('a conversation that was stored with names, as version 0.1 did, is read', () => {
  fc.assert(
    fc.property(conversation, (value) => {
      expect(fromCompact(throughJson(value))).toEqual(throughJson(value));
    }),
  );
});

test('a conversation in which nothing goes on is short', () => {
  const value: Conversation = {
    channel: 'whatsapp',
    account: '1122334455667',
    address: { phone: '+4917112345678' },
    heardMs: 1_795_430_000_000,
    session: { ...newSession(1_795_430_000_100), language: 'ar' },
    held: [],
    sorryMs: 0,
  };
  expect(JSON.stringify(toCompact(value)).length).toBeLessThan(100);
});
