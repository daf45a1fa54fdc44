import { setMaxListeners } from 'node:events';
import { watch, type FSWatcher } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Editors write a file in several steps; a state counts once it has held for so long. */
const SETTLED_MS = 150;

/** How often is looked without having been told: on network drives and in some containers nobody tells. */
const POLL_MS = 2_000;

export interface Watching {
  stop(): void;
}

/** Which files there are, of what size and age: differs whenever anything was written, renamed or removed. */
async function fingerprint(folders: readonly string[]): Promise<{ state: string; folders: string[] }> {
  const found: string[] = [];
  const seen: string[] = [];
  const look = async (folder: string, deeper: boolean): Promise<void> => {
    // What cannot be read now is not there; loading says why.
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => null);
    if (entries === null) return;
    seen.push(folder);
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (/\.(ya?ml|po)$/.test(entry.name)) {
        const file = await stat(path).catch(() => null);
        if (file) found.push(`${path} ${String(file.mtimeMs)} ${String(file.size)} ${String(file.ino)}`);
      } else if (deeper && entry.isDirectory()) await look(path, false);
    }
  };
  for (const folder of folders) await look(folder, true);
  return { state: found.sort().join('\n'), folders: seen };
}

/**
 * Calls `changed` whenever the flow and PO files in these folders, and folders right below them, have come to rest in
 * another state than at this call; never twice at the same time. The operating system's word only makes it
 * faster: what counts is what the files look like, so that editors which write by renaming, and folders that
 * come and go, are seen too.
 */
export async function watchFiles(
  folders: readonly string[],
  changed: () => Promise<void>,
): Promise<Watching> {
  const watchers = new Map<string, FSWatcher>();
  const ended = new AbortController();
  // One listener for each folder that is watched: as many as there are languages.
  setMaxListeners(0, ended.signal);
  let known = (await fingerprint(folders)).state;
  let before = known;
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;
  let isTold = false;

  const look = async (): Promise<void> => {
    isLooking = true;
    isTold = false;
    const { state, folders: seen } = await fingerprint(folders);
    follow(seen);
    const isSettled = state === before;
    before = state;
    if (isSettled && state !== known) {
      known = state;
      await changed();
    }
    isLooking = false;
    plan(wasTold() || before !== known ? SETTLED_MS : POLL_MS);
  };
  const wasTold = (): boolean => isTold;
  const plan = (waitMs: number): void => {
    clearTimeout(timer);
    if (!ended.signal.aborted) timer = setTimeout(() => void look(), waitMs);
  };
  const hear = (): void => {
    isTold = true;
    if (!isLooking) plan(SETTLED_MS);
  };
  /** A folder that cannot be watched is looked at from time to time all the same. */
  const follow = (seen: readonly string[]): void => {
    for (const [folder, watcher] of watchers) if (!seen.includes(folder)) watcher.close();
    for (const folder of seen)
      if (!watchers.has(folder) && !ended.signal.aborted)
        try {
          const watcher = watch(folder, { persistent: false, signal: ended.signal }, hear);
          watchers.set(folder, watcher);
          watcher.on('error', () => {
            watcher.close();
          });
          watcher.on('close', () => {
            watchers.delete(folder);
          });
        } catch (error) {
          if (!(error instanceof Error && 'code' in error)) throw error;
        }
  };

  await look();
  return {
    stop() {
      ended.abort();
      clearTimeout(timer);
    },
  };
}
