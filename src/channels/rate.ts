/** At most `most` takes within `withinMs`, per key. */
export interface Limit {
  /** 0 when granted, else the milliseconds until the next take would be. */
  take(key: string, nowMs: number): number;
}

/** How many keys may be remembered before those that no longer count are swept out. */
const SWEEP_AT = 1_000;

/** A sliding window: nobody can take twice as much by straddling the edge of a fixed one. */
export function createLimit(most: number, withinMs: number): Limit {
  const taken = new Map<string, number[]>();
  let sweepAt = SWEEP_AT;

  const sweep = (nowMs: number): void => {
    for (const [key, times] of taken) if ((times.at(-1) ?? 0) <= nowMs - withinMs) taken.delete(key);
    sweepAt = Math.max(SWEEP_AT, 2 * taken.size);
  };

  return {
    take: (key, nowMs) => {
      if (taken.size >= sweepAt) sweep(nowMs);
      const recent = (taken.get(key) ?? []).filter((time) => time > nowMs - withinMs);
      taken.set(key, recent);
      const oldest = recent[0];
      if (oldest !== undefined && recent.length >= most) return oldest + withinMs - nowMs;
      recent.push(nowMs);
      return 0;
    },
  };
}
