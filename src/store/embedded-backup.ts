import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';

/** LMDB's own name for it. */
const FILE = 'data.mdb';

export type Copied =
  { readonly ok: true; readonly file: string } | { readonly ok: false; readonly problem: string };

/**
 * Copies the embedded store in `folder` into the folder `to`, which is made, as it is at one moment; also while another
 * process serves from it. Free pages are left out. Rejects with what the disk says when it cannot be written.
 */
export async function copyEmbedded(folder: string, to: string): Promise<Copied> {
  if (!existsSync(join(folder, FILE)))
    return {
      ok: false,
      problem: `There is no store in '${folder}': STORE names another folder, or is empty`,
    };
  const file = join(to, FILE);
  if (existsSync(file))
    return {
      ok: false,
      problem: `${file} is there already: choose an empty folder, so that no backup is lost`,
    };
  mkdirSync(to, { recursive: true, mode: 0o700 });
  const root = open({ path: folder, noSubdir: false, readOnly: true });
  try {
    await root.backup(to, true);
  } finally {
    await root.close();
  }
  return { ok: true, file };
}
