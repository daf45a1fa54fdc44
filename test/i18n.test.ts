import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Given } from '../src/engine/formats.ts';
import { createTexts, languagesOf } from '../src/i18n.ts';
import { understanding } from '../src/understanding/understanding.ts';

const NOW = Date.UTC(2026, 10, 20, 9);

const texts = createTexts(
  new Map([
    [
      'en',
      new Map([
        [
          'start',
          new Map([
            ['a.b', 'A'],
            ['c', 'C {{x}} {{ y }}'],
            ['n', 'see $t(a.b)'],
            ['both', '{{x}} $t(a.b)'],
            ['colon', 'k: v'],
          ]),
        ],
      ]),
    ],
    [
      'de',
      new Map([
        [
          'start',
          new Map([
            ['a.b', 'Ä'],
            ['c', 'Z {{x}}'],
          ]),
        ],
        ['other', new Map([['o', 'Andere']])],
      ]),
    ],
    ['pt-br', new Map([['start', new Map([['c', 'P {{x}}']])]])],
    ['zh-hans', new Map([['start', new Map([['c', '中 {{x}}']])]])],
  ]),
  new Map([
    ['start', 'en'],
    ['other', 'de'],
  ]),
);

describe('a text', () => {
  test('is said in the language asked for, else in that of its flow', () => {
    expect(texts.say('de', 'start', 'a.b', {})).toEqual({ text: 'Ä', language: 'de' });
    expect(texts.say('uk', 'start', 'a.b', {})).toEqual({ text: 'A', language: 'en' });
    expect(texts.say('en', 'other', 'o', {})).toEqual({ text: 'Andere', language: 'de' });
  });

  test.each(['pt-br', 'zh-hans'])('is found under a tag as its folder writes it: %s', (tag) => {
    expect(texts.say(tag, 'start', 'c', { x: '1' })).toMatchObject({
      language: tag,
      text: expect.stringMatching(/ 1$/),
    });
  });

  test('shows … for what was not given, never a placeholder', () => {
    expect(texts.say('en', 'start', 'c', { x: '1' }).text).toBe('C 1 …');
    expect(texts.say('en', 'start', 'c', { x: '' }).text).toBe('C  …');
  });

  test('never reads another text in, neither from an author nor from a person', () => {
    expect(texts.say('en', 'start', 'n', {}).text).toBe('see $t(a.b)');
    expect(texts.say('en', 'start', 'both', { x: '$t(a.b)' }).text).toBe('$t(a.b) $t(a.b)');
  });

  test('shows what a person wrote letter by letter', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc
            .array(fc.constantFrom('{{x}}', '{{y}}', '$t(', 'a.b', ')', '$&', '$1', '<b>', '&', "'"))
            .map((all) => all.join('')),
        ),
        (written) => {
          expect(texts.say('de', 'start', 'c', { x: written }).text).toBe(`Z ${written}`);
        },
      ),
    );
  });

  test('gives all its forms', () => {
    expect([...texts.forms('start', 'a.b')]).toEqual([
      ['en', 'A'],
      ['de', 'Ä'],
    ]);
    expect([...texts.forms('start', 'nowhere')]).toEqual([]);
  });
});

/** What an answer looks like in a text of a language. */
function shown(language: string, given: Given, format?: string): string {
  const inner = format === undefined ? 'x' : `x, ${format}`;
  const texts = createTexts(
    new Map([[language, new Map([['f', new Map([['t', `{{${inner}}}`]])]])]]),
    new Map([['f', language]]),
  );
  return texts.say(language, 'f', 't', { x: given }).text;
}

describe('an answer in a text', () => {
  test.each([
    ['de', 'date', '2026-12-31', undefined, '31. Dezember 2026'],
    ['de', 'date', '2026-12-31', 'long', '31. Dezember 2026'],
    ['de', 'date', '2026-12-31', 'short', '31.12.2026'],
    ['de', 'date', '2026-12-31', 'full', 'Donnerstag, 31. Dezember 2026'],
    ['en', 'date', '2026-04-03', 'long', 'April 3, 2026'],
    ['en', 'date', '2026-04-03', 'short', '03/04/2026'],
    ['uk', 'date', '2026-12-31', 'long', '31 грудня 2026 р.'],
    ['fa', 'date', '2026-12-31', 'long', '۳۱ دسامبر ۲۰۲۶'],
    ['de', 'date', 'soon', 'long', 'soon'],
    ['de', 'integer', 1234567, undefined, '1.234.567'],
    ['de', 'integer', 1234567, 'plain', '1234567'],
    ['de', 'number', 2.5, undefined, '2,5'],
    ['de', 'number', 1234.5, 'euro', '1.234,50\u00a0€'],
    ['de', 'integer', 750, 'euro', '750\u00a0€'],
    ['de', 'phone', '+499119430', undefined, '+49 911 9430'],
    ['de', 'phone', '+499119430', 'national', '0911 9430'],
    ['de', 'phone', '+380671234567', 'national', '+380 67 123 4567'],
    ['de', 'phone', '+499119430', 'plain', '+499119430'],
    ['de', 'phone', 'no number', undefined, 'no number'],
    ['ar', 'phone', '+499119430', undefined, '\u2066+49 911 9430\u2069'],
    ['fa', 'phone', '+499119430', 'national', '\u20660911 9430\u2069'],
    ['ckb', 'phone', '+499119430', 'plain', '\u2066+499119430\u2069'],
    [
      'de',
      'place',
      { latitude: 48.37, longitude: 10.9, name: 'Augsburg', postcode: '86150' },
      undefined,
      'Augsburg',
    ],
    [
      'de',
      'place',
      { latitude: 48.37, longitude: 10.9, name: 'Augsburg', postcode: '86150' },
      'postcode',
      '86150 Augsburg',
    ],
    [
      'de',
      'place',
      { latitude: 48.37, longitude: 10.9, name: '86150 (Augsburg)', postcode: '86150' },
      'postcode',
      '86150 (Augsburg)',
    ],
    ['de', 'place', { latitude: 48.37, longitude: 10.9 }, 'postcode', '48.370, 10.900'],
    ['de', 'text', 'as it is', undefined, 'as it is'],
    ['de', 'postcode', '01067', undefined, '01067'],
  ] as const)('in %s: %s %j as %s is %s', (language, type, value, format, text) => {
    expect(shown(language, { type, value }, format)).toBe(text);
  });

  test('with a format that its type does not have is shown without', () => {
    expect(shown('de', { type: 'date', value: '2026-12-31' }, 'loud')).toBe('31. Dezember 2026');
    expect(shown('de', { type: 'text', value: 'x' }, 'long')).toBe('x');
  });

  test('that was not given is … with a format, too', () => {
    const texts = createTexts(
      new Map([['en', new Map([['f', new Map([['t', '{{x, long}}']])]])]]),
      new Map(),
    );
    expect(texts.say('en', 'f', 't', {}).text).toBe('…');
  });

  test.each(['de', 'en', 'ar', 'uk', 'ru', 'tr', 'fr', 'fa'])('in %s reads as what it was', (language) => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1901-01-01'), max: new Date('2149-12-31'), noInvalidDate: true }),
        fc.constantFrom('long', 'short'),
        (date, format) => {
          const value = date.toISOString().slice(0, 10);
          const text = shown(language, { type: 'date', value }, format);
          expect(understanding.date(text, NOW, language)).toBe(value);
        },
      ),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: -99_999_999, max: 99_999_999 }),
        fc.constantFrom(1, 10, 100),
        (whole, by) => {
          const value = whole / by;
          expect(understanding.number(shown(language, { type: 'number', value }), language)).toBe(value + 0);
        },
      ),
    );
    fc.assert(
      fc.property(
        fc.stringMatching(
          /^\+4915[1-9][0-9]{8}$|^\+49821[1-9][0-9]{4,6}$|^\+38067[1-9][0-9]{6}$|^\+96394[0-9]{7}$/,
        ),
        fc.constantFrom(undefined, 'national', 'plain'),
        (value, format) => {
          expect(understanding.phone(shown(language, { type: 'phone', value }, format))).toEqual({
            ok: true,
            value,
          });
        },
      ),
    );
  });
});

test('languages come in the order of their tags, named in themselves, with the names others give them', () => {
  const languages = languagesOf(['uk', 'de', 'ar', 'en']);
  expect(languages.map(({ tag, name }) => [tag, name])).toEqual([
    ['ar', 'العربية'],
    ['de', 'Deutsch'],
    ['en', 'English'],
    ['uk', 'Українська'],
  ]);
  expect(languages[1]?.names).toEqual(expect.arrayContaining(['Deutsch', 'German', 'الألمانية', 'німецька']));
  for (const { names } of languages) expect(new Set(names).size).toBe(names.length);
});

test.each(['fa', 'ps', 'ckb', 'ku', 'ti', 'so', 'tr', 'ru', 'fr', 'am', 'prs'])(
  'the language %s has a name of its own',
  (tag) => {
    expect(languagesOf([tag])[0]?.name).not.toBe(tag);
  },
);
