import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { Finding } from '../authoring/finding.ts';
import type { Config } from '../config.ts';

/** Flows to be looked at together, and which of their findings were asked for. */
export interface Scope {
  readonly folder: string;
  readonly locales: string;
  readonly wanted: (finding: Finding) => boolean;
}

/**
 * What the paths on a command line mean: folders of flows (or folders that hold a folder `flows`), or flow
 * files, which are read with all flows beside them. The translations of FLOWS are in LOCALES, those of any
 * other folder in `locales` beside it.
 */
export async function scopesOf(
  paths: readonly string[],
  { FLOWS, LOCALES }: Pick<Config, 'FLOWS' | 'LOCALES'>,
): Promise<{ scopes: Scope[]; problems: string[] }> {
  const folders = new Map<string, Set<string> | 'all'>();
  const problems: string[] = [];
  for (const path of paths.length > 0 ? paths : [FLOWS]) {
    const kind = await kindOf(path);
    if (kind === 'folder') folders.set(await flowsIn(path), 'all');
    else if (kind === null && paths.length === 0) folders.set(path, 'all');
    else if (kind === null) problems.push(`${path} does not exist; name a flow file or a folder of flows.`);
    else if (!/\.ya?ml$/.test(path) || /\.test\.ya?ml$/.test(path))
      problems.push(`${path} is no flow file; name a file such as flows/housing.yaml, or a folder of flows.`);
    else {
      const folder = dirname(path);
      const files = folders.get(folder) ?? new Set();
      if (files !== 'all') folders.set(folder, files.add(path));
    }
  }
  const scopes = [...folders].map(([folder, files]): Scope => {
    const own = resolve(folder) === resolve(FLOWS);
    const locales = own ? LOCALES : join(dirname(folder), 'locales');
    return { folder, locales, wanted: files === 'all' ? () => true : among(folder, files) };
  });
  return { scopes, problems };
}

/** Findings of some files, of their translations, and of the folder as a whole, without which nothing is known. */
function among(folder: string, files: ReadonlySet<string>): (finding: Finding) => boolean {
  const paths = new Set([folder, ...files].map((path) => resolve(path)));
  const flows = new Set([...files].map((file) => basename(file, extname(file))));
  return ({ file }) => paths.has(resolve(file)) || (file.endsWith('.po') && flows.has(basename(file, '.po')));
}

async function kindOf(path: string): Promise<'file' | 'folder' | null> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

/** The folder itself, or its folder `flows` if it has one and no flow of its own. */
async function flowsIn(folder: string): Promise<string> {
  const names = await readdir(folder);
  const inner = join(folder, 'flows');
  return names.some((name) => /\.ya?ml$/.test(name)) || (await kindOf(inner)) !== 'folder' ? folder : inner;
}
