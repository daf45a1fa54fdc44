import type { Place } from './session.ts';

/** In E.164, e.g. +499119430; or what is wrong: `short` and `long` count digits, `none` is no number at all. */
export type PhoneRead =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly why: 'short' | 'long' | 'none' };

export type PlaceRead =
  /** `certain`: a postcode, or the whole text is the name of a town, rightly spelt. */
  | { readonly type: 'found'; readonly place: Place; readonly certain: boolean }
  /** Several would fit: their names, told apart by where they lie, at most three. */
  | { readonly type: 'which'; readonly names: readonly string[] }
  | { readonly type: 'none' };

/**
 * Reads what people write, with libraries and lists that the engine must not know. Pure but for what is loaded
 * once; null: nothing such stands in the text, or more than one thing does. `language`: BCP 47 tag.
 */
export interface Understanding {
  number(text: string, language: string): number | null;
  /** ISO 8601, e.g. 2026-12-31. `nowMs`: ms since 1970, for «tomorrow» and dates without a year. */
  date(text: string, nowMs: number, language: string): string | null;
  phone(text: string): PhoneRead;
  email(text: string): string | null;
  /** Five digits of a German region that exists. */
  postcode(text: string): string | null;
  place(text: string): PlaceRead;
}
