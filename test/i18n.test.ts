import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createTexts, languagesOf } from '../src/i18n.ts';

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

test('a date is written as the language writes it', () => {
  expect(texts.date('de', '2026-12-31')).toBe('31. Dezember 2026');
  expect(texts.date('uk', '2026-12-31')).toContain('31 грудня 2026');
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
