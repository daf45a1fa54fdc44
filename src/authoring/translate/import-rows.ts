import { syncFile, type SyncedFile, type Translated } from './files.ts';
import type { GivenRow } from './grid.ts';
import { applyRow, type Reviewer } from './import.ts';
import type { PoEntry } from './po.ts';

export interface Imported {
  /** With the new translations, only those that differ from the disk by a row. */
  readonly files: readonly SyncedFile[];
  /** Rows that changed something. */
  readonly changed: number;
  /** Rows as they were. */
  readonly same: number;
  /** Cells that were not taken, with their addresses. */
  readonly problems: readonly string[];
  /** Worth knowing, and nothing wrong. */
  readonly notes: readonly string[];
}

/** Where the rows go, and in whose name. */
export interface ImportPlace {
  readonly translated: readonly Translated[];
  readonly localesFolder: string;
  readonly languages: readonly string[];
  readonly broken: readonly string[];
  readonly reviewer: Reviewer | null;
}

/** Brings rows into the PO files they belong to; nothing is written yet. */
export async function importRows(rows: readonly GivenRow[], place: ImportPlace): Promise<Imported> {
  const targets = new Map<string, Target | string>();
  const seen = new Map<string, string>();
  const tally = { changed: 0, same: 0 };
  const problems: string[] = [];
  const notes: string[] = [];
  for (const given of rows) {
    const { row, at } = given;
    const [id = '', ...rest] = row.path.split('/');
    const name = `${row.language}/${id}`;
    const target = targets.get(name) ?? (await open(row.language, id, place));
    targets.set(name, target);
    if (typeof target === 'string') {
      problems.push(`${at('path')}: ${target}`);
      continue;
    }
    const entry = target.entries.get(rest.join('/'));
    if (!entry) {
      problems.push(`${at('path')}: there is no text '${row.path}' any more; export it again`);
      continue;
    }
    const text = `${row.language}/${row.path}`;
    const twin = seen.get(text);
    seen.set(text, at('path'));
    if (twin !== undefined) {
      problems.push(`${at('path')}: stands already in ${twin}; keep one of the two rows`);
      continue;
    }
    const outcome = applyRow(given, entry, place.reviewer);
    if (outcome.type === 'refused') problems.push(outcome.problem);
    else if (outcome.type === 'kept') notes.push(outcome.note);
    else tally[outcome.type] += 1;
    if (outcome.type === 'changed') {
      target.entries.set(entry.path, outcome.entry);
      target.isChanged = true;
    }
  }
  const files = [...targets.values()].flatMap((target) => {
    if (typeof target === 'string' || !target.isChanged) return [];
    const { synced, entries } = target;
    return [{ ...synced, file: { ...synced.file, entries: [...entries.values()] } }];
  });
  return { files, ...tally, problems, notes };
}

interface Target {
  readonly synced: SyncedFile;
  readonly entries: Map<string, PoEntry>;
  isChanged: boolean;
}

async function open(language: string, id: string, place: ImportPlace): Promise<Target | string> {
  if (place.broken.includes(id)) return `the flow '${id}' has errors; mend it first, see lotse check`;
  const translated = place.translated.find((one) => one.id === id);
  if (!translated) return `there is no flow '${id}'`;
  if (translated.language === language) return `'${language}' is the language the flow '${id}' is written in`;
  if (!place.languages.includes(language))
    return `there are no translations into '${language}'; begin with: lotse translate sync --language ${language}`;
  const synced = await syncFile(place.localesFolder, language, translated);
  if (typeof synced === 'string') return synced;
  const entries = new Map(synced.file.entries.map((entry) => [entry.path, entry]));
  return { synced, entries, isChanged: false };
}
