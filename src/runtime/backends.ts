import type { Question } from '../engine/effect.ts';
import type { Answered } from '../engine/input.ts';

/** Whoever answers what flows ask: the directory, live sources, referrals. */
export interface Backends {
  /**
   * Never rejects: what cannot be answered is `unavailable`. `key` is the same when a turn is run again after
   * a crash, so that nothing is handed on twice; at most 100 characters.
   */
  ask(question: Question, key: string): Promise<Answered>;
}

/** Nobody is connected: flows take their `failed` ways and tell people so. */
export const noBackends: Backends = { ask: () => Promise.resolve({ kind: 'unavailable' }) };
