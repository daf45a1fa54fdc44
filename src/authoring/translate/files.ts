import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { PHRASES_FLOW } from '../../engine/phrases.ts';
import { codeOf, reasonOf } from '../failure.ts';
import { isLanguageTag } from '../language-tag.ts';
import type { Loaded } from '../load.ts';
import { readPo, writePo, type PoFile } from './po.ts';
import { syncPo, type SyncCounts } from './sync.ts';
import { phraseTexts, textsOf, type Translatable } from './texts.ts';

/** A flow, or Lotse's own phrases, as far as translators are concerned. */
export interface Translated {
  readonly id: string;
  /** Of its source texts. */
  readonly language: string;
  readonly texts: readonly Translatable[];
  /** For `#:`; null: nowhere an author could look. */
  readonly reference: string | null;
  readonly moved: ReadonlyMap<string, string>;
}

/** Everything that can be translated: Lotse's phrases, then every flow without errors. */
export function translatedOf(loaded: readonly Loaded[], localesFolder: string): Translated[] {
  const root = dirname(resolve(localesFolder));
  const flows = loaded.flatMap(({ flow, source }): Translated[] => {
    if (!flow) return [];
    // From the folder that holds the translations, wherever the command is called; without lines, which would
    // change every file of every language with every line an author adds.
    const path = relative(root, resolve(source.file)).split(sep).join('/');
    const reference = /\s/.test(path) ? `\u2068${path}\u2069` : path;
    return [{ id: flow.id, language: flow.language, texts: textsOf(flow), reference, moved: flow.moved }];
  });
  const own = { id: PHRASES_FLOW, language: 'en', texts: phraseTexts(), reference: null, moved: new Map() };
  return [own, ...flows];
}

/** The languages that have a folder, in alphabetical order; or why the folder cannot be read. */
export async function languageFolders(localesFolder: string): Promise<readonly string[] | string> {
  try {
    const found = await readdir(localesFolder, { withFileTypes: true });
    return found
      .filter((entry) => entry.isDirectory() && isLanguageTag(entry.name))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    if (codeOf(error) === null) throw error;
    return `${localesFolder} cannot be read: ${reasonOf(error)}`;
  }
}

export interface SyncedFile {
  readonly path: string;
  readonly language: string;
  readonly flow: string;
  /** As it should be. */
  readonly file: PoFile;
  readonly counts: SyncCounts;
  /** Whether it differs from the file on the disk, or there is none. */
  readonly isNew: boolean;
  readonly isChanged: boolean;
}

/** The PO file of a flow in a language as it should be; a message where the file on the disk cannot be kept. */
export async function syncFile(
  localesFolder: string,
  language: string,
  translated: Translated,
): Promise<SyncedFile | string> {
  const path = join(localesFolder, language, `${translated.id}.po`);
  let bytes: Buffer | null = null;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (codeOf(error) === null) throw error;
    if (codeOf(error) !== 'ENOENT') return `${path} cannot be read: ${reasonOf(error)}`;
  }
  const read = bytes === null ? null : readPo(bytes);
  if (read?.ok === false) return `${path} ${read.message}`;
  const old = read?.value ?? null;
  const { file, counts } = syncPo(old, translated.texts, { ...translated, language });
  // Compared by what they say: another tool's way to fold lines is no change.
  const isChanged = old === null || !writePo(file).equals(writePo(old));
  return { path, language, flow: translated.id, file, counts, isNew: old === null, isChanged };
}

/** Writes a PO file whole or not at all. Its folder is made; null: done, else what is in the way. */
export async function savePo(path: string, file: PoFile): Promise<string | null> {
  const draft = join(dirname(path), `.${basename(path)}.new`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, writePo(file));
    await rename(draft, path);
    return null;
  } catch (error) {
    if (codeOf(error) === null) throw error;
    return `${path} cannot be written: ${reasonOf(error)}`;
  }
}

/** PO files of a language that belong to no flow: a flow that was renamed or removed. */
export async function strayFiles(
  localesFolder: string,
  language: string,
  known: ReadonlySet<string>,
): Promise<string[]> {
  try {
    const names = await readdir(join(localesFolder, language));
    return names
      .filter((name) => /^[^.].*\.po$/.test(name) && !known.has(name.slice(0, -3)))
      .sort()
      .map((name) => join(localesFolder, language, name));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
