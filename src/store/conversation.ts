import {
  INBOX_MAX,
  type Commit,
  type InboxEntry,
  type Next,
  type OutboxEntry,
  type Settlement,
} from './store.ts';

/** A conversation's unfinished work, as the embedded store keeps it. What follows are its transitions, pure. */
export interface Conversation {
  /** null when nobody holds it; it may have run out. */
  readonly lease: { readonly epoch: number; readonly endsMs: number } | null;
  readonly alarmAtMs: number | null;
  readonly inbox: readonly InboxEntry[];
  readonly outbox: readonly Waiting[];
}

interface Waiting extends OutboxEntry {
  /** 0: at once. */
  readonly notBeforeMs: number;
}

export const IDLE: Conversation = { lease: null, alarmAtMs: null, inbox: [], outbox: [] };

const isHeld = ({ lease }: Conversation, nowMs: number): boolean => lease !== null && lease.endsMs > nowMs;

export const holds = ({ lease }: Conversation, epoch: number): boolean => lease?.epoch === epoch;

export const isFull = ({ inbox }: Conversation): boolean => inbox.length >= INBOX_MAX;

/**
 * When somebody has to look at it; null for never. Sends block one another, an alarm waits for both; what came in
 * waits for nothing.
 */
export function dueAtMs({ lease, alarmAtMs, inbox, outbox }: Conversation): number | null {
  if (lease) return lease.endsMs;
  if (inbox.length > 0) return 0;
  return outbox[0]?.notBeforeMs ?? alarmAtMs;
}

export const append = (conversation: Conversation, entry: InboxEntry): Conversation => ({
  ...conversation,
  inbox: [...conversation.inbox, entry],
});

export interface Taking {
  readonly epoch: number;
  readonly nowMs: number;
  readonly leaseMs: number;
}

export interface Taken {
  readonly conversation: Conversation;
  /** Marked as being sent. */
  readonly send: OutboxEntry | null;
}

/** Leases it if nobody holds it and there is something to do; else null. */
export function take(conversation: Conversation, { epoch, nowMs, leaseMs }: Taking): Taken | null {
  if (isHeld(conversation, nowMs)) return null;
  const free = { ...conversation, lease: null };
  const due = dueAtMs(free);
  if (due === null || due > nowMs) return null;
  const held = { ...free, lease: { epoch, endsMs: nowMs + leaseMs } };
  return held.inbox.length > 0 ? { conversation: held, send: null } : markHead(held);
}

function markHead(conversation: Conversation): Taken {
  const [head, ...rest] = conversation.outbox;
  if (!head) return { conversation, send: null };
  const marked = { ...head, attempts: head.attempts + 1 };
  const { id, payload, attempts, sinceMs } = marked;
  return {
    conversation: { ...conversation, outbox: [marked, ...rest] },
    send: { id, payload, attempts, sinceMs },
  };
}

export interface Stepped {
  readonly conversation: Conversation;
  readonly next: Next;
}

/** The end of `commit` and `settle`: send what can be sent, else run a turn on what came in, else give the lease back. */
function goOn(conversation: Conversation, { epoch, nowMs, leaseMs }: Taking): Stepped {
  const held = { ...conversation, lease: { epoch, endsMs: nowMs + leaseMs } };
  const head = held.outbox[0];
  if (head && head.notBeforeMs <= nowMs) {
    const { conversation: marked, send } = markHead(held);
    if (send) return { conversation: marked, next: { type: 'send', entry: send } };
  }
  if (held.inbox.length > 0) return { conversation: held, next: { type: 'turn', inbox: held.inbox } };
  return { conversation: { ...held, lease: null }, next: { type: 'released' } };
}

export function endTurn(conversation: Conversation, commit: Commit, taking: Taking): Stepped {
  const added = commit.outbox.map(({ id, payload }) => ({
    id,
    payload,
    attempts: 0,
    sinceMs: taking.nowMs,
    notBeforeMs: 0,
  }));
  const ended = {
    ...conversation,
    alarmAtMs: commit.alarmAtMs,
    inbox: conversation.inbox.slice(commit.consumed),
    outbox: [...conversation.outbox, ...added],
  };
  return goOn(ended, taking);
}

/** An entry that is not the first any more was confirmed meanwhile: there is nothing to settle. */
export function endSend(
  conversation: Conversation,
  outboxId: string,
  settlement: Settlement,
  taking: Taking,
): Stepped {
  const [head, ...rest] = conversation.outbox;
  if (head?.id !== outboxId) return goOn(conversation, taking);
  const againMs = tryAgainMs(settlement, taking.nowMs);
  const outbox = againMs === null ? rest : [{ ...head, notBeforeMs: againMs }, ...rest];
  return goOn({ ...conversation, outbox }, taking);
}

function tryAgainMs(settlement: Settlement, nowMs: number): number | null {
  switch (settlement.type) {
    case 'sent':
    case 'refused':
      return null;
    case 'retry':
      return nowMs + settlement.delayMs;
    case 'unclear':
      return nowMs + settlement.graceMs;
  }
}

/** Without the entry; null when it is not there. */
export function without(conversation: Conversation, outboxId: string): Conversation | null {
  const outbox = conversation.outbox.filter(({ id }) => id !== outboxId);
  return outbox.length < conversation.outbox.length ? { ...conversation, outbox } : null;
}
