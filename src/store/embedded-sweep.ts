import { isOver } from './conversation.ts';
import type { Files } from './embedded-layout.ts';
import { DEAD_MS } from './store.ts';

/** Small enough to add nothing to a turn's delay; at two sweeps a second, a million conversations take 3 hours. */
const STEP = 50;

/**
 * Deletes what has expired among the next few conversations after `from`, inside a transaction, and the oldest dead
 * letters. Returns where the next call goes on; '' at the end, which begins anew.
 */
export function sweepExpired(files: Files, from: string, nowMs: number): string {
  const range = from === '' ? { limit: STEP } : { start: from, exclusiveStart: true, limit: STEP };
  const entries = [...files.conversations.getRange(range)];
  for (const { key, value } of entries) if (isOver(value, nowMs)) void files.conversations.remove(key);
  if (from === '')
    for (const { key, value } of [...files.dead.getRange({})])
      if (value.sinceMs < nowMs - DEAD_MS) void files.dead.remove(key);
  return entries.length < STEP ? '' : (entries.at(-1)?.key ?? '');
}
