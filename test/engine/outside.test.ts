import { describe, expect, test } from '@jest/globals';
import type { Question } from '../../src/engine/effect.ts';
import { DAY, HOUR, NOW, botOf, talkIn, talkTo } from './bot.ts';

const ANSWERS = `answers:
  place: {type: place, purpose: test, keep: conversation}
  words: {type: text, purpose: test, keep: conversation}
  date: {type: date, purpose: test, keep: 30 days}
  ok: {type: yes_no, purpose: test, keep: conversation}
`;

/** What the flow asked of others in a conversation. */
function questionsOf(steps: string, ...write: string[]): Question[] {
  const questions: Question[] = [];
  const talk = talkIn('en', botOf({ start: `${ANSWERS}steps: {${steps}, end: {end: true}}` }), {
    kind: 'done',
  });
  talk.outside = (question) => {
    questions.push(question);
    return { kind: 'unavailable' };
  };
  for (const text of write) talk.write(text);
  return questions;
}

describe('what is asked of others', () => {
  test('a search carries topic, words, place, distance and number', () => {
    const steps = `p: {ask: Where?, answer: place, next: w}, w: {ask: What?, answer: words, next: f},
      f: {find: {topic: housing, words: words, near: place, within: 30 km, show: 2}, next: end}`;
    expect(questionsOf(steps, '86150', 'a warm room')).toEqual([
      {
        kind: 'search',
        topic: 'housing',
        words: 'a warm room',
        near: expect.anything(),
        withinKm: 30,
        limit: 2,
        language: 'en',
      },
    ]);
  });

  test('a referral carries the answers named, those that were given, and no others', () => {
    const steps = `w: {ask: What?, answer: words, next: d}, d: {ask: When?, answer: date, next: r},
      r: {refer: mbe, consent: May I?, with: [words, place], next: end}`;
    expect(questionsOf(steps, 'rent', '31.12.2026', 'yes')).toEqual([
      { kind: 'refer', to: 'mbe', values: { words: 'rent' }, language: 'en' },
    ]);
    expect(questionsOf(steps, 'rent', '31.12.2026', 'no')).toEqual([]);
  });

  test('an old consent can be tapped, and is asked for again where it was not understood', () => {
    const bot = botOf({ start: 'steps: {r: {refer: mbe, consent: May I?, next: e}, e: {say: E}}' });
    const talk = talkIn('en', bot, { kind: 'done' });
    expect(talk.write('perhaps')).toContain('May I?');
    expect(talk.tap('start/r/no')).toBe('E');
    expect(talk.tap('start/r/yes')).toBe('E');
    expect(talk.tap('start/r/maybe')).toContain('May I?');
  });

  test('what is undeclared is found by the loader', () => {
    expect(() => botOf({ start: 'steps: {f: {find: {topic: x, near: nowhere}}}' })).toThrow('unknown-answer');
    expect(() => botOf({ start: 'steps: {f: {find: {near: nowhere}}}' })).toThrow('needs a topic');
  });
});

describe('a reminder', () => {
  const bot = botOf({
    start: `${ANSWERS}steps:
  a: {ask: When?, answer: date, next: r}
  r: {remind: {on: date, before: 1 day, to: c}, next: s}
  s: {remind: {after: 2 hours, to: d}, next: q}
  q: {ask: Q, options: {x: {label: X}}}
  c: {say: Tomorrow is the day.}
  d: {say: How are you?}`,
  });

  test('comes when it is due, and the open question is asked again', () => {
    const talk = talkIn('en', bot);
    expect(talk.write('25.11.2026')).toBe('Q');
    const morning = Date.UTC(2026, 10, 24, 8);
    expect(talk.session?.reminders.map(({ at }) => at)).toEqual([NOW + 2 * HOUR, morning]);
    expect(talk.send({ kind: 'wake' })).toBe('');
    talk.nowMs = NOW + 2 * HOUR;
    expect(talk.send({ kind: 'wake' })).toBe('How are you?\n\nQ');
    talk.nowMs = morning;
    expect(talk.send({ kind: 'wake' })).toBe('Tomorrow is the day.\n\nQ');
    expect(talk.session?.reminders).toEqual([]);
  });

  test('a date that has passed reminds nobody', () => {
    const talk = talkIn('en', bot);
    talk.write('1.1.2020');
    expect(talk.session?.reminders).toHaveLength(1);
  });

  test('who wrote «stop» is left alone', () => {
    const talk = talkIn('en', bot);
    talk.write('25.11.2026');
    talk.write('stop');
    talk.nowMs = NOW + 30 * DAY;
    expect(talk.send({ kind: 'wake' })).toBe('');
  });

  test('carries its template, for when the platform allows nothing else', () => {
    const flow =
      'steps: {r: {remind: {after: 3 days, to: c}, template: follow_up, next: q}, q: {ask: Q, options: {x: {label: X}}}, c: {say: C}}';
    const talk = talkIn('en', botOf({ start: flow }));
    talk.nowMs = NOW + 3 * DAY;
    talk.send({ kind: 'wake' });
    expect(talk.messages().map(({ text, template }) => [text, template])).toEqual([
      ['C\n\nQ', { name: 'follow_up', parameters: [] }],
    ]);
    talk.write('x');
    expect(talk.messages().some(({ template }) => template)).toBe(false);
  });

  test('of a step that is gone is dropped', () => {
    const talk = talkIn('en', bot);
    talk.write('25.11.2026');
    talk.bot = botOf({ start: 'steps: {q: {ask: Q, options: {x: {label: X}}}}' });
    talk.nowMs = NOW + 30 * DAY;
    expect(talk.send({ kind: 'wake' })).toBe('');
  });
});

describe('a reminder that comes if a question stays unanswered', () => {
  const bot = botOf({
    start: `steps:
  r: {remind: {after: 2 hours, unanswered: true, to: n}, next: q}
  q: {ask: Q, options: {x: {label: X, next: p}, again: {label: Again, next: r}}}
  p: {ask: P, options: {y: {label: Y}}}
  n: {say: Still there?, next: r}`,
  });
  const talk = (): ReturnType<typeof talkIn> => talkIn('en', bot);
  const LATER = NOW + 2 * HOUR;

  test('comes instead of the question, once', () => {
    const one = talk();
    one.nowMs = LATER;
    expect(one.send({ kind: 'wake' })).toBe('Still there?\n\nQ');
    expect(one.session?.reminders).toEqual([]);
    expect(one.session?.frames).toHaveLength(1);
  });

  test('does not come once the question was answered', () => {
    const one = talk();
    expect(one.write('x')).toBe('P');
    expect(one.session?.reminders).toEqual([]);
  });

  test('waits on while the answer is not understood', () => {
    const one = talk();
    one.write('???');
    expect(one.session?.reminders).toHaveLength(1);
  });

  test('counts from when the question was last asked by way of it', () => {
    const one = talk();
    one.nowMs = NOW + HOUR;
    one.write('again');
    expect(one.session?.reminders.map(({ at }) => at)).toEqual([NOW + 3 * HOUR]);
  });

  test('is set by a call, too, and then leaves the flow that was called', () => {
    const called = botOf({
      start:
        'steps: {r: {remind: {after: 2 hours, unanswered: true, to: n}, next: c}, c: {call: other}, n: {say: N}}',
      other: 'steps: {q: {ask: Q, options: {x: {label: X}}}}',
    });
    const one = talkIn('en', called);
    one.nowMs = LATER;
    expect(one.send({ kind: 'wake' })).toBe('N');
    expect(one.session?.frames).toEqual([]);
  });

  test('waits while somebody outside is asked', () => {
    const asking = botOf({
      start:
        'steps: {r: {remind: {after: 2 hours, unanswered: true, to: n}, next: f}, f: {find: {topic: food}, none: q, failed: q, next: q}, q: {ask: Q, options: {x: {label: X}}}, n: {say: N}}',
    });
    const one = talkIn('en', asking);
    expect(one.messages().at(-1)?.text).toBe('Q');
    one.nowMs = LATER;
    expect(one.send({ kind: 'wake' })).toBe('N');
  });
});

test('a yes/no question has buttons, and takes taps, numbers and words', () => {
  const bot = botOf({
    start: `${ANSWERS}steps: {a: {ask: OK?, answer: ok, next: [{when: ok, to: y}, {to: n}]}, y: {say: Y}, n: {say: N}}`,
  });
  for (const [act, said] of [
    ['yes', 'Y'],
    ['1', 'Y'],
    ['2', 'N'],
    ['no thanks', 'N'],
  ] as const) {
    const talk = talkIn('en', bot);
    expect(talk.labels()).toEqual(['Yes', 'No']);
    expect(talk.write(act)).toBe(said);
  }
  const talk = talkIn('en', bot);
  expect(talk.tap('start/a/no')).toBe('N');
});

test('a picture and a recording go with a text, each language with its own', () => {
  const start = `steps: {a: {say: Hello, image: 'https://example.org/a.png', voice: 'https://example.org/en.ogg'}}`;
  const translations = {
    de: { start: { 'steps.a.say': 'Hallo', 'steps.a.voice': 'https://example.org/de.ogg' } },
  };
  const talk = talkTo(botOf({ start }, translations));
  talk.write('deutsch');
  expect(talk.messages()[0]).toMatchObject({
    text: 'Hallo',
    media: [
      { type: 'image', url: 'https://example.org/a.png' },
      { type: 'audio', url: 'https://example.org/de.ogg' },
    ],
  });
});
