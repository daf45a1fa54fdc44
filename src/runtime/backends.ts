import type { Fetched } from '../channels/channel.ts';
import type { Question } from '../engine/effect.ts';
import type { Answered } from '../engine/input.ts';
import type { Value } from '../engine/session.ts';

/** Whose conversation asks. */
export interface Asker {
  readonly channel: string;
  readonly account: string;
  /**
   * Fetches a picture or recording among the values of the question, from the platform that has it; never rejects.
   * Platforms keep them for some days at most.
   */
  fetch(value: Value | undefined): Promise<Fetched>;
}

/** Whoever answers what flows ask: the directory, live sources, referrals. */
export interface Backends {
  /**
   * Never rejects: what cannot be answered is `unavailable`. `key` is the same when a turn is run again after
   * a crash, so that nothing is handed on twice; at most 100 characters.
   */
  ask(question: Question, key: string, asker: Asker): Promise<Answered>;
}

/** Nobody is connected: flows take their `failed` ways and tell people so. */
export const noBackends: Backends = { ask: () => Promise.resolve({ kind: 'unavailable' }) };
