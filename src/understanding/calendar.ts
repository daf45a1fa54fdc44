/** A day that exists, in the Gregorian calendar. */
export interface Day {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  readonly day: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const berlin = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin', dateStyle: 'short' });

/** The day in Germany, as ISO 8601. `nowMs`: ms since 1970. */
export function isoDay(nowMs: number): string {
  return berlin.format(nowMs);
}

export function isoDate({ year, month, day }: Day): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

export function plusDays(iso: string, days: number): string {
  return new Date(Date.parse(iso) + days * DAY_MS).toISOString().slice(0, 10);
}

/** 0–6, Sunday first. */
export function weekdayOf(iso: string): number {
  return new Date(iso).getUTCDay();
}

/**
 * The day of a written year; null: it does not exist, or lies outside 1900–2150. Two digits are the year
 * nearest to now (up to 10 years ahead, else in the past); 1300–1499 is a year of the Persian calendar.
 */
export function dayOfMonth(writtenYear: string, month: number, day: number, thisYear: number): Day | null {
  const year = Number(writtenYear);
  if (writtenYear.length === 2) {
    const century = Math.floor((thisYear + 10) / 100) * 100;
    return gregorian(century + year > thisYear + 10 ? century - 100 + year : century + year, month, day);
  }
  return year >= 1300 && year <= 1499 ? fromPersian(year, month, day) : gregorian(year, month, day);
}

function gregorian(year: number, month: number, day: number): Day | null {
  if (!(year >= 1900 && year <= 2150)) return null;
  const made = new Date(Date.UTC(year, month - 1, day));
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === day ? { year, month, day } : null;
}

/** The next day with this date from `today` on, for the 29th of February up to eight years ahead. */
export function nextOccurrence(today: string, month: number, day: number): string | null {
  const thisYear = Number(today.slice(0, 4));
  for (let year = thisYear; year <= thisYear + 8; year += 1) {
    const made = gregorian(year, month, day);
    if (made && isoDate(made) >= today) return isoDate(made);
  }
  return null;
}

const persian = new Intl.DateTimeFormat('en-u-ca-persian-nu-latn', {
  timeZone: 'UTC',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
});

/** Intl only converts to the Persian calendar: the day is estimated, and looked for around the estimate. */
function fromPersian(year: number, month: number, day: number): Day | null {
  if (month < 1 || month > 12 || day < 1 || day > 31) return null;
  const dayOfYear = month <= 7 ? (month - 1) * 31 + day : 186 + (month - 7) * 30 + day;
  const estimate = Date.UTC(year + 621, 2, 20 + dayOfYear);
  for (let offset = -3; offset <= 3; offset += 1) {
    const made = new Date(estimate + offset * DAY_MS);
    const parts = new Map(persian.formatToParts(made).map(({ type, value }) => [type, Number(value)]));
    if (parts.get('year') === year && parts.get('month') === month && parts.get('day') === day)
      return gregorian(made.getUTCFullYear(), made.getUTCMonth() + 1, made.getUTCDate());
  }
  return null;
}
