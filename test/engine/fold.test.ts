import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fold, latinDigits, menuNumber, wordList } from '../../src/engine/fold.ts';

/** Every code point, lone surrogates, and the letters people of Lotse's languages write. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom(
      'ا',
      'أ',
      'ى',
      'ی',
      'ک',
      'ة',
      'ھ',
      'ۀ',
      'ـ',
      'ُ',
      '\u200c',
      '\u200f',
      "'",
      'ʼ',
      'я',
      'ß',
      'İ',
      'ẞ',
      'Σ',
      '1',
      '٢',
      '⃣',
      ' ',
      '-',
    ),
  }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);

test('folding any text never throws, and folding twice changes nothing more', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const once = fold(text);
      expect(fold(once)).toBe(once);
    }),
    { numRuns: 1000 },
  );
});

test('marks around the apostrophe of a Ukrainian word change nothing', () => {
  expect(fold('яʼ\u20e3я')).toBe('яя');
  expect(fold('й\u0301’\u200dя')).toBe(fold('й’я'));
});

test('every single code point folds without a throw, once and for all', () => {
  const moving: string[] = [];
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const once = fold(String.fromCodePoint(code));
    if (fold(once) !== once) moving.push(code.toString(16));
  }
  expect(moving).toEqual([]);
});

test('a folded text holds letters, digits and single spaces only', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(fold(text)).toMatch(/^$|^[\p{L}\p{N}]+( [\p{L}\p{N}]+)*$/u);
    }),
  );
});

test('a digit may wear several keycaps', () => {
  expect(latinDigits('٢\u20e3\ufe0f\u20e3')).toBe('2');
});

test('latinDigits is stable, and leaves no decimal digit of another script', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const once = latinDigits(text);
      expect(latinDigits(once)).toBe(once);
      expect(once).not.toMatch(/[^\P{Nd}0-9]/u);
    }),
    { numRuns: 1000 },
  );
});

test('a number from 0 to 99 is read back in the digits of every script', () => {
  const zeros: number[] = [];
  for (let code = 0; code <= 0x1ffff; code += 1)
    if (/\p{Nd}/u.test(String.fromCodePoint(code)) && fold(String.fromCodePoint(code)) === '0')
      zeros.push(code);
  expect(zeros.length).toBeGreaterThan(50);
  for (const zero of zeros)
    for (const number of [0, 7, 10, 42, 99]) {
      const written = String(number).replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
      expect(menuNumber(written)).toBe(number);
    }
});

test('menuNumber gives null or a number from 0 to 99, and never throws', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const number = menuNumber(text);
      return number === null || (Number.isInteger(number) && number >= 0 && number <= 99);
    }),
  );
});

test.each([
  ['1️⃣', 1],
  ['1⃣', 1],
  ['🔟', 10],
  ['⑨', 9],
  ['nr 1', null],
  ['1 2', null],
  ['100', null],
  ['', null],
])('menuNumber of %s is %j', (text, number) => {
  expect(menuNumber(text)).toBe(number);
});

test('lists of words are parted by the commas of every script, and by lines', () => {
  expect(wordList('a, b،c、d\n e ,, ')).toEqual(['a', 'b', 'c', 'd', 'e']);
});
