import type { Database } from 'lmdb';
import type { Files } from './embedded-files.ts';
import { allForgotten } from './seen.ts';

/** Small enough to add nothing to a turn's delay; at two sweeps a second, a million conversations take 3 hours. */
const STEP = 50;

/**
 * Deletes what has expired among the next few conversations after `from`, inside a transaction.
 * Returns where the next call goes on; '' at the end, which begins anew.
 */
export function sweepExpired(files: Files, from: string, nowMs: number): string {
  const sessions = sweep(files.sessions, from, (packed) => packed.readDoubleLE(0) <= nowMs);
  const seen = sweep(files.seen, from, (packed) => allForgotten(packed, nowMs));
  // The nearer of the two, so that nothing between them is left out.
  return [sessions, seen].filter((key) => key !== '').sort()[0] ?? '';
}

/** Returns the last key looked at; '' when there are no more. */
function sweep(
  records: Database<Buffer, string>,
  from: string,
  isExpired: (packed: Buffer) => boolean,
): string {
  const range = from === '' ? { limit: STEP } : { start: from, exclusiveStart: true, limit: STEP };
  const entries = [...records.getRange(range)];
  for (const { key, value } of entries) if (isExpired(value)) void records.remove(key);
  return entries.length < STEP ? '' : (entries.at(-1)?.key ?? '');
}
