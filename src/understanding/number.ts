import { fold, latinDigits } from '../engine/fold.ts';
import { isVague, valueOf } from './number-words.ts';

/** In longer texts a number is rarely the answer. Characters, and words where the number is a word. */
const TEXT_MAX = 80;
const WORDS_MAX = 8;
const ARTICLE_WORDS_MAX = 3;

/** 1.200 and 1,200 and 1 200 are twelve hundred, wherever in the world they are written; 0.125 is not. */
const THOUSANDS = /(?<![\d.,٫٬])[1-9]\d{0,2}(?:[.,٬'’\s]\d{3})+(?!\d)/gu;
const AREA = /(?<=m)[23²³](?!\d)/gu;
const NUMBER = /(?:(?<![\d\p{L}.,٫-])-)?(?:\d+(?:[.,٫]\d+)?|(?<![\d\p{L}])[.,٫]\d+)/gu;
const FRACTION = /[¼-¾⅐-⅞↉]/u;
/** A1, №5, 3x2: a name of something rather than a number of it. */
const PART_OF_A_NAME = /[\p{Script=Latin}\p{Script=Cyrillic}№#]\d/u;

/**
 * The one number in a text: in any script's digits, with the marks for thousands and decimals of any
 * language, or as a word. `language`: BCP 47 tag of the person's; a few words are numbers only in one language.
 * null: there is none, or more than one – it is never guessed which was meant.
 */
export function readNumber(text: string, language: string): number | null {
  if (text.length > TEXT_MAX || FRACTION.test(text)) return null;
  const plain = latinDigits(text)
    .replace(/\p{Cf}/gu, '')
    .replace(/[−–](?=\d)/gu, '-')
    .replace(AREA, '')
    .replace(THOUSANDS, (grouped) => grouped.replace(/\D/gu, ''));
  if (PART_OF_A_NAME.test(plain)) return null;
  const written = [...plain.matchAll(NUMBER)].map(([found]) => found);
  const words = countWords(plain.replace(NUMBER, ' '), language);
  if (words.vague) return null;
  const [digits] = written;
  if (digits !== undefined) return written.length > 1 || words.sure.length > 0 ? null : decimal(digits);
  const [word, ...others] = words.sure.length > 0 ? words.sure : words.articles;
  const longest = words.sure.length > 0 ? WORDS_MAX : ARTICLE_WORDS_MAX;
  if (word === undefined || others.length > 0 || words.length > longest) return null;
  // «keine» is none, «keine Ahnung» is no answer.
  return word === 0 && words.length > words.taken ? null : word;
}

function decimal(digits: string): number | null {
  if (digits.replace(/[^\d].*$/u, '').length > 12) return null;
  const value = Number(digits.replace(/[,٫]/u, '.'));
  return Number.isFinite(value) && Math.abs(value) < 1e12 ? value : null;
}

interface Words {
  readonly sure: readonly number[];
  /** They count only where no other number stands («ein Kind»). */
  readonly articles: readonly number[];
  /** How many words there are, and how many of them are numbers. */
  readonly length: number;
  readonly taken: number;
  /** A word among them makes any number uncertain. */
  readonly vague: boolean;
}

function countWords(text: string, language: string): Words {
  const tokens = fold(text).replaceAll('ı', 'i').split(' ').filter(Boolean);
  const sure: number[] = [];
  const articles: number[] = [];
  let taken = 0;
  for (let at = 0; at < tokens.length;) {
    const found = valueOf(tokens, at, language);
    if (found) (found.article ? articles : sure).push(found.value);
    taken += found?.taken ?? 0;
    at += found?.taken ?? 1;
  }
  return { sure, articles, length: tokens.length, taken, vague: tokens.some(isVague) };
}
