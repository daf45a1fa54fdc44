import type { Checked, Rule } from '../rule.ts';
import { isWordList } from '../translations.ts';
import { atEntry, eachShown, sourcesOf } from './translations.ts';

/** Translations equal to their source, unless they are names or somebody reviewed them. */
export const untranslated: Rule = (checked) => {
  let known: ReadonlySet<string> | null = null;
  const ordinary = (): ReadonlySet<string> => (known ??= ordinaryWords(checked));
  return eachShown(checked, (shown) => {
    const { path, source, text, review } = shown.entry;
    const isReviewed = review !== null && review !== 'machine';
    // A title may be a word of both languages (Start), and people are hardly shown it.
    if (
      text !== source ||
      isReviewed ||
      path === 'title' ||
      primary(shown.catalog.language) === primary(shown.sources.language)
    )
      return null;
    const words = wordsOf(text);
    if (words.length === 0 || words.every((word) => isName(word, ordinary()))) return null;
    const message = `the translation of '${path}' is the source text; translate it, or have it reviewed if it is the same in this language`;
    return atEntry(shown, 'warning', 'translation-same', message);
  });
};

/** Words that stand somewhere in small letters. */
function ordinaryWords(checked: Checked): ReadonlySet<string> {
  const texts = sourcesOf(checked).flatMap((one) => [...one.texts]);
  return new Set(
    texts.flatMap(([path, text]) => (isWordList(path) ? [] : wordsOf(text).filter(isLowerCase))),
  );
}

const wordsOf = (text: string): string[] =>
  text.replace(/\{\{[^}]*\}\}|\S+@\S+|\S+:\/\/\S+|\bwww\.\S+/g, ' ').match(/\p{L}[\p{L}\p{M}\p{N}'’-]*/gu) ??
  [];

const isLowerCase = (word: string): boolean => word === word.toLowerCase();

/** Written large, and never small elsewhere; or with capitals inside, as BAMF and WhatsApp. */
function isName(word: string, ordinary: ReadonlySet<string>): boolean {
  if (isLowerCase(word)) return false;
  return /\p{Lu}/u.test(word.slice(1)) || !ordinary.has(word.toLowerCase());
}

const primary = (tag: string): string => tag.replace(/-.*/, '');

/** Numbers of several groups, such as +49 911 943-0 and 116 117; their groups change places in texts from right to left. */
const GROUPED = /\+?\d+(?:[ \u00a0\u202f/()-]+\d+)+|\+\d+/g;

/** Phone numbers in Arabic, Persian, Kurdish … texts whose parts would be shown in the wrong order. */
export const unprotectedNumbers: Rule = (checked) =>
  eachShown(checked, (shown) => {
    if (!isRightToLeft(shown.catalog.language)) return null;
    const { path, text } = shown.entry;
    const number = text.split('\n').flatMap(unprotectedIn)[0];
    if (number === undefined) return null;
    const message = `the translation of '${path}' holds '${number}', whose parts would be shown in the wrong order; put the invisible left-to-right mark U+200E before and after it (docs/translators.md)`;
    return atEntry(shown, 'error', 'translation-number', message);
  });

function unprotectedIn(line: string): string[] {
  // Nothing changes places in a line without a letter from right to left.
  if (!RIGHT.test(line)) return [];
  return [...line.matchAll(GROUPED)].flatMap((match) => {
    const [number] = match;
    const digits = number.replace(/\D/g, '').length;
    // Ranges of hours and years (9-11) are read from right to left like words.
    const isPhone = number.startsWith('+') || (number.includes(' ') && digits >= PHONE_DIGITS_MIN);
    return isPhone && !isAfterLeftToRight(line.slice(0, match.index)) ? [number] : [];
  });
}

/** Groups joined by no-break spaces stay together. 116 117 has six; fewer are hours, or an amount. */
const PHONE_DIGITS_MIN = 5;

/**
 * Whether what stands before a number makes it run from left to right: the last character with a direction is a
 * Latin letter or a mark that says so (Unicode's bidirectional algorithm, W2 and W7).
 */
function isAfterLeftToRight(before: string): boolean {
  // What stands inside an isolate that has ended has no say.
  const open = before.replace(/[\u2066-\u2068][^\u2066-\u2069]*\u2069/g, '');
  const last = open.match(/[\p{L}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2068]/gu)?.at(-1);
  return last !== undefined && !/[\u200f\u061c\u202b\u202e\u2067]/.test(last) && !RIGHT.test(last);
}

const RIGHT = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;

const directions = new Map<string, boolean>();

/** Remembered: working out a script takes as long as a hundred texts. */
function isRightToLeft(language: string): boolean {
  const known = directions.get(language);
  if (known !== undefined) return known;
  const script = new Intl.Locale(language).maximize().script ?? '';
  const found = /^(Arab|Hebr|Syrc|Thaa|Nkoo|Adlm)$/.test(script);
  directions.set(language, found);
  return found;
}
