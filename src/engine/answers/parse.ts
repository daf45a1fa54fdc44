import type { AnswerType } from '../answer.ts';
import { latinDigits } from '../fold.ts';
import type { Input } from '../input.ts';
import type { Bot } from '../model.ts';
import type { Phrase } from '../phrases.ts';
import type { Value } from '../session.ts';
import { readYesNo } from './yes-no.ts';
import { mediaName } from '../media.ts';

export type Parsed =
  /** `certain`: beyond doubt the answer, whatever else the words may mean. */
  | { readonly ok: true; readonly value: Value; readonly certain: boolean }
  | { readonly ok: false; readonly need: Phrase; readonly values?: Readonly<Record<string, string>> };

/** What reading an answer takes besides the input. */
export interface Asked {
  readonly bot: Pick<Bot, 'yes' | 'no' | 'understanding'>;
  /** BCP 47 tag of the person's language. */
  readonly language: string;
  readonly nowMs: number;
}

const good = (value: Value, certain = true): Parsed => ({ ok: true, value, certain });
const bad = (need: Phrase, values: Readonly<Record<string, string>> = {}): Parsed => ({
  ok: false,
  need,
  values,
});

const NEEDS: Readonly<Record<AnswerType['type'], Phrase>> = {
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

/** Reads a typed answer, as far as the input is one; otherwise says what would be. */
export function parseAnswer(type: AnswerType, input: Input, asked: Asked): Parsed {
  if (type.type === 'media') return input.kind === 'media' ? good(mediaName(input.media)) : bad('need.media');
  if (type.type === 'place' && input.kind === 'location') {
    const { latitude, longitude, name } = input;
    return good(name === undefined ? { latitude, longitude } : { latitude, longitude, name });
  }
  if (input.kind !== 'text') return bad(NEEDS[type.type]);
  const text = cut(input.text.trim());
  return text === '' ? bad(NEEDS[type.type]) : parseText(type, text, asked);
}

function parseText(type: AnswerType, text: string, { bot, language, nowMs }: Asked): Parsed {
  const understood = (value: Value | null): Parsed => (value === null ? bad(NEEDS[type.type]) : good(value));
  switch (type.type) {
    case 'integer':
    case 'number':
      return number(type, bot.understanding.number(text, language));
    case 'yes_no':
      return understood(readYesNo(text, bot));
    case 'date':
      return understood(bot.understanding.date(text, nowMs, language));
    case 'postcode':
      return understood(bot.understanding.postcode(text));
    case 'email':
      return understood(bot.understanding.email(text));
    case 'phone': {
      const read = bot.understanding.phone(text);
      return read.ok ? good(read.value) : bad(PHONE_NEEDS[read.why]);
    }
    case 'place':
      return place(bot.understanding.place(text));
    case 'text':
    case 'choice':
    case 'media':
      return good(latinDigits(text), false);
  }
}

/** Longer answers are cut, never through the middle of a letter: nobody's essay belongs into a session. Characters. */
const TEXT_MAX = 1000;

const cut = (text: string): string => Array.from(text).slice(0, TEXT_MAX).join('');

const PHONE_NEEDS = { none: 'need.phone', short: 'need.phone_short', long: 'need.phone_long' } as const;

function place(read: ReturnType<Bot['understanding']['place']>): Parsed {
  if (read.type === 'found') return good(read.place, read.certain);
  if (read.type === 'none') return bad('need.place');
  return bad('need.place_which', { places: read.names.map((name) => `– ${name}`).join('\n') });
}

function number(type: AnswerType, value: number | null): Parsed {
  if (value === null || (type.type === 'integer' && !Number.isInteger(value))) return bad(NEEDS[type.type]);
  const min = type.min ?? Number.NEGATIVE_INFINITY;
  const max = type.max ?? Number.POSITIVE_INFINITY;
  if (value >= min && value <= max) return good(value);
  const limits = { min: String(min), max: String(max) };
  if (type.min !== null && type.max !== null) return bad('need.between', limits);
  return bad(value < min ? 'need.at_least' : 'need.at_most', limits);
}
