import { z } from 'zod';
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
      return typeof value === 'string' && isDate(value);
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

/** An ISO 8601 date that exists. */
function isDate(text: string): boolean {
  const [, year = 0, month = 0, day = 0] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []).map(Number);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days && year >= 1900;
}
