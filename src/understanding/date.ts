import { fold, latinDigits } from '../engine/fold.ts';
import { dayOfMonth, isoDate, isoDay, nextOccurrence, plusDays, weekdayOf, type Day } from './calendar.ts';
import {
  AGO,
  AHEAD,
  FILLERS,
  LAST,
  RELATIVE,
  UNITS,
  monthsIn,
  weekdays,
  type MonthFound,
} from './date-words.ts';
import { readNumber } from './number.ts';

/** In longer texts a date is rarely the answer. Characters. */
const TEXT_MAX = 120;

/**
 * The one date in a text, as ISO 8601, e.g. 2026-12-31: in figures (day first, as in Germany, unless only
 * month first is possible), with the name of the month, or counted from today («in 3 days», «Friday»).
 * Without a year it is the next such day from today on. Years 1300–1499 are Persian. `nowMs`: ms since 1970;
 * today is today in Germany. null: no date, none that exists, or more than one.
 */
export function readDate(text: string, nowMs: number, language: string): string | null {
  if (text.length > TEXT_MAX) return null;
  const today = isoDay(nowMs);
  const plain = latinDigits(text).replace(/\p{Cf}/gu, '');
  const figures = inFigures(plain, Number(today.slice(0, 4)));
  if (figures.length > 0) {
    const [first, ...others] = new Set(figures.map((day) => day && isoDate(day)));
    return others.length === 0 ? (first ?? null) : null;
  }
  const tokens = fold(plain)
    .replaceAll('ı', 'i')
    .replace(/(?<=\d)(?:st|nd|rd|th|го|те|а|ій|er)(?= |$)/gu, '')
    .split(' ')
    .filter((token) => token !== '' && !FILLERS.has(token));
  return (
    withoutYear(plain, tokens, today) ??
    named(tokens, today) ??
    RELATIVE.map(([phrase, days]) => (tokens.join(' ') === phrase ? plusDays(today, days) : null)).find(
      (found) => found !== null,
    ) ??
    counted(tokens, today, language) ??
    weekday(tokens, today)
  );
}

const FULL = /(?<![\d.,/-])(\d{1,4})\s*([./-])\s*(\d{1,2})\s*[./-]\s*(\d{1,4})(?![\d/-]|[.,]\d)/gu;
const SPACED = /^\s*(\d{1,2})\s+(\d{1,2})\s+(\d{4})\s*$/u;

/** Whole dates in figures; null stands for one that does not exist. */
function inFigures(text: string, thisYear: number): (Day | null)[] {
  const day = (year = '', month?: string, date?: string): Day | null =>
    dayOfMonth(year, Number(month), Number(date), thisYear);
  const spaced = SPACED.exec(text);
  if (spaced) return [day(spaced[3], spaced[2], spaced[1])];
  return [...text.matchAll(FULL)].map(([, first = '', mark, second, third = '']) => {
    if (first.length >= 3) return third.length <= 2 && first.length === 4 ? day(first, second, third) : null;
    if (third.length !== 2 && third.length !== 4) return null;
    // 31.12. is never the 31st month, but 12/31 is how some countries write it.
    const dayFirst = day(third, second, first);
    return dayFirst ?? (mark === '.' || Number(second) <= 12 ? null : day(third, first, second));
  });
}

function withoutYear(text: string, tokens: readonly string[], today: string): string | null {
  const [first, second] = tokens;
  if (tokens.length !== 2 || first === undefined || second === undefined) return null;
  if (!/(?<!\d)\d{1,2}\s*[./]\s*\d{1,2}(?!\d)/u.test(text)) return null;
  return nextOccurrence(today, Number(second), Number(first));
}

/** 31. Dezember 2026, December 31, 31 грудня: one month by its name, a day, and perhaps a year. */
function named(tokens: readonly string[], today: string): string | null {
  const months = monthsIn(tokens);
  const [only] = months;
  if (!only || !sameMonth(months)) return null;
  const rest = [...tokens.slice(0, only.at), ...tokens.slice(only.at + only.length)];
  const [first, second] = rest;
  if (first === undefined || rest.length > 2 || !rest.every((token) => /^\d{1,4}$/.test(token))) return null;
  const byCalendar = (persian: boolean): MonthFound | undefined =>
    months.find((month) => month.persian === persian);
  const yearFirst = first.length === 4;
  const [date, year] = yearFirst ? [second, first] : [first, second];
  if (date === undefined || date.length > 2) return null;
  if (year === undefined) {
    const found = byCalendar(false);
    return found ? nextOccurrence(today, found.month, Number(date)) : null;
  }
  const found = byCalendar(/^1[34]\d\d$/.test(year));
  const made = found && dayOfMonth(year, found.month, Number(date), Number(today.slice(0, 4)));
  return made ? isoDate(made) : null;
}

const sameMonth = (months: readonly MonthFound[]): boolean => new Set(months.map(({ at }) => at)).size === 1;

/** in 3 Tagen, 2 weeks ago, بعد يومين */
function counted(tokens: readonly string[], today: string, language: string): string | null {
  const ahead = tokens.some((token) => AHEAD.has(token));
  const back = tokens.some((token) => AGO.has(token));
  const units = tokens.flatMap((token) => UNITS.get(token) ?? []);
  const [unit] = units;
  if (ahead === back || !unit || units.length > 1) return null;
  const rest = tokens.filter((token) => !AHEAD.has(token) && !AGO.has(token) && !UNITS.has(token));
  // «in ein paar Tagen»: only one of the words is a number.
  if (rest.some((token) => readNumber(token, language) === null)) return null;
  const count = rest.length === 0 ? 1 : readNumber(rest.join(' '), language);
  if (count === null || !Number.isInteger(count) || count < 0 || count > 3660 || rest.length > 2) return null;
  return plusDays(today, (back ? -1 : 1) * count * unit);
}

function weekday(tokens: readonly string[], today: string): string | null {
  const last = tokens.some((token) => LAST.has(token));
  const [name, ...others] = tokens.filter((token) => !LAST.has(token));
  const wanted = weekdays().get(name ?? '');
  if (wanted === undefined || others.length > 0) return null;
  const ahead = (wanted - weekdayOf(today) + 7) % 7 || 7;
  return plusDays(today, last ? (ahead === 7 ? -7 : ahead - 7) : ahead);
}
