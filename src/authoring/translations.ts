import { readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PHRASES_FLOW, phrases } from '../engine/phrases.ts';
import type { Flow } from '../engine/model.ts';
import { readCatalog, type Catalog } from './catalog.ts';
import { codeOf, reasonOf } from './failure.ts';
import type { Finding } from './finding.ts';
import { isLanguageTag } from './language-tag.ts';
import { FILE_MAX, tooLarge } from './source.ts';

/** language -> flow (or `lotse`) -> path -> text */
export type Resources = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, string>>>;

/** The texts in their source languages: flows in their own, Lotse's phrases in English. */
export function sourceTexts(flows: ReadonlyMap<string, Flow>): Resources {
  const resources = new Map<string, Map<string, ReadonlyMap<string, string>>>();
  const add = (language: string, flow: string, texts: ReadonlyMap<string, string>): void => {
    resources.set(
      language,
      (resources.get(language) ?? new Map<string, ReadonlyMap<string, string>>()).set(flow, texts),
    );
  };
  for (const flow of flows.values()) add(flow.language, flow.id, flow.texts);
  add('en', PHRASES_FLOW, new Map(Object.entries(phrases)));
  return resources;
}

/**
 * The source texts, and beside them all translations that are still true: an entry counts when its `msgctxt`
 * and `msgid` are those of a text as it now stands, and it is neither empty nor fuzzy. Lists of words count
 * whatever became of their source.
 */
export async function readTranslations(
  folder: string,
  flows: ReadonlyMap<string, Flow>,
): Promise<{ resources: Resources; catalogs: Catalog[]; findings: Finding[] }> {
  const sources = sourceTexts(flows);
  const resources = new Map([...sources].map(([language, files]) => [language, new Map(files)]));
  const catalogs: Catalog[] = [];
  const findings: Finding[] = [];
  const add = (file: string, message: string): void => {
    findings.push(unusable(file, message));
  };
  for (const language of (await list(folder, add)).filter(isLanguageTag)) {
    const files = resources.get(language) ?? new Map<string, ReadonlyMap<string, string>>();
    const wanted = [...sources.values()]
      .flatMap((all) => [...all])
      .filter(([flow]) => !files.has(flow))
      .map(([flow, texts]) => ({ flow, texts, file: join(folder, language, `${flow}.po`) }));
    for (const { flow, texts, file } of wanted) {
      const bytes = readOptional(file);
      if (bytes !== null && 'code' in bytes) findings.push(bytes);
      if (bytes === null || 'code' in bytes) continue;
      const read = readCatalog({ language, flow, file }, bytes);
      if (!read.ok) {
        add(file, read.message);
        continue;
      }
      catalogs.push(read.catalog);
      files.set(flow, matching(read.catalog, texts));
    }
    // A folder without a single translation is no language to offer: nobody would be answered in it.
    if ([...files.values()].some((texts) => texts.size > 0)) resources.set(language, files);
  }
  return { resources, catalogs, findings };
}

/** Lists of words that are only ever read, never shown: outdated ones count, too. */
export function isWordList(path: string): boolean {
  return path === 'entry' || path === 'crisis' || path.startsWith('words.');
}

function matching({ entries }: Catalog, texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { path, source, text, fuzzy } of entries) {
    if (text === '') continue;
    const isCurrent = texts.get(path) === source && !fuzzy;
    // Words only lead people somewhere: an outdated list of danger words still saves, an empty one cannot.
    const outdatedWords = texts.has(path) && isWordList(path) && !found.has(path);
    if (isCurrent || outdatedWords) found.set(path, text);
  }
  return found;
}

/** A translation of the largest flow holds it twice, in letters of up to three bytes. Bytes. */
const PO_MAX = 4 * FILE_MAX;

/** null: there is no such file. At once, as flows are. */
function readOptional(file: string): Buffer | Finding | null {
  try {
    const { size } = statSync(file);
    return size > PO_MAX ? tooLarge(file, size, PO_MAX) : readFileSync(file);
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? null : unusable(file, `cannot be read: ${reasonOf(error)}`);
  }
}

function unusable(file: string, message: string): Finding {
  return { severity: 'error', code: 'translation-file', file, line: 1, column: 1, message };
}

async function list(folder: string, add: (file: string, message: string) => void): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') add(folder, `cannot be read: ${reasonOf(error)}`);
    return [];
  }
}
