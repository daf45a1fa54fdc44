import { isNativeError } from 'node:util/types';
import { embeddedFolder } from '../registry.ts';
import { copyEmbedded } from '../store/embedded-backup.ts';
import { settings } from './project.ts';
import { EXIT, complain, say } from './terminal.ts';

const REDIS =
  'lotse backup copies the embedded store, and STORE is a Redis: let Redis copy itself (redis-cli --rdb FILE); docs/operators.md shows how.';

/** `lotse backup FOLDER`: the embedded store as it is now, also while Lotse runs. The secret is left out on purpose. */
export async function backup(to: string): Promise<void> {
  const folder = embeddedFolder(settings());
  if (folder === null) {
    refuse(REDIS);
    return;
  }
  try {
    const copied = await copyEmbedded(folder, to);
    if (copied.ok)
      say(
        `Copied to ${copied.file}. It is sealed: keep LOTSE_SECRET, or the file ${folder}/secret, in another safe place.`,
      );
    else refuse(copied.problem);
  } catch (error) {
    if (!isNativeError(error)) throw error;
    refuse(`'${folder}' could not be copied to '${to}': ${error.message}`);
  }
}

function refuse(problem: string): void {
  complain(problem);
  process.exitCode = EXIT.wrongUse;
}
