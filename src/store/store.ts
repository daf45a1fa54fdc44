/**
 * The store keeps conversations between messages. Everything it is given to keep (sessions, inbox and outbox
 * payloads) is opaque to it and already encrypted; ids are keyed hashes. Each call below is one atomic step:
 * whatever is killed, it either happened or it did not. Times are milliseconds since 1970 by the store's own
 * clock (the Redis server's for Redis), never by a node's.
 */

/** A person's message on its way in. */
export interface Arrival {
  /** 22 characters of base64url: keyed hash of channel, account and user. */
  readonly conversation: string;
  /** 8 bytes: keyed hash of the platform's event id; remembered for SEEN_MS. */
  readonly id: Buffer;
  readonly payload: Buffer;
}

/** The right to work on a conversation until it runs out; a later lease of it has a higher epoch. */
export interface Lease {
  readonly conversation: string;
  /** Fencing token, strictly rising per conversation. */
  readonly epoch: number;
}

export interface InboxEntry {
  readonly id: Buffer;
  readonly payload: Buffer;
}

export interface OutboxEntry {
  /** Deterministic, unique within the conversation; 1–100 characters, starts with `<conversation>.`. */
  readonly id: string;
  readonly payload: Buffer;
  /** How often it has been marked as being sent, this time included: 1 at first. */
  readonly attempts: number;
  /** When it was put into the outbox. */
  readonly sinceMs: number;
}

/** What a lease holder has to do: `inbox` first; where that is empty or has to wait, `send` (marked as being sent). */
export interface Work {
  readonly lease: Lease;
  readonly session: Buffer | null;
  /** In order of acceptance. */
  readonly inbox: readonly InboxEntry[];
  readonly send: OutboxEntry | null;
  /** True when the alarm that `commit` asked for is due and nothing else is to be done. */
  readonly alarm: boolean;
  /** How many leases there were, this one included, since a `commit`, `settle` or `confirm` last got through: 1 as a rule. 1–255 */
  readonly tries: number;
}

export type Accepted =
  | { readonly type: 'duplicate' }
  /** Kept; whoever holds the conversation, or the sweep, takes it, once fewer than OUTBOX_MAX replies wait. */
  | { readonly type: 'queued' }
  /** The inbox holds INBOX_MAX entries; nothing was kept, nor remembered as seen. */
  | { readonly type: 'full' }
  | { readonly type: 'leased'; readonly work: Work };

/** The result of one turn. */
export interface Commit {
  /** null deletes the session. */
  readonly session: Buffer | null;
  /** The session is deleted when untouched for so long. 1 ms … 400 days. */
  readonly keepMs: number;
  /** How many entries of `Work.inbox` were used, from its front. */
  readonly consumed: number;
  /** Appended to the outbox in this order. */
  readonly outbox: readonly { readonly id: string; readonly payload: Buffer }[];
  /** When to lease the conversation again though nothing arrives; null for never. */
  readonly alarmAtMs: number | null;
  /** What could not be dealt with, for an operator; kept for DEAD_MS. Those of earlier turns go with the session. */
  readonly aside?: readonly Aside[];
}

export interface Aside {
  readonly kind: 'message' | 'session';
  /** For a message: as in `InboxEntry`. */
  readonly id: Buffer;
  readonly payload: Buffer;
}

/** Something set aside. A reply is one whose sending never came to an end. */
export interface DeadLetter {
  /** `<conversation>.<…>`; an outbox id where it is a reply. */
  readonly id: string;
  readonly conversation: string;
  readonly kind: Aside['kind'] | 'reply';
  readonly sinceMs: number;
  readonly payload: Buffer;
}

/** What waits. */
export interface Counts {
  /** Conversations that somebody has to look at now. */
  readonly due: number;
  /** Since when the first of them is due; null when none is. */
  readonly oldestDueMs: number | null;
  /** Conversations with dead letters. */
  readonly dead: number;
}

/** What the lease holder does next. All but `lost` and `released` extend the lease. */
export type Next =
  /**
   * Somebody else has the conversation, or it was released or forgotten: stop at once. A lease that ran out, but that
   * nobody took, still counts.
   */
  | { readonly type: 'lost' }
  /** Marked as being sent in this very step: send it, then `settle`. */
  | { readonly type: 'send'; readonly entry: OutboxEntry }
  /** Nothing can be sent now (the outbox is empty or its head waits) and messages arrived meanwhile: run a turn. */
  | { readonly type: 'turn'; readonly inbox: readonly InboxEntry[] }
  /** Nothing to do now; the lease is given back and an alarm is set for whatever waits. */
  | { readonly type: 'released' };

/** `full`: the inbox has no room; `session`: a session cannot be tried again. Nothing was changed but for `done`. */
export type Exhumed = 'done' | 'gone' | 'full' | 'session';

/** How one send ended. The entry stays in the outbox for `retry` and `unclear`, first in its line. */
export type Settlement =
  | { readonly type: 'sent' }
  | { readonly type: 'refused' }
  /** Becomes a dead letter. */
  | { readonly type: 'aside' }
  /** Sent again after so long. */
  | { readonly type: 'retry'; readonly delayMs: number }
  /** May have arrived: wait so long for `confirm`, then send again. */
  | { readonly type: 'unclear'; readonly graceMs: number };

export interface Health {
  readonly ok: boolean;
  /** Plain sentences for operators, e.g. that Redis does not persist. */
  readonly warnings: readonly string[];
}

export interface Store {
  /** Drops redelivered ids, appends to the inbox, sets the alarm, and leases if nobody holds the conversation. */
  accept(arrival: Arrival): Promise<Accepted>;
  /**
   * Ends a turn: session, consumed inbox, new outbox entries, alarm. `lost` changes nothing.
   * If the outbox is then non-empty and its head is not waiting for a retry, the head comes back marked.
   */
  commit(lease: Lease, commit: Commit): Promise<Next>;
  /** Ends a send. An entry that `confirm` removed meanwhile is no error. */
  settle(lease: Lease, outboxId: string, settlement: Settlement): Promise<Next>;
  /** A platform says that this arrived: a fact, accepted from anyone. True if the entry was still waiting. */
  confirm(conversation: string, outboxId: string): Promise<boolean>;
  /** Leases up to `limit` conversations whose alarm is due: expired leases, retries, grace periods, alarms. */
  due(limit: number): Promise<readonly Work[]>;
  /**
   * Gives a lease back unfinished: the conversation is due at once for any node, and this was no try; or, where
   * something failed, after `retryMs`, and it was one.
   */
  release(lease: Lease, failed?: { readonly retryMs: number }): Promise<void>;
  /**
   * Deletes session, inbox, outbox, alarm and dead letters of a conversation; seen ids stay until they expire. A lease on it is lost,
   * or else its commit would bring the session back: inside a turn, commit a null session instead.
   */
  forget(conversation: string): Promise<void>;
  /**
   * Takes or keeps what only one node may have, such as a WhatsApp Web session: true while it is `holder`'s, who must
   * call again before `forMs` (1 … a day) are over; 0 gives it back, and is answered with false.
   */
  own(name: string, holder: string, forMs: number): Promise<boolean>;
  /** Cheap enough for every scrape of a monitor. */
  counts(): Promise<Counts>;
  /** The newest dead letters, newest first; at most `limit`. */
  dead(limit: number): Promise<readonly DeadLetter[]>;
  /** Deletes a dead letter, or puts it back to the end of its inbox or outbox. */
  exhume(id: string, how: 'drop' | 'retry'): Promise<Exhumed>;
  health(): Promise<Health>;
  close(): Promise<void>;
}

/** How long a redelivered id is recognised. Meta redelivers for seven days. */
export const SEEN_MS = 8 * 24 * 60 * 60 * 1000;

/** How long dead letters are kept. */
export const DEAD_MS = 30 * 24 * 60 * 60 * 1000;

/** How many unread messages one conversation may hold. */
export const INBOX_MAX = 100;

/** While so many replies of a conversation wait to be sent, its messages wait, too. */
export const OUTBOX_MAX = 50;

/**
 * The store cannot be reached, did not answer in time or takes no writes: answer 503, the platform delivers again.
 * Whether the call happened is unknown. Who holds a lease stops and never repeats the call (a second `commit` would
 * consume messages that no turn has seen): once the lease runs out, the conversation is found again as it is.
 */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable';
}
