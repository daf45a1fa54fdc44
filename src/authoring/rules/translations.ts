import { PHRASES_FLOW, phrases } from '../../engine/phrases.ts';
import type { Catalog } from '../catalog.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import type { Finding, FindingCode } from '../finding.ts';
import type { Checked } from '../rule.ts';
import { isWordList } from '../translations.ts';

/** The texts of a flow, or Lotse's own phrases, as they stand. */
export interface Sources {
  readonly id: string;
  readonly language: string;
  readonly texts: ReadonlyMap<string, string>;
}

/** A translation that people are shown: neither missing nor fuzzy, and of the source as it stands. */
export interface Shown {
  readonly catalog: Catalog;
  readonly entry: CatalogEntry;
  readonly sources: Sources;
}

export function sourcesOf({ loaded }: Checked): Sources[] {
  const own = { id: PHRASES_FLOW, language: 'en', texts: new Map<string, string>(Object.entries(phrases)) };
  return [own, ...loaded.flatMap(({ flow }) => flow ?? [])];
}

const remembered = new WeakMap<Checked, readonly Shown[]>();

/** Every shown translation but the lists of words, which people write and never see. */
export function shownTranslations(checked: Checked): readonly Shown[] {
  const known = remembered.get(checked);
  if (known) return known;
  const sources = new Map(sourcesOf(checked).map((one) => [one.id, one]));
  const shown = checked.catalogs.flatMap((catalog): Shown[] => {
    const own = sources.get(catalog.flow);
    if (!own) return [];
    return catalog.entries.flatMap((entry) => {
      const isCurrent = own.texts.get(entry.path) === entry.source && entry.text !== '' && !entry.fuzzy;
      return isCurrent && !isWordList(entry.path) ? [{ catalog, entry, sources: own }] : [];
    });
  });
  remembered.set(checked, shown);
  return shown;
}

/** A finding at an entry of a PO file. */
export function atEntry(
  { catalog, entry }: Pick<Shown, 'catalog' | 'entry'>,
  severity: Finding['severity'],
  code: FindingCode,
  message: string,
): Finding {
  return { severity, code, file: catalog.file, line: entry.line, column: 1, message };
}
