import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judge, type Delivery, type History, type Input, type Verdict } from './checker.js';

const GRACE_MS = 10_000;

const input = (conversation: string, position: number, acceptedAt: number | null = 0): Input => ({
  conversation,
  position,
  word: position === 0 ? 'hello' : `w${String(position)}`,
  acceptedAt,
});

/** The reply that is right for a message. */
function answer(conversation: string, position: number, at = position): Delivery {
  const before = position === 1 ? 'nothing' : `w${String(position - 1)}`;
  const asked = position % 2 === 0 ? 'something' : 'more';
  const text =
    position === 0 ? 'Say something.' : `You said w${String(position)} after ${before}.\n\nSay ${asked}.`;
  return { conversation, outbox: `${conversation}.${String(position)}`, text, at };
}

const people = (...positions: readonly number[]): Input[] =>
  positions.map((position) => input('a', position));

function verdictOn(history: Partial<History>): Verdict {
  return judge({ inputs: [], deliveries: [], statuses: [], graceMs: GRACE_MS, ...history });
}

/** The counts that are not 0. */
const counted = (verdict: Verdict): Record<string, unknown> =>
  Object.fromEntries(Object.entries(verdict).filter(([, value]) => typeof value === 'number' && value > 0));

describe('the checker', () => {
  test('is content when every message has its answer, in order', () => {
    const verdict = verdictOn({
      inputs: [...people(0, 1, 2), input('b', 0)],
      deliveries: [answer('a', 0), answer('b', 0), answer('a', 1), answer('a', 2)],
    });
    expect(verdict.ok).toBe(true);
    expect(counted(verdict)).toEqual({ accepted: 4, delivered: 4 });
    expect(verdict.findings).toEqual([]);
  });

  test('allows an apology for a late answer, but not two in ten minutes', () => {
    const sorry = (number: number, at: number): Delivery => ({
      conversation: 'a',
      outbox: `a.sorry${String(number)}`,
      text: 'Sorry that this answer comes late: something was broken on our side.',
      at,
    });
    const once = verdictOn({ inputs: people(0), deliveries: [sorry(1, 0), answer('a', 0)] });
    expect(once.ok).toBe(true);
    expect(once.lateApologies).toBe(1);
    const seldom = [sorry(1, 0), sorry(2, 600_000), answer('a', 0)];
    expect(verdictOn({ inputs: people(0), deliveries: seldom }).ok).toBe(true);
    const often = [sorry(1, 0), sorry(2, 60_000), answer('a', 0)];
    expect(counted(verdictOn({ inputs: people(0), deliveries: often }))).toMatchObject({ unknown: 1 });
  });

  test('promises nothing for what was never accepted, be it answered or not', () => {
    const inputs = [input('a', 0), input('a', 1, null)];
    expect(verdictOn({ inputs, deliveries: [answer('a', 0)] }).ok).toBe(true);
    expect(verdictOn({ inputs, deliveries: [answer('a', 0), answer('a', 1)] }).ok).toBe(true);
  });

  const again = (position: number, at: number): Delivery => ({ ...answer('a', position), at });
  const status = (position: number, at: number) => ({ outbox: `a.${String(position)}`, at });

  test.each<[string, Partial<History>, Record<string, number>]>([
    ['a message without an answer', { inputs: people(0, 1), deliveries: [answer('a', 0)] }, { lost: 1 }],
    [
      'two answers of different names to one message',
      { inputs: people(0), deliveries: [answer('a', 0), { ...answer('a', 0), outbox: 'a.other' }] },
      { consumedTwice: 1 },
    ],
    [
      'answers in another order',
      { inputs: people(0, 1, 2), deliveries: [answer('a', 0), answer('a', 2), answer('a', 1)] },
      { outOfOrder: 1 },
    ],
    [
      'an answer that has forgotten the message before',
      {
        inputs: people(0, 1),
        deliveries: [answer('a', 0), { ...answer('a', 1), text: 'You said w1 after w1.\n\nSay more.' }],
      },
      { wrongMemory: 1 },
    ],
    [
      'an answer to what was not said',
      { inputs: people(0), deliveries: [answer('a', 0), answer('a', 1)] },
      { unknown: 1 },
    ],
    [
      'an answer that nobody understands',
      {
        inputs: people(0),
        deliveries: [answer('a', 0), { ...answer('a', 0), outbox: 'a.x', text: 'Sorry!' }],
      },
      { unknown: 1 },
    ],
    [
      'an answer to somebody who never wrote',
      { inputs: people(0), deliveries: [answer('a', 0), answer('b', 0)] },
      { unknown: 1 },
    ],
    [
      'one answer twice, though its status had been taken',
      {
        inputs: people(0),
        deliveries: [answer('a', 0), again(0, 30_000)],
        statuses: [status(0, 500), status(0, 31_000)],
      },
      { doubles: 1 },
    ],
    [
      'one answer again before its status could come',
      { inputs: people(0), deliveries: [answer('a', 0), again(0, 1_000)], statuses: [status(0, 1_500)] },
      { doubles: 1 },
    ],
  ])('finds %s', (_, history, expected) => {
    const verdict = verdictOn(history);
    expect(verdict.ok).toBe(false);
    expect(counted(verdict)).toMatchObject(expected);
    expect(verdict.findings).toHaveLength(1);
  });

  test.each<[string, Partial<History>, Record<string, number>]>([
    ['whose status was lost', { deliveries: [answer('a', 0), again(0, 12_000)] }, { ambiguousDoubles: 1 }],
    [
      'whose status came too late',
      { deliveries: [answer('a', 0), again(0, 12_000)], statuses: [status(0, 11_900)] },
      { ambiguousDoubles: 1 },
    ],
    [
      'whose status died with the master that took it',
      {
        deliveries: [answer('a', 0), again(0, 40_000)],
        statuses: [status(0, 9_000)],
        failovers: [{ from: 8_900, to: 9_100 }],
      },
      { failoverDoubles: 1 },
    ],
    [
      'that died with the master that knew of it',
      { deliveries: [answer('a', 0), again(0, 1_000)], failovers: [{ from: 0, to: 500 }] },
      { failoverDoubles: 1 },
    ],
  ])('counts apart, and allows, one answer twice %s', (_, history, expected) => {
    const verdict = verdictOn({ inputs: people(0), ...history });
    expect(verdict.ok).toBe(true);
    expect(counted(verdict)).toMatchObject(expected);
  });
});

/** What can be done to a good history at some place, and what must be found then. */
const HARM: Record<string, (good: readonly Delivery[], at: number) => readonly Delivery[]> = {
  lost: (good, at) => good.toSpliced(at, 1),
  consumedTwice: (good, at) => [...good, { ...good[at]!, outbox: `${good[at]!.outbox}.again` }],
  doubles: (good, at) => [...good, { ...good[at]!, at: good[at]!.at + 100 }],
  unknown: (good, at) => good.toSpliced(at, 0, { ...good[at]!, outbox: 'x.x', text: 'You said what?' }),
  wrongMemory: (good, at) =>
    good.with(at, { ...good[at]!, text: good[at]!.text.replace(/after \S+\./, 'after other.') }),
  outOfOrder: (good, at) => {
    const { conversation } = good[at]!;
    const other = good.findIndex((delivery, index) => index > at && delivery.conversation === conversation);
    return good.with(at, good[other]!).with(other, good[at]!);
  },
};

/** Conversations of up to six messages each, answered in order, in any mixture. */
const goodHistory = fc
  .tuple(
    fc.array(fc.integer({ min: 2, max: 6 }), { minLength: 1, maxLength: 5 }),
    fc.infiniteStream(fc.nat()),
  )
  .map(([lengths, chance]) => {
    const left = lengths.map((length, index) => ({ name: `p${String(index)}`, length, next: 0 }));
    const inputs = left.flatMap(({ name, length }) =>
      Array.from({ length }, (_, position) => input(name, position)),
    );
    const deliveries: Delivery[] = [];
    for (let open = left; open.length > 0; open = open.filter(({ next, length }) => next < length)) {
      const person = open[(chance.next().value ?? 0) % open.length]!;
      deliveries.push(answer(person.name, person.next, deliveries.length));
      person.next += 1;
    }
    return { inputs, deliveries };
  });

describe('whatever was said', () => {
  test('a good history is good', () => {
    fc.assert(
      fc.property(goodHistory, (history) => {
        const { length } = history.inputs;
        expect(counted(verdictOn(history))).toEqual({ accepted: length, delivered: length });
      }),
    );
  });

  test.each(Object.keys(HARM))('one thing gone wrong (%s) is found', (kind) => {
    fc.assert(
      fc.property(goodHistory, fc.nat(), ({ inputs, deliveries }, chance) => {
        // The first answer shows no memory, the last of a conversation has none after it.
        const places = deliveries.flatMap(({ conversation, outbox }, index) => {
          const isFirst = outbox.endsWith('.0');
          const isLast = !deliveries.some((later, i) => i > index && later.conversation === conversation);
          return (kind === 'wrongMemory' && isFirst) || (kind === 'outOfOrder' && isLast) ? [] : [index];
        });
        const harmed = HARM[kind]!(deliveries, places[chance % places.length]!);
        const verdict = verdictOn({ inputs, deliveries: harmed });
        expect(verdict.ok).toBe(false);
        expect(counted(verdict)).toHaveProperty(kind);
      }),
    );
  });
});
