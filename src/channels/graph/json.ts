import { createHash } from 'node:crypto';
import { z } from 'zod';

/*
 * What a platform sends is read leniently, field by field, for a broken one must not take a message along. Each of
 * these is one function instead of a union with a fallback: every webhook runs through dozens of them.
 */
const lenient = <T>(read: (value: unknown) => T): z.ZodType<T> => z.unknown().optional().transform(read);

/** An id on the wire: a string, or a number where some sender forgot the quotes; '' counts as none. */
export const idSchema = lenient((value): string | undefined =>
  value === '' || (typeof value !== 'string' && typeof value !== 'number') ? undefined : String(value),
);

/** A text field; anything else counts as none. */
export const textSchema = lenient((value) => (typeof value === 'string' ? value : undefined));

/** An array to go through item by item; anything else counts as empty. */
export const itemsSchema = lenient((value): readonly unknown[] => (Array.isArray(value) ? value : []));

/** A number or a string of digits; anything else counts as none. */
export const numberSchema = lenient((value) => {
  if (typeof value === 'string') return /^-?\d+(\.\d+)?$/u.test(value) ? Number(value) : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
});

/** Milliseconds since 1970 from a platform's time in units of `unitMs`; 0 where it gave none that can be true. */
export function milliseconds(time: number | undefined, unitMs: 1 | 1000): number {
  const at = (time ?? 0) * unitMs;
  return Number.isSafeInteger(Math.round(at)) && at > 0 ? Math.round(at) : 0;
}

/**
 * An id for an event that came without one: the same again when the platform delivers it again, another one
 * for any other event. 30 characters.
 */
export function derivedId(...parts: readonly (string | number)[]): string {
  return `derived.${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22)}`;
}

/** A word of the platform's that may stand in a log or a reason: no content, no number, no name. */
export function safeWord(word: string | undefined): string {
  return word !== undefined && /^[a-z][a-z_-]{0,39}$/u.test(word) ? word : 'unknown';
}

/** Option ids are `flow/step/option`; a button text that a person made up is not. */
export function isOptionId(payload: string): boolean {
  return payload.length <= 200 && /^[^\s/]+(\/[^\s/]+){2,}$/u.test(payload);
}
