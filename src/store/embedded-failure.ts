import { statfs } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';
import { StoreUnavailable } from './store.ts';

/** With less, LMDB can begin no page. */
const ROOM_BYTES = 1024 * 1024;

/** So long LMDB is given to tell the cause of a failed commit. */
const CAUSE_MS = 200;

/** Why nothing was written, in words for operators; LMDB itself calls a full disk an input/output error. */
export async function unwritable(folder: string, error: unknown): Promise<StoreUnavailable> {
  const cause = await causeOf(error);
  const reason = isNativeError(cause) ? cause.message : String(cause);
  const advice = (await isFull(folder)) ? ': its disk is full, make room there' : '';
  return new StoreUnavailable(`The data folder '${folder}' cannot be written (${reason})${advice}`, {
    cause,
  });
}

/** LMDB tells it by a second promise, or never. Unheard, its rejection would end the process. */
async function causeOf(error: unknown): Promise<unknown> {
  if (!isNativeError(error) || !('commitError' in error)) return error;
  const told = Promise.resolve(error.commitError).then(
    () => error,
    (cause: unknown) => cause,
  );
  return Promise.race([told, wait(CAUSE_MS, error, { ref: false })]);
}

async function isFull(folder: string): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize < ROOM_BYTES;
  } catch {
    // Only the advice is missed: what failed is told all the same.
    return false;
  }
}
