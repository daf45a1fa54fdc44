import type { Catalog } from '../catalog.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import type { Translatable } from './texts.ts';

/** How far one text is translated; `translated`: by a person, and nobody reviewed it. */
export type State = 'missing' | 'fuzzy' | 'machine' | 'translated' | 'reviewed';

export const STATES: readonly State[] = ['missing', 'fuzzy', 'machine', 'translated', 'reviewed'];

export interface Progress {
  readonly texts: number;
  /** Shown to people: neither missing nor fuzzy; machine and reviewed ones are among them. */
  readonly translated: number;
  /** Made from another source text, or in doubt. */
  readonly fuzzy: number;
  readonly missing: number;
  /** Nobody has looked at them yet. */
  readonly machine: number;
  readonly reviewed: number;
  /** 0–100; 100 only when nothing is missing or fuzzy. */
  readonly percent: number;
}

export interface FlowProgress extends Progress {
  readonly flow: string;
}

export interface LanguageProgress {
  readonly language: string;
  readonly flows: readonly FlowProgress[];
  readonly total: Progress;
}

/** How far every flow is translated into every language, by what its PO files say of the texts as they stand. */
export function progressOf(
  languages: readonly string[],
  flows: readonly {
    readonly id: string;
    readonly language: string;
    readonly texts: readonly Translatable[];
  }[],
  catalogs: readonly Catalog[],
): LanguageProgress[] {
  const byPlace = new Map(catalogs.map((catalog) => [`${catalog.language}/${catalog.flow}`, catalog]));
  return languages.map((language) => {
    const all = flows
      .filter((flow) => flow.language !== language)
      .map(({ id, texts }) => {
        const states = statesOf(texts, byPlace.get(`${language}/${id}`)?.entries ?? []);
        return { flow: id, states };
      });
    return {
      language,
      flows: all.map(({ flow, states }) => ({ flow, ...progress(states) })),
      total: progress(all.flatMap(({ states }) => states)),
    };
  });
}

function statesOf(texts: readonly Translatable[], entries: readonly CatalogEntry[]): State[] {
  const byPath = new Map<string, CatalogEntry[]>();
  for (const entry of entries) byPath.set(entry.path, [...(byPath.get(entry.path) ?? []), entry]);
  return texts.map(({ path, source }) => stateOf(source, byPath.get(path) ?? []));
}

/** The state of a text by the entries of its path. */
function stateOf(source: string, entries: readonly CatalogEntry[]): State {
  const current = entries.find((entry) => entry.source === source && entry.text !== '');
  if (!current) return entries.some(({ text }) => text !== '') ? 'fuzzy' : 'missing';
  if (current.fuzzy) return 'fuzzy';
  return current.review === 'machine' ? 'machine' : current.review === null ? 'translated' : 'reviewed';
}

function progress(states: readonly State[]): Progress {
  const count = (state: State): number => states.filter((one) => one === state).length;
  const [missing, fuzzy] = [count('missing'), count('fuzzy')];
  const translated = states.length - missing - fuzzy;
  return {
    texts: states.length,
    translated,
    fuzzy,
    missing,
    machine: count('machine'),
    reviewed: count('reviewed'),
    percent: states.length === 0 ? 100 : Math.floor((100 * translated) / states.length),
  };
}
