import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readDate } from '../../src/understanding/date.ts';

/** A Friday. */
const NOW = Date.UTC(2026, 10, 20, 9);

const GOOD: readonly (readonly [language: string, text: string, iso: string])[] = [
  ['de', '31.12.2026', '2026-12-31'],
  ['de', '31/12/2026', '2026-12-31'],
  ['de', '31-12-26', '2026-12-31'],
  ['de', '31 12 2026', '2026-12-31'],
  ['de', '2026-12-31', '2026-12-31'],
  ['de', '2026/12/31', '2026-12-31'],
  ['de', '1.1.85', '1985-01-01'],
  ['de', '03/04/2026', '2026-04-03'],
  ['en', '12/31/2026', '2026-12-31'],
  ['de', 'ich bin am 3.4.1990 geboren', '1990-04-03'],
  ['de', '31. Dezember 2026', '2026-12-31'],
  ['de', '5. März 27', '2027-03-05'],
  ['de', '5. Jänner', '2027-01-05'],
  ['de', '31.12.', '2026-12-31'],
  ['de', 'am 5.3.', '2027-03-05'],
  ['de', '20.11.', '2026-11-20'],
  ['de', '29.2.', '2028-02-29'],
  ['en', '31 December 2026', '2026-12-31'],
  ['en', 'December 31st, 2026', '2026-12-31'],
  ['en', 'Dec 31', '2026-12-31'],
  ['en', 'the 2nd of May', '2027-05-02'],
  ['ar', '٣١ ديسمبر ٢٠٢٦', '2026-12-31'],
  ['ar', '31 كانون الأول 2026', '2026-12-31'],
  ['ar', '٥ كانون الثاني', '2027-01-05'],
  ['ar', '1 تشرين الثاني 2026', '2026-11-01'],
  ['ar', '5 آب 2026', '2026-08-05'],
  ['ar', '5 جانفي 2027', '2027-01-05'],
  ['ar', '5 غشت 2027', '2027-08-05'],
  ['ar', '٣١/١٢/٢٠٢٦', '2026-12-31'],
  ['uk', '31 грудня', '2026-12-31'],
  ['uk', '31 грудня 2026 року', '2026-12-31'],
  ['uk', '1-го травня', '2027-05-01'],
  ['ru', '31 декабря 2026 г.', '2026-12-31'],
  ['tr', '31 Aralık 2026', '2026-12-31'],
  ['fr', '5 août 2027', '2027-08-05'],
  ['fa', '۱۴۰۵/۱۰/۱۰', '2026-12-31'],
  ['fa', '۱۰ دی ۱۴۰۵', '2026-12-31'],
  ['prs', '1405/1/1', '2026-03-21'],
  ['fa', '30/12/1403', '2025-03-20'],
  ['de', 'heute', '2026-11-20'],
  ['de', 'Morgen!', '2026-11-21'],
  ['de', 'uebermorgen', '2026-11-22'],
  ['en', 'yesterday', '2026-11-19'],
  ['en', 'the day after tomorrow', '2026-11-22'],
  ['ar', 'بكرا', '2026-11-21'],
  ['ar', 'غداً', '2026-11-21'],
  ['ar', 'أمس', '2026-11-19'],
  ['uk', 'завтра', '2026-11-21'],
  ['uk', 'позавчора', '2026-11-18'],
  ['de', 'in 3 Tagen', '2026-11-23'],
  ['de', 'in drei Tagen', '2026-11-23'],
  ['de', 'in einer Woche', '2026-11-27'],
  ['de', 'vor 2 Wochen', '2026-11-06'],
  ['en', '3 days ago', '2026-11-17'],
  ['ar', 'بعد ٣ أيام', '2026-11-23'],
  ['ar', 'بعد يومين', '2026-11-22'],
  ['ar', 'بعد أسبوع', '2026-11-27'],
  ['uk', 'через 3 дні', '2026-11-23'],
  ['uk', 'через тиждень', '2026-11-27'],
  ['uk', '2 дні тому', '2026-11-18'],
  ['de', 'Montag', '2026-11-23'],
  ['de', 'am Freitag', '2026-11-27'],
  ['de', 'letzten Montag', '2026-11-16'],
  ['en', 'next Monday', '2026-11-23'],
  ['en', 'last Friday', '2026-11-13'],
  ['ar', 'يوم الاثنين', '2026-11-23'],
  ['uk', 'у суботу', '2026-11-21'],
  ['uk', "п'ятниця", '2026-11-27'],
];

const NONE = [
  '29.2.2026',
  '31.4.2026',
  '31 June 2026',
  '1.13.2026',
  '13/13/2026',
  '0.1.2026',
  '1.1.1899',
  '1.1.2926',
  '12.2026',
  'Mai',
  'Mai 2026',
  '31. Mai oder Juni',
  'vom 1.1.2026 bis 3.1.2026',
  'guten Morgen',
  'Montag oder Dienstag',
  'in 3 Tagen oder Wochen',
  'in ein paar Tagen',
  '30/12/1404',
  '1405/13/1',
  '+49 911 9430',
  '1.2.3.4',
  'yes',
  '',
];

describe('a date', () => {
  test.each(GOOD)('in %s: %s', (language, text, iso) => {
    expect(readDate(text, NOW, language)).toBe(iso);
  });

  test.each(NONE)('is not guessed: %s', (text) => {
    expect(readDate(text, NOW, 'de')).toBeNull();
  });

  test('today is today in Germany', () => {
    expect(readDate('heute', Date.UTC(2026, 11, 31, 22, 59), 'de')).toBe('2026-12-31');
    expect(readDate('heute', Date.UTC(2026, 11, 31, 23), 'de')).toBe('2027-01-01');
  });

  test('two digits of a year lie at most ten years ahead', () => {
    expect(readDate('1.1.36', NOW, 'de')).toBe('2036-01-01');
    expect(readDate('1.1.37', NOW, 'de')).toBe('1937-01-01');
  });

  test('from any text exists, or there is none', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.stringMatching(/^[\d./ -]{0,12}(mai|грудня|كانون الأول|دی|days)?[\d. ]{0,6}$/u),
    );
    fc.assert(
      fc.property(any, fc.integer({ min: 0, max: 4e12 }), (text, nowMs) => {
        const iso = readDate(text, nowMs, 'de');
        expect(iso === null || new Date(iso).toISOString().startsWith(iso)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
