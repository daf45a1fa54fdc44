import { headersFor } from './header.ts';
import { notesOf, withPastReview } from './marks.ts';
import {
  hasText,
  isFuzzy,
  markFuzzy,
  quoted,
  without,
  type PoComments,
  type PoEntry,
  type PoFile,
} from './po.ts';
import type { Translatable } from './texts.ts';

/** What became of the texts and translations of one file. */
export interface SyncCounts {
  /** Texts that have no entry yet. */
  readonly added: number;
  /** Translations of a source that changed: now fuzzy. */
  readonly changed: number;
  /** Translations whose text stands at another path now. */
  readonly moved: number;
  /** Translations that were set aside and are needed again. */
  readonly returned: number;
  /** Translations that were set aside now. */
  readonly obsolete: number;
}

export interface Synced {
  readonly file: PoFile;
  readonly counts: SyncCounts;
}

export interface SyncPlace {
  /** BCP 47 */
  readonly language: string;
  /** For `#:`, e.g. flows/housing.yaml; null: nowhere an author could look. */
  readonly reference: string | null;
  /** Old step names and where they went. */
  readonly moved: ReadonlyMap<string, string>;
}

const EMPTY: PoFile = { headers: {}, headerComments: {}, entries: [], obsolete: [], tail: [], eol: '\n' };
const keyOf = ({ path, source }: { path: string; source: string }): string => `${path}\u0000${source}`;

/**
 * Brings a PO file to the texts as they stand now, in their order. No translation and no note is lost: what
 * belongs to no text any more is set aside, and comes back when its text does. Pure; a file in sync stays the same.
 */
export function syncPo(old: PoFile | null, texts: readonly Translatable[], place: SyncPlace): Synced {
  const given = old ?? EMPTY;
  const { found, free, aside } = assign(given, texts, place.moved);
  const counts = { added: 0, changed: 0, moved: 0, returned: 0, obsolete: 0 };
  const active = new Map(given.entries.map((entry) => [keyOf(entry), entry]));
  const entries = texts.map((text): PoEntry => {
    const { path, source } = text;
    const empty = active.get(keyOf(text));
    const match = found.get(text);
    const entry = match
      ? become(match.entry, text)
      : (empty ?? { path, source, plural: null, forms: [''], comments: {} });
    if (match && match.how !== 'same') counts[match.how] += 1;
    if (!match && !empty) counts.added += 1;
    const other = empty && match && empty !== match.entry ? empty.comments.translator : undefined;
    const comments = { ...entry.comments, ...joined(entry.comments.translator, other) };
    return { ...entry, comments: described(comments, text, place.reference) };
  });
  const put = free.filter((entry) => hasText(entry) || notesOf(entry.comments.translator ?? '') !== '');
  counts.obsolete = put.length;
  const obsolete = new Map(aside.map((entry) => [keyOf(entry), entry]));
  for (const entry of put) obsolete.set(keyOf(entry), setAside(entry, obsolete.get(keyOf(entry))));
  const file: PoFile = {
    ...given,
    headers: headersFor(place.language, given.headers),
    entries,
    obsolete: [...obsolete.values()],
  };
  return { file, counts };
}

type How = 'same' | 'changed' | 'moved' | 'returned';
interface Match {
  readonly entry: PoEntry;
  readonly how: How;
}

/** Which translation each text keeps; `free` and `aside`: what is left of the entries and of the obsolete ones. */
function assign(
  old: PoFile,
  texts: readonly Translatable[],
  moved: ReadonlyMap<string, string>,
): { found: Map<Translatable, Match>; free: PoEntry[]; aside: PoEntry[] } {
  const found = new Map<Translatable, Match>();
  const taken = new Set<PoEntry>();
  const take = (text: Translatable, entry: PoEntry | undefined, how: How): void => {
    if (!entry || found.has(text) || taken.has(entry)) return;
    found.set(text, { entry, how });
    taken.add(entry);
  };
  const active = old.entries.filter(hasText);
  const aside = old.obsolete.filter(hasText);
  const activeByKey = new Map(active.map((entry) => [keyOf(entry), entry]));
  const asideByKey = new Map(aside.map((entry) => [keyOf(entry), entry]));
  for (const text of texts) take(text, activeByKey.get(keyOf(text)), 'same');
  for (const text of texts) take(text, asideByKey.get(keyOf(text)), 'returned');

  const whither = (path: string): string => movedPath(path, moved);
  const last = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
  // From sure to likely, each for all texts before the next: declared moves, the same sort of text, the same text.
  const isMove: readonly ((text: Translatable, entry: PoEntry) => boolean)[] = [
    (text, entry) => whither(entry.path) === text.path,
    (text, entry) => last(entry.path) === last(text.path),
    () => true,
  ];
  for (const [entries, how] of [[active, 'moved'] as const, [aside, 'returned'] as const]) {
    const bySource = grouped(entries, ({ source }) => source);
    for (const fits of isMove)
      for (const text of texts) {
        const same = bySource.get(text.source) ?? [];
        take(
          text,
          same.find((entry) => !taken.has(entry) && fits(text, entry)),
          how,
        );
      }
  }
  const byPath = grouped(active, ({ path }) => whither(path));
  for (const text of texts) {
    const here = (byPath.get(text.path) ?? []).filter((entry) => !taken.has(entry));
    take(text, here.find((entry) => !isFuzzy(entry)) ?? here[0], 'changed');
  }
  const current = new Set(texts.map(keyOf));
  return {
    found,
    // An empty entry of a text that still stands is not left over: it gave its place to a translation.
    free: old.entries.filter((entry) => !taken.has(entry) && !(current.has(keyOf(entry)) && !hasText(entry))),
    aside: old.obsolete.filter((entry) => !taken.has(entry)),
  };
}

/** `steps.old.ask` -> `steps.new.ask`, as the flow's `moved:` says, over several moves. */
function movedPath(path: string, moved: ReadonlyMap<string, string>): string {
  const [, step, rest] = /^steps\.([^.]+)(\..*)$/.exec(path) ?? [];
  if (step === undefined || rest === undefined) return path;
  let name = step;
  const seen = new Set<string>();
  for (let next = moved.get(name); next !== undefined && !seen.has(name); next = moved.get(name)) {
    seen.add(name);
    name = next;
  }
  return `steps.${name}${rest}`;
}

/** The entry as the translation of that text; fuzzy where it was made from another. */
function become(entry: PoEntry, { path, source }: Translatable): PoEntry {
  if (entry.source === source) return { ...entry, path };
  const { translator } = entry.comments;
  const previous = entry.comments.previous ?? `msgid ${quoted(entry.source)}`;
  const comments = {
    ...entry.comments,
    previous,
    ...(translator === undefined ? {} : { translator: withPastReview(translator) }),
  };
  return markFuzzy({ ...entry, path, source, plural: null, forms: entry.forms.slice(0, 1), comments }, true);
}

function described(comments: PoComments, { about }: Translatable, reference: string | null): PoComments {
  return {
    ...without(comments, 'reference', 'extracted'),
    ...(reference === null ? {} : { reference }),
    ...(about.length === 0 ? {} : { extracted: about.join('\n') }),
  };
}

/** An entry as it is set aside; a translation already there for the same text is kept as a note. */
function setAside(entry: PoEntry, there: PoEntry | undefined): PoEntry {
  const comments = without(entry.comments, 'reference', 'extracted');
  const earlier =
    there && there.forms.join() !== entry.forms.join()
      ? `earlier translation: ${there.forms.map(quoted).join(' ')}`
      : undefined;
  const notes = joined(joined(entry.comments.translator, there?.comments.translator).translator, earlier);
  return { ...entry, comments: { ...comments, ...notes } };
}

function joined(first: string | undefined, second: string | undefined): Pick<PoComments, 'translator'> {
  const lines = [first, second].flatMap((text) =>
    text === undefined || text === '' ? [] : text.split('\n'),
  );
  // What one has written down, the other need not repeat; empty lines are left as they are.
  const all = lines.filter((line, index) => line === '' || lines.indexOf(line) === index);
  return all.length === 0
    ? {}
    : { translator: second === undefined && first !== undefined ? first : all.join('\n') };
}

function grouped(
  entries: readonly PoEntry[],
  by: (entry: PoEntry) => string,
): ReadonlyMap<string, readonly PoEntry[]> {
  const groups = new Map<string, PoEntry[]>();
  for (const entry of entries) {
    const group = groups.get(by(entry)) ?? [];
    group.push(entry);
    groups.set(by(entry), group);
  }
  return groups;
}
