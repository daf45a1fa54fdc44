import type { AnswerType } from './answer.ts';
import type { Value } from './session.ts';

/** An answer on its way into a text, to be written as the text's language writes it. */
export interface Given {
  readonly type: AnswerType['type'];
  readonly value: Value;
}

/**
 * How `{{name, format}}` may show an answer, by its type; `{{name}}` alone shows the first. Dates: 31 December
 * 2026, 31/12/2026, Thursday, 31 December 2026. Phone numbers: +49 911 9430, 0911 9430, +499119430.
 */
export const FORMATS: Readonly<Record<AnswerType['type'], readonly string[]>> = {
  text: [],
  integer: ['grouped', 'plain', 'euro'],
  number: ['grouped', 'plain', 'euro'],
  yes_no: [],
  date: ['long', 'short', 'full'],
  postcode: [],
  place: ['name', 'postcode'],
  phone: ['international', 'national', 'plain'],
  email: [],
  choice: [],
  media: [],
};

/** The name and the format of what stands between {{ and }}. */
export function placeholder(inner: string): { readonly name: string; readonly format: string | null } {
  const comma = inner.indexOf(',');
  return comma < 0
    ? { name: inner.trim(), format: null }
    : { name: inner.slice(0, comma).trim(), format: inner.slice(comma + 1).trim() };
}
