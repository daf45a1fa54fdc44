import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { answerSchema, answerType, fits } from '../../src/engine/answer.ts';
import { parseAnswer } from '../../src/engine/answers/parse.ts';
import type { Input } from '../../src/engine/input.ts';
import type { Value } from '../../src/engine/session.ts';
import { understanding } from '../../src/understanding/understanding.ts';
import { DAY, HOUR, NOW, botOf, talkIn, talkTo, type Talk } from './bot.ts';

type Type = (typeof answerSchema)['shape']['type']['options'][number];

const bot = {
  yes: new Set(['yes', 'ja', 'نعم', 'так', 'aywa']),
  no: new Set(['no', 'nein', 'لا', 'la']),
  understanding,
};
const type = (name: Type, limits: { min?: number; max?: number } = {}) =>
  answerType({ type: name, purpose: 'test', keep: 'conversation', ...limits });
const read = (name: Type, input: Input | string, limits = {}) =>
  parseAnswer(type(name, limits), typeof input === 'string' ? { kind: 'text', text: input } : input, {
    bot,
    language: 'de',
    nowMs: NOW,
  });

const LRM = '\u200e';
const SPOT = { kind: 'location', latitude: 48.37, longitude: 10.9 } as const;

const GOOD: readonly (readonly [Type, Input | string, Value])[] = [
  ['text', '  my story ', 'my story'],
  ['text', 'می‌خواهم', 'می‌خواهم'],
  ['integer', '3', 3],
  ['integer', '٣', 3],
  ['integer', '۱۲', 12],
  ['integer', '3️⃣', 3],
  ['integer', 'we are 5', 5],
  ['integer', '5 Personen', 5],
  ['integer', '-2', -2],
  ['integer', '1.000', 1000],
  ['integer', '1,000', 1000],
  ['integer', '1 000 €', 1000],
  ['integer', '12.345.678', 12_345_678],
  ['integer', `${LRM}7`, 7],
  ['number', '2.5', 2.5],
  ['number', '2,5', 2.5],
  ['number', '٢٫٥', 2.5],
  ['number', '0.125', 0.125],
  ['number', '1.200,50', 1200.5],
  ['number', '1,200.50', 1200.5],
  ['number', '750 €', 750],
  ['yes_no', 'Yes!', true],
  ['yes_no', 'JA', true],
  ['yes_no', 'نعم', true],
  ['yes_no', 'nein', false],
  ['yes_no', 'لا.', false],
  ['yes_no', '👍🏽', true],
  ['yes_no', '✅ ', true],
  ['yes_no', '👎', false],
  ['yes_no', 'Ja, bitte!', true],
  ['yes_no', 'так, будь ласка', true],
  ['yes_no', 'نعم نعم 👍', true],
  ['yes_no', 'Aywa', true],
  ['yes_no', 'la', false],
  ['yes_no', 'no, thank you', false],
  ['date', '31.12.2026', '2026-12-31'],
  ['date', '1. 2. 2026', '2026-02-01'],
  ['date', '1/2/2026', '2026-02-01'],
  ['date', '٣١/١٢/٢٠٢٦', '2026-12-31'],
  ['date', '2026-12-31', '2026-12-31'],
  ['date', '29.2.2024', '2024-02-29'],
  ['date', `${LRM}1.2.2026`, '2026-02-01'],
  ['date', 'tomorrow', '2026-11-21'],
  ['postcode', '86150', '86150'],
  ['postcode', ' ٨٦١٥٠ ', '86150'],
  ['postcode', '86 150', '86150'],
  ['postcode', '01067', '01067'],
  ['place', 'Augsburg', { latitude: 48.37154, longitude: 10.89851, name: 'Augsburg' }],
  ['place', '86150', { latitude: 48.37, longitude: 10.9, name: '86150 (Augsburg)', postcode: '86150' }],
  ['place', SPOT, { latitude: 48.37, longitude: 10.9 }],
  ['place', { ...SPOT, name: 'Rathaus' }, { latitude: 48.37, longitude: 10.9, name: 'Rathaus' }],
  ['phone', '+49 (911) 94-30', '+499119430'],
  ['phone', '0049/911.9430', '+499119430'],
  ['phone', '\u202a+49 911 9430\u202c', '+499119430'],
  ['phone', '٠١٥١٢٣٤٥٦٧٨٩', '+4915123456789'],
  ['email', 'name@example.org', 'name@example.org'],
  ['email', 'имя@пример.укр', 'имя@пример.укр'],
  ['email', ' mailto:name@example.org. ', 'name@example.org'],
  ['email', 'name @ example.org', 'name@example.org'],
  ['email', 'My mail is <name@example.org>, thanks', 'name@example.org'],
  ['email', 'name(at)example.org', 'name@example.org'],
  ['choice', 'x', 'x'],
  ['media', { kind: 'media', media: { type: 'image', id: '17' } }, 'type=image&id=17'],
  [
    'media',
    { kind: 'media', media: { type: 'image', url: 'https://x.example/1' } },
    'type=image&url=https%3A%2F%2Fx.example%2F1',
  ],
  ['media', { kind: 'media', media: { type: 'sticker' } }, 'type=sticker'],
];

const BAD: readonly (readonly [Type, Input | string])[] = [
  ['text', '   '],
  ['text', SPOT],
  ['integer', 'many'],
  ['integer', '2.5'],
  ['integer', '2-3'],
  ['integer', '3 adults 2 children'],
  ['integer', '1234567890123'],
  ['integer', '½'],
  ['number', 'two or three'],
  ['number', '1.2.3'],
  ['number', 'NaN'],
  ['yes_no', 'perhaps'],
  ['yes_no', 'yes and no'],
  ['date', '29.2.2026'],
  ['date', '31.4.2026'],
  ['date', '12.2026'],
  ['date', '1.13.2026'],
  ['date', '0.1.2026'],
  ['date', '1.1.1899'],
  ['date', 'yes'],
  ['postcode', '8615'],
  ['postcode', '861500'],
  ['postcode', 'Augsburg'],
  ['place', ''],
  ['place', 'xyzzy'],
  ['place', '00150'],
  ['place', { kind: 'media', media: { type: 'image' } }],
  ['phone', 'call me'],
  ['phone', '0821 3240 or 0911 9430'],
  ['email', 'name'],
  ['email', 'name@example'],
  ['email', 'one@example.org two@example.org'],
  ['email', 'a@b@example.org'],
  ['media', 'photo'],
];

describe('a typed answer', () => {
  test.each(GOOD)('%s takes %j', (name, input, value) => {
    expect(read(name, input)).toMatchObject({ ok: true, value });
    expect(fits(name, value)).toBe(true);
  });

  test.each(BAD)('%s refuses %j, and says what it needs', (name, input) => {
    const need = name === 'choice' ? 'need.text' : `need.${name}`;
    expect(read(name, input)).toMatchObject({ ok: false, need });
  });

  test.each(answerSchema.shape.type.options)('of type %s has good and bad examples here', (name) => {
    expect(GOOD.filter(([of]) => of === name)).not.toEqual([]);
    if (name !== 'choice') expect(BAD.filter(([of]) => of === name)).not.toEqual([]);
  });

  test.each([
    [{ min: 1, max: 20 }, '0', 'need.between'],
    [{ min: 1, max: 20 }, '21', 'need.between'],
    [{ min: 1 }, '0', 'need.at_least'],
    [{ max: 20 }, '21', 'need.at_most'],
  ])('within %j refuses %s with the limit', (limits, text, need) => {
    const values = { min: '1', max: '20' };
    expect(read('integer', text, limits)).toMatchObject({ ok: false, need, values: expect.anything() });
    const said = read('integer', text, limits);
    for (const [name, value] of Object.entries(limits))
      expect(!said.ok && said.values?.[name]).toBe(values[name === 'min' ? 'min' : 'max'] && String(value));
  });

  test.each(['1', '20'])('at the limit is taken: %s', (text) => {
    expect(read('integer', text, { min: 1, max: 20 }).ok).toBe(true);
  });

  test('longer than 1,000 characters is cut, never through the middle of one', () => {
    const result = read('text', '😀'.repeat(2000));
    expect(result).toMatchObject({ ok: true, value: '😀'.repeat(1000) });
  });

  test('of any type takes or refuses any text, and takes only what fits the type', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.stringMatching(/^[\d.,٠-٩ /+-]{0,30}$/u),
    );
    fc.assert(
      fc.property(fc.constantFrom(...answerSchema.shape.type.options), anyText, (name, text) => {
        const result = read(name, text);
        return result.ok ? fits(name, result.value) : result.need.startsWith('need.');
      }),
    );
  });
});

describe('a place that could be several', () => {
  test('is asked for by name, and the line as it stands is then understood', () => {
    const result = read('place', 'Friedberg');
    expect(result).toEqual({
      ok: false,
      need: 'need.place_which',
      values: { places: '– Friedberg (Hessen)\n– Friedberg (Bayern)' },
    });
    expect(read('place', '– Friedberg (Bayern)')).toMatchObject({ ok: true, value: { name: 'Friedberg' } });
  });

  test('shows in the ladder', () => {
    const talk = asking('place');
    expect(talk.write('Friedberg')).toMatch(
      /Which of these.*\n– Friedberg \(Hessen\)\n– Friedberg \(Bayern\)\n/,
    );
    expect(talk.write('Friedberg (Bayern)')).toContain('Also: Friedberg');
  });
});

describe('a typed answer that means something else, too', () => {
  const bot = botOf({
    start: `everywhere: {menu: q}
answers: {place: {type: place, purpose: test, keep: conversation}}
steps: {q: {ask: Q, answer: place, next: said}, said: {say: 'At {{place}}', next: q}}`,
    food: `entry: [essen, augsburk]
steps: {a: {ask: Hungry?, options: {a: {label: A}}}}`,
  });

  test('is the answer where it is the right name of a town', () => {
    expect(talkIn('en', bot).write('Essen')).toContain('At Essen');
  });

  test('opens the flow where it is only nearly one', () => {
    expect(talkIn('en', bot).write('Augsburk')).toBe('Hungry?');
  });

  test('is the command where it is one', () => {
    expect(talkIn('en', bot).write('menu')).toBe('Q');
  });
});

test.each([
  ['0821', 'need.phone_short'],
  ['+49 176 1234567890123', 'need.phone_long'],
  ['call me', 'need.phone'],
])('a phone number that cannot be is refused with what is wrong: %s', (text, need) => {
  expect(read('phone', text)).toMatchObject({ ok: false, need });
});

/** A question of each type, and a text that shows what was understood. */
const asking = (declared: string): Talk =>
  talkIn(
    'de',
    botOf(
      {
        start: `answers: {it: {type: ${declared}, purpose: test, keep: conversation}}
steps: {q: {ask: Q, answer: it, next: said}, said: {say: 'It: {{it}}', next: q}}`,
      },
      {
        de: {
          lotse: { 'yes.label': 'Ja', untranslated: '!' },
          start: { 'steps.q.ask': 'F', 'steps.said.say': 'Also: {{it}}' },
        },
      },
    ),
  );

describe('an answer in a text', () => {
  test.each([
    ['integer', '1234567', 'Also: 1.234.567'],
    ['number', '2.5', 'Also: 2,5'],
    ['yes_no', 'yes', 'Also: Ja'],
    ['date', '31.12.2026', 'Also: 31. Dezember 2026'],
    ['text', '{{it}} $t(x) $& <b>', 'Also: {{it}} $t(x) $& <b>'],
    ['place', 'Augsburg', 'Also: Augsburg'],
  ])('of type %s is shown as the language writes it', (declared, typed, shown) => {
    expect(asking(declared).write(typed)).toBe(`${shown}\n\nF`);
  });

  test('that is a position is shown by its name, else by its degrees', () => {
    expect(asking('place').send(SPOT)).toContain('Also: 48.370, 10.900');
    expect(asking('place').send({ ...SPOT, name: 'Rathaus' })).toContain('Also: Rathaus');
  });

  test('that was not given is shown as …', () => {
    const bot = botOf({
      start: `answers: {it: {type: text, purpose: test, keep: conversation}}
steps: {a: {say: 'You said {{it}}.'}}`,
    });
    expect(talkTo(bot).write('x')).toBe('You said ….');
  });

  test('a question for a place asks the platform for the location; a menu or another type does not', () => {
    const place = asking('place');
    place.write('repeat');
    expect(place.messages()).toEqual([{ text: 'F', language: 'de', request: 'location' }]);
    const text = asking('integer');
    text.write('repeat');
    expect(text.messages()).toEqual([{ text: 'F', language: 'de' }]);
  });

  test('options and an answer together store the name of the option', () => {
    const bot = botOf({
      start: `answers: {it: {type: choice, purpose: test, keep: conversation}}
steps:
  q: {ask: Q, answer: it, options: {a: {label: Apples}, b: {label: Bread, next: only}}, next: said}
  said: {say: 'It: {{it}}', next: q}
  only: {branch: [{when: 'it == "b"', to: yes}, {to: said}]}
  yes: {say: 'Bread it is', next: q}`,
    });
    const talk = talkIn('en', bot);
    expect(talk.write('apples')).toContain('It: a');
    expect(talk.tap('start/q/b')).toContain('Bread it is');
  });
});

describe('answers expire', () => {
  const flow = `answers:
  short: {type: text, purpose: test, keep: conversation}
  long: {type: text, purpose: test, keep: 2 days}
steps:
  q: {set: {short: s, long: l}, next: w}
  w: {ask: W, options: {go: {label: go on, next: said}, end: {label: finish, next: over}}}
  said: {say: '{{short}} {{long}}', next: w}
  over: {end: Bye}`;

  test('with their days, or with the conversation after a day of silence', () => {
    const talk = talkIn('en', botOf({ start: flow }));
    expect(talk.write('go on')).toBe('s l\n\nW');
    expect(talk.session?.answers).toEqual({
      start: { short: { value: 's', until: null }, long: { value: 'l', until: NOW + 2 * DAY } },
    });
    talk.nowMs += 24 * HOUR;
    expect(talk.write('go on')).toBe('s l\n\nW');
    talk.nowMs += 24 * HOUR - 1;
    expect(talk.write('go on')).toBe('s l\n\nW');
    talk.nowMs += 1;
    expect(talk.write('go on')).toBe('s …\n\nW');
    talk.nowMs += 24 * HOUR + 1;
    expect(talk.write('go on')).toBe('… …\n\nW');
    expect(talk.session?.answers).toEqual({});
  });

  test('with the conversation when it ends, or begins anew at the menu', () => {
    const talk = talkIn('en', botOf({ start: flow }));
    talk.write('finish');
    expect(talk.session?.answers['start']).toEqual({ long: { value: 'l', until: NOW + 2 * DAY } });
  });
});

describe('an answer of another type than declared, as left over from an earlier version of the flow', () => {
  test.each([
    ['integer', 'three', 'people > 4'],
    ['integer', 2.5, 'people > 4'],
    ['date', 'tomorrow', 'people == "x"'],
    ['yes_no', 'x', 'people'],
    ['text', 5, 'people == "x"'],
    ['number', true, 'people > 1.0'],
  ])('counts as missing: %s %j', (declared, value, when) => {
    const bot = botOf({
      start: `answers: {people: {type: ${declared}, purpose: test, keep: conversation}}
steps:
  q: {ask: Q, options: {a: {label: A, next: b}}}
  b: {branch: [{when: '${when}', to: yes}, {to: no}]}
  yes: {say: 'yes {{people}}'}
  no: {say: 'no {{people}}'}`,
    });
    const talk = talkIn('en', bot);
    talk.session = { ...talk.session!, answers: { start: { people: { value, until: null } } } };
    expect(talk.write('1')).toBe('no …');
  });
});
