import { createHash } from 'node:crypto';
import type { Translated } from './files.ts';
import { notesOf, reviewOf } from './marks.ts';
import { hasText, isFuzzy, type PoEntry, type PoFile } from './po.ts';
import { STATES, type State } from './status.ts';

/** The columns of an exported spreadsheet, in their order; an import finds them by name, wherever they stand. */
export const COLUMNS = [
  'path',
  'source',
  'translation',
  'state',
  'note',
  'about',
  'language',
  'key',
] as const;

export type Column = (typeof COLUMNS)[number];

/** One text in one language as a spreadsheet holds it. */
export type Row = Readonly<Record<Column, string>>;

/** How far an entry is, by what its PO file says. */
export function stateOfEntry(entry: PoEntry): State {
  if (!hasText(entry)) return 'missing';
  if (isFuzzy(entry)) return 'fuzzy';
  const review = reviewOf(entry.comments.translator ?? '');
  return review === 'machine' ? 'machine' : review === null ? 'translated' : 'reviewed';
}

/** The rows of a flow in a language; `only`: those in that state. */
export function rowsOf(language: string, { id, texts }: Translated, file: PoFile, only: State | null): Row[] {
  const about = new Map(texts.map((text) => [text.path, text.about.join('\n')]));
  return file.entries.flatMap((entry) => {
    const state = stateOfEntry(entry);
    if (only !== null && state !== only) return [];
    const translation = entry.forms[0] ?? '';
    const note = notesOf(entry.comments.translator ?? '');
    return [
      {
        path: `${id}/${entry.path}`,
        source: entry.source,
        translation,
        state,
        note,
        about: about.get(entry.path) ?? '',
        language,
        key: keyOf({ translation, note, state }),
      },
    ];
  });
}

/** What a person may change, as it was exported. */
export type Editable = Pick<Row, 'translation' | 'note' | 'state'>;

/** Tells at the import which cells a person changed since the export. */
export function keyOf({ translation, note, state }: Editable): string {
  return [translation, note, state].map(fingerprint).join('-');
}

/** Which of the cells no longer hold what the key was made of; null: it is no key. */
export function changedSince(
  key: string,
  { translation, note, state }: Editable,
): Readonly<Record<keyof Editable, boolean>> | null {
  const parts = key.trim().split('-');
  if (!/^([0-9a-f]{8}-){2}[0-9a-f]{8}$/.test(key.trim())) return null;
  const [text, remark, grade] = parts;
  return {
    translation: text !== fingerprint(translation),
    note: remark !== fingerprint(note),
    state: grade !== fingerprint(state),
  };
}

export const isState = (text: string): text is State => STATES.some((state) => state === text);

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
