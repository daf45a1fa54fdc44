/** Finds where a text may be cut: indexes in rising order, without 0. White space at a cut is dropped later. */
type Cuts = (window: string, language: string) => readonly number[];

const before =
  (pattern: RegExp): Cuts =>
  (window) =>
    Array.from(window.matchAll(pattern), ({ index }) => index).filter((index) => index > 0);

const segments =
  (granularity: 'sentence' | 'word' | 'grapheme'): Cuts =>
  (window, language) =>
    Array.from(segmenter(language, granularity).segment(window), ({ index }) => index).slice(1);

const SPACE = before(/\s+/gu);
const WORD = segments('word');
const GRAPHEME = segments('grapheme');
/** The last resort: even in one grapheme of thousands of marks, no cut falls inside a surrogate pair. */
const CODE_POINT = before(/[\s\S]/gu);
/** From coarse to fine; words without spaces between them (Thai, Chinese, Khmer) come last. */
const KINDLY: readonly Cuts[] = [before(/\n\s*\n/gu), before(/\n/gu), segments('sentence'), SPACE, WORD];

/** Segmenters look ahead; so much more text than allowed is shown to them that its early end misleads none. */
const LOOKAHEAD = 64;

/** A cut that uses less than this share of the room is worse than a cut at the next finer unit. */
const FAIR_SHARE = 1 / 3;

/**
 * Cuts a text into pieces of at most `max` UTF-16 units, at paragraph, line, sentence, then word ends, never
 * inside a grapheme unless one alone is longer than `max`. Only white space at its edges and at the cuts is
 * dropped.
 */
function split(text: string, max: number, language: string): readonly string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest.length > max) {
    const end = lastCut(rest, max, language);
    pieces.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...pieces, rest];
}

/** Like `split`, but the last piece, the one that carries buttons, has at most `lastMax` units. */
export function splitForMenu(
  text: string,
  max: number,
  lastMax: number,
  language: string,
): readonly string[] {
  const pieces = split(text, max, language);
  const last = pieces.at(-1) ?? '';
  if (last.length <= lastMax) return pieces;
  const start = firstCut(last, last.length - lastMax, language);
  return [...pieces.slice(0, -1), last.slice(0, start).trimEnd(), last.slice(start).trimStart()];
}

/** Shortens a label to `max` units at a word end, marked with «…»; unchanged if it fits. */
export function shorten(label: string, max: number, language: string): string {
  if (label.length <= max) return label;
  const window = label.slice(0, max + LOOKAHEAD);
  const room = max - '…'.length;
  const end = firstFair([SPACE, WORD], window, room, language) ?? largest(GRAPHEME(window, language), room);
  return `${label.slice(0, end).replace(/[\s,;:–-]+$/u, '')}…`;
}

/** One line with single spaces: what titles and numbered lines are made of. */
export function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

function lastCut(text: string, max: number, language: string): number {
  const window = text.slice(0, max + LOOKAHEAD);
  const kindly = firstFair(KINDLY, window, max, language);
  if (kindly !== undefined) return kindly;
  return largest(GRAPHEME(window, language), max) || largest(CODE_POINT(window, language), max) || max;
}

/** The first cut at or after `min`, as coarse as there is one that leaves a fair share behind it. */
function firstCut(text: string, min: number, language: string): number {
  const fair = (text.length - min) * FAIR_SHARE;
  for (const cuts of KINDLY) {
    const cut = cuts(text, language).find((index) => index >= min);
    if (cut !== undefined && text.length - cut >= fair) return cut;
  }
  const next = (cuts: Cuts): number | undefined => cuts(text, language).find((index) => index >= min);
  return next(GRAPHEME) ?? next(CODE_POINT) ?? min;
}

/** Segmenting is slow beside all else here: finer cuts are only looked for where coarser ones do not serve. */
function firstFair(
  kinds: readonly Cuts[],
  window: string,
  max: number,
  language: string,
): number | undefined {
  for (const cuts of kinds) {
    const cut = largest(cuts(window, language), max);
    if (cut >= max * FAIR_SHARE) return cut;
  }
  return undefined;
}

function largest(cuts: readonly number[], max: number): number {
  return cuts.findLast((cut) => cut <= max) ?? 0;
}

const segmenters = new Map<string, Intl.Segmenter>();

function segmenter(language: string, granularity: 'sentence' | 'word' | 'grapheme'): Intl.Segmenter {
  const key = `${granularity} ${language}`;
  const known = segmenters.get(key);
  if (known) return known;
  const made = new Intl.Segmenter(locale(language), { granularity });
  segmenters.set(key, made);
  return made;
}

/** A language tag nobody knows must not keep a message from being sent: the neutral rules do. */
function locale(language: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(language)[0];
  } catch {
    return undefined;
  }
}
