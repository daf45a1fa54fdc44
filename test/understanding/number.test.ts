import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readNumber } from '../../src/understanding/number.ts';

const GOOD: readonly (readonly [language: string, text: string, value: number])[] = [
  ['de', '5 Personen', 5],
  ['de', 'zu fünft', 5],
  ['de', 'wir sind zu acht', 8],
  ['de', 'fuenf', 5],
  ['de', 'fünfundzwanzig', 25],
  ['de', 'siebenundsechzig', 67],
  ['de', 'ein Kind', 1],
  ['de', 'keine', 0],
  ['de', '50 m²', 50],
  ['de', '1.200,50 €', 1200.5],
  ['de', 'wir sind eine Familie mit 4 Personen', 4],
  ['en', 'we are 5', 5],
  ['en', 'we are a family of five', 5],
  ['en', 'Twenty-one', 21],
  ['en', 'a dozen', 12],
  ['en', 'no one', 0],
  ['en', '.5', 0.5],
  ['en', '1,200.50', 1200.5],
  ['ar', '٣', 3],
  ['ar', 'خمسة', 5],
  ['ar', 'نحن خمسة أشخاص', 5],
  ['ar', 'خمسة وعشرون', 25],
  ['ar', 'ثلاثة عشر', 13],
  ['ar', 'اثنا عشر', 12],
  ['ar', 'شخصين', 2],
  ['ar', '١٬٢٣٤٫٥', 1234.5],
  ['uk', "п'ять", 5],
  ['uk', 'нас п’ятеро', 5],
  ['uk', 'двадцять п’ять', 25],
  ['uk', '1 234,5', 1234.5],
  ['ru', 'нас четверо', 4],
  ['ru', 'тридцать три', 33],
  ['tr', 'on iki', 12],
  ['tr', 'beş kişi', 5],
  ['fr', 'dix-sept', 17],
  ['fr', 'vingt deux', 22],
  ['fa', 'بیست و پنج', 25],
  ['prs', '۱۲', 12],
  ['de', '−5', -5],
  ['de', '⑤', 5],
];

/** Every one of these could be misread. */
const NONE: readonly (readonly [language: string, text: string])[] = [
  ['en', '2 adults 3 children'],
  ['en', 'two adults and 1 child'],
  ['de', '2-3'],
  ['de', 'zwei oder drei'],
  ['de', 'keine Ahnung'],
  ['de', 'ich brauche eine Wohnung für meine Familie'],
  ['de', 'A4'],
  ['de', '3x2'],
  ['de', '12:30'],
  ['de', '1.2.3'],
  ['de', '½'],
  ['de', '2½'],
  ['de', 'NaN'],
  ['de', '1e5'],
  ['de', '1234567890123'],
  ['en', 'two hundred'],
  ['de', '2 tausend'],
  ['de', 'ein paar'],
  ['en', 'two and a half'],
  ['ar', 'خمسة آلاف'],
  ['fr', 'quatre-vingts'],
  ['en', 'on'],
  ['ar', 'نه'],
  ['uk', 'багато'],
  ['de', `5 ${'sehr '.repeat(30)}`],
];

describe('a number', () => {
  test.each(GOOD)('in %s: %s', (language, text, value) => {
    expect(readNumber(text, language)).toBe(value);
  });

  test.each(NONE)('is not guessed in %s: %s', (language, text) => {
    expect(readNumber(text, language)).toBeNull();
  });

  test.each(['de', 'en', 'ar', 'uk', 'ru', 'fa', 'tr'])(
    'from any text in %s is finite, or none',
    (language) => {
      fc.assert(
        fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (text) => {
          const value = readNumber(text, language);
          expect(value === null || Number.isFinite(value)).toBe(true);
        }),
      );
    },
  );
});
