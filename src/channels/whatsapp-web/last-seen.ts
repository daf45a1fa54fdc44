import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { hasCode } from './errors.ts';

/** Clocks differ, and messages written just before the end may not have been seen. */
const BEFORE_LAST_MS = 24 * 60 * 60 * 1000;
/** A number that is linked for the first time has a past which is nobody's question to Lotse. */
const BEFORE_FIRST_MS = 10 * 60 * 1000;
/** Written at most once in so long. */
const EVERY_MS = 60_000;

export interface LastSeen {
  /** Messages older than this are not answered. Milliseconds since 1970. */
  notBefore(): Promise<number>;
  /** Notes that WhatsApp is connected now. */
  mark(): Promise<void>;
}

/** Remembers in `folder` when WhatsApp was connected last, so that people who wrote meanwhile are answered. */
export function createLastSeen(folder: string, clock: Clock): LastSeen {
  const file = join(folder, 'lotse-last-seen');
  let markedAt = -Infinity;
  return {
    async notBefore() {
      // The file may have gone with the session of another number.
      markedAt = -Infinity;
      let last: number;
      try {
        last = Number((await readFile(file, 'utf8')).trim());
      } catch (error) {
        if (!hasCode(error, 'ENOENT')) throw error;
        last = Number.NaN;
      }
      return last > 0 ? last - BEFORE_LAST_MS : clock.now() - BEFORE_FIRST_MS;
    },
    async mark() {
      const now = clock.now();
      if (now - markedAt < EVERY_MS) return;
      markedAt = now;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(file, `${String(now)}\n`, { mode: 0o600 });
    },
  };
}
