import { z } from 'zod';
import { fold, latinDigits } from './fold.ts';
import type { Input } from './input.ts';
import type { Phrase } from './phrases.ts';
import type { Value } from './session.ts';

const lifetime = z
  .string()
  .regex(/^(conversation|[1-9]\d{0,2} days?)$/, 'must be "conversation" or a number of days, e.g. "30 days"');

/** How an author declares an answer: nothing is kept without a type, a purpose and a lifetime. */
export const answerSchema = z
  .strictObject({
    type: z
      .enum([
        'text',
        'integer',
        'number',
        'yes_no',
        'date',
        'postcode',
        'place',
        'phone',
        'email',
        'choice',
        'media',
      ])
      .meta({
        description: 'What people answer; typed answers of this type are read and checked.',
        examples: ['integer', 'place'],
      }),
    purpose: z
      .string()
      .min(1)
      .meta({
        description: 'What it is kept for, in words for the people who give it.',
        examples: ['to find a place of the right size'],
      }),
    keep: lifetime.meta({
      description: 'How long it is kept: until the conversation ends, or for a number of days.',
      examples: ['conversation', '30 days'],
    }),
    min: z
      .number()
      .optional()
      .meta({ description: 'The smallest number that is taken.', examples: [1] }),
    max: z
      .number()
      .optional()
      .meta({ description: 'The largest number that is taken.', examples: [20] }),
  })
  .meta({
    description: 'An answer the flow keeps: nothing is kept without a type, a purpose and a lifetime.',
    examples: [
      {
        type: 'integer',
        min: 1,
        max: 20,
        purpose: 'to find a place of the right size',
        keep: 'conversation',
      },
    ],
  });

type Declaration = z.infer<typeof answerSchema>;

export interface AnswerType {
  readonly type: Declaration['type'];
  /** In the author's words, for people who ask what is kept and why. */
  readonly purpose: string;
  /** How long it is kept; null: until the conversation ends. */
  readonly keepMs: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

export type Parsed =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly need: Phrase; readonly values?: Readonly<Record<string, string>> };

const DAY_MS = 24 * 60 * 60 * 1000;

export function answerType(declared: Declaration): AnswerType {
  const days = declared.keep === 'conversation' ? null : Number.parseInt(declared.keep, 10);
  return {
    type: declared.type,
    purpose: declared.purpose,
    keepMs: days === null ? null : days * DAY_MS,
    min: declared.min ?? null,
    max: declared.max ?? null,
  };
}

/** Whether a stored value is what the declaration says: the declaration may have changed since, or `set` may be wrong. */
export function fits(type: AnswerType['type'], value: Value): boolean {
  switch (type) {
    case 'integer':
      return Number.isSafeInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'yes_no':
      return typeof value === 'boolean';
    case 'date':
      return typeof value === 'string' && ISO_DATE.test(value) && date(value).ok;
    case 'place':
      return typeof value === 'string' || typeof value === 'object';
    case 'text':
    case 'postcode':
    case 'phone':
    case 'email':
    case 'choice':
    case 'media':
      return typeof value === 'string';
  }
}

const good = (value: Value): Parsed => ({ ok: true, value });
const bad = (need: Phrase, values: Readonly<Record<string, string>> = {}): Parsed => ({
  ok: false,
  need,
  values,
});

/** Reads a typed answer. `yes` and `no` are the folded words of all loaded languages. */
export function parseAnswer(
  type: AnswerType,
  input: Input,
  words: { readonly yes: ReadonlySet<string>; readonly no: ReadonlySet<string> },
): Parsed {
  if (type.type === 'media')
    return input.kind === 'media'
      ? good(input.media.id ?? input.media.url ?? input.media.type)
      : bad('need.media');
  if (type.type === 'place' && input.kind === 'location') {
    const { latitude, longitude, name } = input;
    return good(name === undefined ? { latitude, longitude } : { latitude, longitude, name });
  }
  const written = input.kind === 'text' ? latinDigits(input.text).trim() : '';
  // Numbers copied from contacts carry invisible direction marks; in free text they belong to the spelling.
  const text = FREE.has(type.type) ? cut(written) : visible(written);
  if (text === '') return bad(NEEDS[type.type]);
  switch (type.type) {
    case 'integer':
    case 'number':
      return number(type, text);
    case 'yes_no':
      if (words.yes.has(fold(text))) return good(true);
      return words.no.has(fold(text)) ? good(false) : bad('need.yes_no');
    case 'date':
      return date(text);
    case 'postcode':
    case 'phone':
    case 'email': {
      const plain = text.replace(/[\s()/.-]+/gu, type.type === 'email' ? '$&' : '');
      return PATTERNS[type.type].test(plain) ? good(plain) : bad(NEEDS[type.type]);
    }
    case 'place':
    case 'text':
    case 'choice':
      return good(text);
  }
}

/** Longer answers are cut: nobody's essay belongs into a session. Characters. */
const TEXT_MAX = 1000;

const FREE: ReadonlySet<Declaration['type']> = new Set(['text', 'place', 'choice']);

/** Never through the middle of a letter. */
const cut = (text: string): string => Array.from(text).slice(0, TEXT_MAX).join('');

const visible = (text: string): string =>
  cut(text)
    .replace(/\p{Cf}/gu, '')
    .trim();

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;

/** 1.200 and 1,200 and 1 200 are twelve hundred, wherever in the world they are written; 0.125 is not. */
const THOUSANDS = /(?<![\d.,٫٬])[1-9]\d{0,2}(?:[.,٬'’\s]\d{3})+(?!\d)/gu;

const PATTERNS = {
  postcode: /^\d{5}$/,
  phone: /^(\+|00)?\d{5,15}$/,
  email: /^[^\s@]{1,64}@[^\s@]{1,180}\.[^\s@.]{2,24}$/u,
};

const NEEDS: Readonly<Record<Declaration['type'], Phrase>> = {
  text: 'need.text',
  integer: 'need.integer',
  number: 'need.number',
  yes_no: 'need.yes_no',
  date: 'need.date',
  postcode: 'need.postcode',
  place: 'need.place',
  phone: 'need.phone',
  email: 'need.email',
  choice: 'need.text',
  media: 'need.media',
};

function number(type: AnswerType, text: string): Parsed {
  const plain = text.replace(THOUSANDS, (grouped) => grouped.replace(/\D/gu, ''));
  const found = /^\D{0,20}?(-?\d{1,12}(?:[.,٫]\d{1,6})?)\D{0,20}$/u.exec(plain);
  const value = found ? Number((found[1] ?? '').replace(/[,٫]/u, '.')) : Number.NaN;
  if (Number.isNaN(value) || (type.type === 'integer' && !Number.isInteger(value)))
    return bad(NEEDS[type.type]);
  const min = type.min ?? Number.NEGATIVE_INFINITY;
  const max = type.max ?? Number.POSITIVE_INFINITY;
  if (value >= min && value <= max) return good(value);
  const limits = { min: String(min), max: String(max) };
  if (type.min !== null && type.max !== null) return bad('need.between', limits);
  return bad(value < min ? 'need.at_least' : 'need.at_most', limits);
}

/** Day first, as written in all of Lotse's languages, or ISO 8601; a date that does not exist is refused. */
function date(text: string): Parsed {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  const dayFirst = /^(\d{1,2})[./\s-]+(\d{1,2})[./\s-]+(\d{4})$/.exec(text);
  const parts = iso ? [iso[1], iso[2], iso[3]] : dayFirst ? [dayFirst[3], dayFirst[2], dayFirst[1]] : [];
  const [year = 0, month = 0, day = 0] = parts.map(Number);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  if (day < 1 || day > days || year < 1900) return bad('need.date');
  const two = (part: number): string => String(part).padStart(2, '0');
  return good(`${String(year)}-${two(month)}-${two(day)}`);
}
