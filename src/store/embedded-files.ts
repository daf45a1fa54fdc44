import { isNativeError } from 'node:util/types';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { open, type RootDatabase } from 'lmdb';
import type { Conversation } from './conversation.ts';
import type { Files, Letter } from './embedded-layout.ts';
import { migrate } from './embedded-schema.ts';
import { StoreUnavailable } from './store.ts';

const OTHER = 'set STORE=embedded:FOLDER to another folder';

function makeWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = isNativeError(error) && 'code' in error ? String(error.code) : String(error);
    throw new StoreUnavailable(
      `The data folder '${folder}' cannot be written (${code}): give this user the right to write there, or ${OTHER}`,
      { cause: error },
    );
  }
}

/** LMDB's own reader table: the kernel drops the entry of a process that dies, however it dies. */
function otherProcess(root: RootDatabase<Buffer, string>): string | undefined {
  root.get('');
  root.readerCheck();
  const [, ...rows] = root.readerList().split('\n');
  return rows.map((row) => row.trim().split(/\s+/)[0]).find((pid) => pid && pid !== String(process.pid));
}

/**
 * Opens the files of the embedded store, creating them when missing.
 * Throws StoreUnavailable, in words, when the folder cannot be written, another process uses it (unless opened `beside`
 * that one), or a later Lotse wrote it.
 */
export async function openFiles(folder: string, beside: boolean): Promise<Files> {
  makeWritable(folder);
  let root: RootDatabase<Buffer, string>;
  try {
    // A promise resolves when its transaction is on the disk: what was acknowledged survives a power cut, too.
    // Transactions that come while the disk is busy share the next flush; waiting for more would only add delay.
    root = open<Buffer, string>({
      path: folder,
      noSubdir: false,
      encoding: 'binary',
      overlappingSync: false,
      eventTurnBatching: false,
    });
  } catch (error) {
    const reason = isNativeError(error) ? error.message : String(error);
    throw new StoreUnavailable(
      `The data folder '${folder}' cannot be opened (${reason}): repair it, or ${OTHER}`,
      {
        cause: error,
      },
    );
  }
  const pid = beside ? undefined : otherProcess(root);
  if (pid !== undefined) {
    await root.close();
    throw new StoreUnavailable(
      `The data folder '${folder}' is in use by another process (${pid}): stop that one first, or ${OTHER}`,
    );
  }
  const files: Files = {
    root,
    conversations: root.openDB<Conversation, string>({ name: 'conversations-2', encoding: 'msgpack' }),
    due: root.openDB<Buffer, [number, string]>({ name: 'due', encoding: 'binary' }),
    dead: root.openDB<Letter, [string, string]>({ name: 'dead', encoding: 'msgpack' }),
    counters: root.openDB<number, string>({ name: 'counters', encoding: 'msgpack' }),
    owners: root.openDB<{ holder: string; endsMs: number }, string>({ name: 'owners', encoding: 'msgpack' }),
  };
  try {
    await migrate(folder, files);
  } catch (error) {
    await root.close();
    throw error;
  }
  return files;
}
