import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { po } from 'gettext-parser';
import { PHRASES_FLOW, phrases } from '../engine/phrases.ts';
import type { Flow } from '../engine/model.ts';
import { codeOf, reasonOf } from './failure.ts';
import type { Finding } from './finding.ts';
import { isLanguageTag } from './language-tag.ts';

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
): Promise<{ resources: Resources; findings: Finding[] }> {
  const sources = sourceTexts(flows);
  const resources = new Map([...sources].map(([language, files]) => [language, new Map(files)]));
  const findings: Finding[] = [];
  const add = (file: string, message: string): void => {
    findings.push({ severity: 'error', code: 'translation-file', file, line: 1, column: 1, message });
  };
  for (const language of (await list(folder, add)).filter(isLanguageTag)) {
    const files = resources.get(language) ?? new Map<string, ReadonlyMap<string, string>>();
    for (const [flow, texts] of [...sources.values()].flatMap((all) => [...all])) {
      if (files.has(flow)) continue;
      const file = join(folder, language, `${flow}.po`);
      const read = await readPo(file);
      if (read === null) continue;
      if (read.ok) files.set(flow, matching(read.entries, texts));
      else add(file, read.message);
    }
    // An empty folder is no language to offer.
    if (files.size > 0) resources.set(language, files);
  }
  return { resources, findings };
}

type Entries = ReturnType<typeof po.parse>['translations'];

function matching(entries: Entries, texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [path, source] of texts) {
    // Words only lead people somewhere: an outdated list of danger words still saves, an empty one cannot.
    const entry = isWordList(path) ? Object.values(entries[path] ?? {})[0] : entries[path]?.[source];
    const text = entry?.msgstr[0] ?? '';
    const outdated = entry?.comments?.flag?.includes('fuzzy') === true && !isWordList(path);
    if (text !== '' && !outdated) found.set(path, text);
  }
  return found;
}

/** Lists of words that are only ever read, never shown: outdated ones count, too. */
function isWordList(path: string): boolean {
  return path === 'entry' || path === 'crisis' || path.startsWith('words.');
}

/** The entries of a PO file; null where there is none; what is wrong with it where it cannot be read. */
async function readPo(
  file: string,
): Promise<{ ok: true; entries: Entries } | { ok: false; message: string } | null> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    return { ok: false, message: `cannot be read: ${reasonOf(error)}` };
  }
  try {
    const entries = po.parse(bytes).translations;
    // The parser passes over a file that is something else altogether.
    if (bytes.length > 0 && Object.keys(entries).length === 0)
      return { ok: false, message: 'is no gettext PO file: it holds no entry' };
    return { ok: true, entries };
  } catch (error) {
    return {
      ok: false,
      message: `is no gettext PO file: ${reasonOf(error)}; open it in Poedit to see where`,
    };
  }
}

async function list(folder: string, add: (file: string, message: string) => void): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') add(folder, `cannot be read: ${reasonOf(error)}`);
    return [];
  }
}
