import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { po } from 'gettext-parser';
import { PHRASES_FLOW, phrases } from '../engine/phrases.ts';
import type { Flow } from '../engine/model.ts';
import type { Finding } from './finding.ts';

/** language -> flow (or `lotse`) -> path -> text */
export type Resources = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, string>>>;

/** A folder of `locales/` is a language when its name is a BCP 47 tag. */
const TAG = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

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
  for (const language of (await list(folder)).filter((name) => TAG.test(name))) {
    const files = resources.get(language) ?? new Map<string, ReadonlyMap<string, string>>();
    resources.set(language, files);
    for (const [flow, texts] of [...sources.values()].flatMap((all) => [...all])) {
      if (files.has(flow)) continue;
      const file = join(folder, language, `${flow}.po`);
      const read = await readPo(file);
      if (read === null) continue;
      if (!read.ok)
        findings.push({
          severity: 'error',
          code: 'translation-file',
          file,
          line: 1,
          column: 1,
          message: read.message,
        });
      else files.set(flow, matching(read.entries, texts));
    }
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
    if (isMissing(error)) return null;
    return { ok: false, message: `cannot be read: ${describe(error)}` };
  }
  try {
    return { ok: true, entries: po.parse(bytes).translations };
  } catch (error) {
    return {
      ok: false,
      message: `is no gettext PO file: ${describe(error)}; open it in Poedit to see where`,
    };
  }
}

async function list(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
