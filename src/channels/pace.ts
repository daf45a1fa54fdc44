import { performance } from 'node:perf_hooks';

/** `recording`: audio and video, for which some platforms have a limit of their own. */
export type PaceKind = 'message' | 'recording';

export interface PaceOptions {
  /** To one person: one message every `everyMs`, and up to `burst` at once, on credit; none: no such limit. */
  readonly pair?: { readonly everyMs: number; readonly burst: number };
  /** So many messages a second for one account, 1–10,000; recordings count as messages where they have no number. */
  readonly perSecond: { readonly message: number; readonly recording?: number };
  /** Milliseconds that only ever rise. */
  readonly clock?: () => number;
}

/** Keeps to what a platform allows, so that it never has to refuse. */
export interface Pace {
  /** 0 when granted, and then counted; else in how many milliseconds to ask again. `person`: any steady name. */
  take(account: string, person: string, kind: PaceKind): number;
  /** How many people are remembered. */
  readonly people: number;
}

/** A second, and a little more: what leaves here evenly may arrive unevenly. */
const WINDOW_MS = 1_100;

/** Six seconds, and a little more, for the same reason. */
const PAIR_MS = 6_100;

/** How many people may be remembered before those with full credit are swept out. */
const SWEEP_AT = 1_000;

/** The last sends of an account, in a ring: the oldest at `next`. */
interface Lane {
  readonly times: Float64Array;
  next: number;
  /** When whoever was turned away last is to come back. */
  promised: number;
}

/**
 * Limits per pair and per account, counted in this process: several nodes that share an account each count for
 * themselves, and what is too much then is refused by the platform and sent again. Holds no timers.
 */
export function createPace({
  pair,
  perSecond,
  clock = performance.now.bind(performance),
}: PaceOptions): Pace {
  /** account and person -> when all of their credit will be back. */
  const credits = new Map<string, number>();
  const lanes = new Map<string, Lane>();
  let sweepAt = SWEEP_AT;

  const sweep = (now: number): void => {
    for (const [key, backAt] of credits) if (backAt <= now) credits.delete(key);
    sweepAt = Math.max(SWEEP_AT, 2 * credits.size);
  };
  const laneOf = (account: string, kind: PaceKind): Lane => {
    const own = kind === 'recording' && perSecond.recording !== undefined;
    const key = own ? `${account} ${kind}` : account;
    const known = lanes.get(key);
    if (known) return known;
    const most = (own ? perSecond.recording : undefined) ?? perSecond.message;
    const made = { times: new Float64Array(most).fill(-Infinity), next: 0, promised: -Infinity };
    lanes.set(key, made);
    return made;
  };

  return {
    take(account, person, kind) {
      const now = clock();
      const key = `${account} ${person}`;
      const backAt = Math.max(credits.get(key) ?? now, now);
      // One debt per message sent, paid back at the pace of the limit (a leaky bucket, or GCRA).
      const early = pair ? backAt - (pair.burst - 1) * pair.everyMs - now : 0;
      if (early > 0) return Math.ceil(early);

      const lane = laneOf(account, kind);
      const full = (lane.times[lane.next] ?? -Infinity) + WINDOW_MS - now;
      if (full > 0) {
        // Each is given a later time than the one before: a thousand at once must not all come back together.
        lane.promised = Math.max(lane.promised + WINDOW_MS / lane.times.length, now + full);
        return Math.ceil(lane.promised - now);
      }
      lane.times[lane.next] = now;
      lane.next = (lane.next + 1) % lane.times.length;
      if (pair) {
        if (credits.size >= sweepAt) sweep(now);
        credits.set(key, backAt + pair.everyMs);
      }
      return 0;
    },
    get people() {
      return credits.size;
    },
  };
}

/**
 * One message every six seconds to one person, 45 on credit, else error 131056; `messagesPerSecond` for a number,
 * else 130429 (Meta's pages on throughput, 2025-11, and as quoted in 2026-07).
 */
export function whatsappPace(messagesPerSecond = 80): Pace {
  return createPace({ pair: { everyMs: PAIR_MS, burst: 45 }, perSecond: { message: messagesPerSecond } });
}

/** For one page: 300 texts or 10 recordings a second (Meta's page on rate limits, 2026-03). */
export function messengerPace(): Pace {
  return createPace({ perSecond: { message: 300, recording: 10 } });
}
