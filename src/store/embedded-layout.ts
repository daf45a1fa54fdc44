import type { Database, RootDatabase } from 'lmdb';
import type { Conversation } from './conversation.ts';
import type { DeadLetter } from './store.ts';

/** What is in the folder. Changes of it need a step in embedded-schema.ts. */
export interface Files {
  readonly root: RootDatabase<Buffer, string>;
  readonly conversations: Database<Conversation, string>;
  /** [when due (ms), conversation]; no values. */
  readonly due: Database<Buffer, [number, string]>;
  /** By conversation and the letter's id. */
  readonly dead: Database<Letter, [string, string]>;
  /** `schema`: see embedded-schema.ts. */
  readonly counters: Database<number, string>;
  /** By name of what only one may have: whose it is, and until when (ms). */
  readonly owners: Database<{ readonly holder: string; readonly endsMs: number }, string>;
}

export type Letter = Pick<DeadLetter, 'kind' | 'sinceMs' | 'payload'>;
