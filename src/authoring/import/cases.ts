import { latinDigits } from '../../engine/fold.ts';
import type { AnswerType } from '../../engine/answer.ts';
import type { Case } from './export.ts';

type Type = AnswerType['type'];

const WORDS: ReadonlySet<string> = new Set([
  'has_any_word',
  'has_all_words',
  'has_phrase',
  'has_only_phrase',
  'has_only_text',
  'has_beginning',
  'is_text_eq',
  'has_multiple',
]);

/** What a person has to give for a test to succeed; tests of what a person does not give are in none. */
const TYPES: Readonly<Record<string, Type>> = {
  has_number: 'number',
  has_number_between: 'number',
  has_number_lt: 'number',
  has_number_lte: 'number',
  has_number_eq: 'number',
  has_number_gte: 'number',
  has_number_gt: 'number',
  has_date: 'date',
  has_date_lt: 'date',
  has_date_eq: 'date',
  has_date_gt: 'date',
  has_phone: 'phone',
  has_email: 'email',
  has_state: 'place',
  has_district: 'place',
  has_ward: 'place',
  has_location: 'place',
  has_media: 'media',
  has_image: 'media',
  has_audio: 'media',
  has_video: 'media',
  has_file: 'media',
};

const HINTS: Readonly<Record<string, Type>> = {
  image: 'media',
  audio: 'media',
  video: 'media',
  location: 'place',
  digits: 'number',
};

/** Whether a test looks for words, so that an option can stand for it. */
export function asksForWords({ type }: Case): boolean {
  return WORDS.has(type);
}

/** «Reply 1 for …, 2 for …»: tests for 1 to n, each once; a menu shows such numbers by itself. */
export function isNumberedMenu(cases: readonly Case[]): boolean {
  const numbers = cases.map(menuNumber).filter((number) => number !== null);
  const all = new Set(numbers);
  return (
    all.size >= 2 &&
    all.size === cases.length &&
    [...all].every((number) => number >= 1 && number <= all.size)
  );
}

/** 3 for has_number_eq("3"); null: no such test. */
export function menuNumber({ type, arguments: [argument = ''] }: Case): number | null {
  return type === 'has_number_eq' && /^[1-9]\d?$/.test(argument.trim()) ? Number(argument) : null;
}

/** The type of the answer that tests are made on. */
export function typeOf(cases: readonly Case[], hint: string | null): Type {
  const hinted = HINTS[hint ?? ''];
  if (hinted !== undefined) return hinted;
  const types = new Set(cases.map(({ type }) => TYPES[type] ?? 'text'));
  const [only = 'text'] = types;
  return types.size === 1 ? only : 'text';
}

const tokens = (text: string): string[] =>
  latinDigits(text)
    .toLowerCase()
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '');

/** Whether a text passes a test, as far as that can be told beforehand. */
export function passes({ type, arguments: list }: Case, text: string): boolean {
  const argument = list.join(' ');
  const words = tokens(text);
  const wanted = tokens(argument);
  const phrase = ` ${wanted.join(' ')} `;
  switch (type) {
    case 'has_any_word':
    case 'has_multiple':
      return wanted.some((word) => words.includes(word));
    case 'has_all_words':
      return wanted.length > 0 && wanted.every((word) => words.includes(word));
    case 'has_phrase':
      return wanted.length > 0 && ` ${words.join(' ')} `.includes(phrase);
    case 'has_only_phrase':
    case 'has_only_text':
    case 'is_text_eq':
    case 'has_category':
      return list.some((one) => tokens(one).join(' ') === words.join(' ')) && words.length > 0;
    case 'has_beginning':
      return wanted.length > 0 && text.trim().toLowerCase().startsWith(argument.trim().toLowerCase());
    case 'has_text':
    case 'has_value':
      return words.length > 0;
    default: {
      const found = /-?\d+(?:\.\d+)?/.exec(latinDigits(text))?.[0];
      return found !== undefined && compares(type, list, Number(found));
    }
  }
}

function compares(type: string, list: readonly string[], value: number): boolean {
  const [first = Number.NaN, second = Number.NaN] = list.map(Number);
  switch (type) {
    case 'has_number':
      return true;
    case 'has_number_between':
      return value >= first && value <= second;
    case 'has_number_lt':
      return value < first;
    case 'has_number_lte':
      return value <= first;
    case 'has_number_eq':
      return value === first;
    case 'has_number_gte':
      return value >= first;
    case 'has_number_gt':
      return value > first;
    default:
      return false;
  }
}
