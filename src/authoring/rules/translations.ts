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

/** What a rule finds in shown translations: all but the lists of words, which people write and never see. */
export function eachShown(checked: Checked, look: (shown: Shown) => Finding | null): Finding[] {
  const shown = remembered.get(checked) ?? shownTranslations(checked);
  remembered.set(checked, shown);
  const found: Finding[] = [];
  for (const one of shown) {
    const finding = look(one);
    if (finding) found.push(finding);
  }
  return found;
}

function shownTranslations(checked: Checked): Shown[] {
  const sources = new Map(sourcesOf(checked).map((one) => [one.id, one]));
  const shown: Shown[] = [];
  for (const catalog of checked.catalogs) {
    const own = sources.get(catalog.flow);
    if (!own) continue;
    for (const entry of catalog.entries)
      if (isCurrent(entry, own) && !isWordList(entry.path)) shown.push({ catalog, entry, sources: own });
  }
  return shown;
}

/** A translation that counts: neither empty nor fuzzy, and of the text as it stands. */
export function isCurrent({ path, source, text, fuzzy }: CatalogEntry, { texts }: Sources): boolean {
  return text !== '' && !fuzzy && texts.get(path) === source;
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
