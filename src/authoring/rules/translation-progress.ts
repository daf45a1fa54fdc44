import { dirname, join } from 'node:path';
import type { Catalog } from '../catalog.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { isWordList } from '../translations.ts';
import { atEntry, isCurrent, sourcesOf, type Sources } from './translations.ts';

const SYNC = 'run lotse translate sync';

/** Texts that people are shown in another language than their own. */
export const missingTranslations: Rule = (checked) => {
  const catalogs = new Map(checked.catalogs.map((one) => [`${one.language}/${one.flow}`, one]));
  const folders = new Map(checked.catalogs.map(({ language, file }) => [language, dirname(file)]));
  return [...folders].flatMap(([language, folder]) =>
    sourcesOf(checked)
      .filter((sources) => sources.language !== language)
      .flatMap((sources) => {
        const catalog = catalogs.get(`${language}/${sources.id}`);
        const file = join(folder, `${sources.id}.po`);
        if (catalog) return missingIn(catalog, sources);
        const message = `the file is missing, so '${sources.id}' is not translated into ${language}: ${SYNC}, then translate it`;
        return [atFile(file, message)];
      }),
  );
};

function missingIn(catalog: Catalog, sources: Sources): Finding[] {
  const { texts } = sources;
  // Most files are complete, and there are many.
  if (catalog.entries.length === texts.size && catalog.entries.every((entry) => isCurrent(entry, sources)))
    return [];
  const byPath = entriesByPath(catalog);
  const missing = [...texts].filter(([path]) => !(byPath.get(path) ?? []).some(({ text }) => text !== ''));
  if (missing.length === texts.size && texts.size > 1)
    return [atFile(catalog.file, `none of its ${String(texts.size)} texts is translated`)];
  const unlisted = missing.filter(([path]) => !byPath.has(path));
  const empty = missing.flatMap(([path]) => byPath.get(path)?.[0] ?? []);
  const first = unlisted[0]?.[0] ?? '';
  return [
    ...(unlisted.length === 0
      ? []
      : [
          atFile(
            catalog.file,
            `'${first}'${more(unlisted.length - 1)} not in the file: ${SYNC}, then translate`,
          ),
        ]),
    ...empty.map((entry) =>
      atEntry(
        { catalog, entry },
        'warning',
        'missing-translation',
        `'${entry.path}' is not translated: people are shown the source text`,
      ),
    ),
  ];
}

const more = (count: number): string => (count === 0 ? ' is' : ` and ${String(count)} more texts are`);

function atFile(file: string, message: string): Finding {
  return { severity: 'warning', code: 'missing-translation', file, line: 1, column: 1, message };
}

/** Translations that were made from another source text, or that somebody doubts. */
export const fuzzyTranslations: Rule = (checked) => {
  const sources = new Map(sourcesOf(checked).map((one) => [one.id, one]));
  return checked.catalogs.flatMap((catalog) => {
    const own = sources.get(catalog.flow);
    if (!own || catalog.entries.every((entry) => isCurrent(entry, own))) return [];
    return [...entriesByPath(catalog)].flatMap(([path, entries]): Finding[] => {
      const source = own.texts.get(path);
      const written = entries.filter(({ text }) => text !== '');
      const current = written.find((entry) => entry.source === source);
      const entry = current ?? written[0];
      if (source === undefined || !entry || (current && !current.fuzzy)) return [];
      const still = isWordList(path)
        ? 'people can write these words, but not the new ones'
        : 'people are shown the source text until somebody looks at it';
      const message = current
        ? `'${path}' is marked as fuzzy: ${still}`
        : `'${path}' translates an earlier source text: ${still}; ${SYNC}`;
      return [atEntry({ catalog, entry }, 'warning', 'fuzzy-translation', message)];
    });
  });
};

/** Files with translations that only a machine has seen, lists of words too. */
export const machineTranslations: Rule = (checked) => {
  const sources = new Map(sourcesOf(checked).map((one) => [one.id, one]));
  return checked.catalogs.flatMap((catalog): Finding[] => {
    const own = sources.get(catalog.flow);
    if (!own) return [];
    const entries = catalog.entries.filter((entry) => entry.review === 'machine' && isCurrent(entry, own));
    const [entry] = entries;
    if (!entry) return [];
    const count = entries.length === 1 ? '1 text was' : `${String(entries.length)} texts were`;
    const message = `${count} translated by a machine and reviewed by nobody; let somebody who speaks the language read them (docs/translators.md)`;
    return [atEntry({ catalog, entry }, 'warning', 'machine-translation', message)];
  });
};

function entriesByPath({ entries }: Catalog): ReadonlyMap<string, readonly CatalogEntry[]> {
  const byPath = new Map<string, CatalogEntry[]>();
  for (const entry of entries) {
    const before = byPath.get(entry.path);
    if (before) before.push(entry);
    else byPath.set(entry.path, [entry]);
  }
  return byPath;
}
