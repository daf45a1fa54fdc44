import {
  INBOX_MAX,
  OUTBOX_MAX,
  type Commit,
  type InboxEntry,
  type Next,
  type OutboxEntry,
  type Settlement,
} from './store.ts';
import { lastSeenMs } from './seen.ts';

/** All of a conversation, as the embedded store keeps it. What follows are its transitions, pure. */
export interface Conversation {
  /** Fencing token of the present or last lease. */
  readonly epoch: number;
  /** Until when it is held; it may have run out. null: nobody holds it. */
  readonly endsMs: number | null;
  /** Leases since something last got through. */
  readonly tries: number;
  readonly alarmAtMs: number | null;
  readonly session: Buffer | null;
  readonly sessionUntilMs: number;
  /** See seen.ts. */
  readonly seen: Buffer;
  readonly inbox: readonly InboxEntry[];
  readonly outbox: readonly Waiting[];
}

interface Waiting extends OutboxEntry {
  /** 0: at once. */
  readonly notBeforeMs: number;
}

export const IDLE: Conversation = {
  epoch: 0,
  endsMs: null,
  tries: 0,
  alarmAtMs: null,
  session: null,
  sessionUntilMs: 0,
  seen: Buffer.alloc(0),
  inbox: [],
  outbox: [],
};

const DAY_MS = 24 * 60 * 60 * 1000;

const isHeld = ({ endsMs }: Conversation, nowMs: number): boolean => endsMs !== null && endsMs > nowMs;

export const holds = ({ epoch, endsMs }: Conversation, token: number): boolean =>
  endsMs !== null && epoch === token;

export const isFull = ({ inbox }: Conversation): boolean => inbox.length >= INBOX_MAX;

/** The session, unless its time is over. */
export const sessionOf = ({ session, sessionUntilMs }: Conversation, nowMs: number): Buffer | null =>
  sessionUntilMs > nowMs ? session : null;

/** Nothing in it is of use any more, now or later. */
export const isOver = (conversation: Conversation, nowMs: number): boolean =>
  dueAtMs(conversation) === null &&
  sessionOf(conversation, nowMs) === null &&
  lastSeenMs(conversation.seen) < nowMs &&
  // Whoever held it lately must find its fencing token, even after all else was forgotten.
  conversation.epoch / 1000 + DAY_MS < nowMs;

/** Messages wait while too many replies do: they would be answered after those in any case. */
export const canTurn = ({ inbox, outbox }: Conversation): boolean =>
  inbox.length > 0 && outbox.length < OUTBOX_MAX;

/** When somebody has to look at it; null for never. Sends block one another, an alarm waits for both. */
export function dueAtMs(conversation: Conversation): number | null {
  const { endsMs, alarmAtMs, outbox } = conversation;
  if (endsMs !== null) return endsMs;
  if (canTurn(conversation)) return 0;
  return outbox[0]?.notBeforeMs ?? alarmAtMs;
}

export const append = (conversation: Conversation, entry: InboxEntry): Conversation => ({
  ...conversation,
  inbox: [...conversation.inbox, entry],
});

export interface Time {
  readonly nowMs: number;
  readonly leaseMs: number;
}

export interface Taken {
  readonly conversation: Conversation;
  /** Marked as being sent. */
  readonly send: OutboxEntry | null;
}

/** Leases it if nobody holds it and there is something to do; else null. */
export function take(conversation: Conversation, { nowMs, leaseMs }: Time): Taken | null {
  if (isHeld(conversation, nowMs)) return null;
  const due = dueAtMs({ ...conversation, endsMs: null });
  if (due === null || due > nowMs) return null;
  // Rises even when the clock stands still or is set back.
  const epoch = Math.max(nowMs * 1000, conversation.epoch + 1);
  const tries = Math.min(conversation.tries + 1, 255);
  const held = { ...conversation, epoch, tries, endsMs: nowMs + leaseMs };
  return canTurn(held) ? { conversation: held, send: null } : markHead(held);
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
  /** What becomes a dead letter. */
  readonly aside?: OutboxEntry;
}

/** The end of `commit` and `settle`: send what can be sent, else run a turn on what came in, else give the lease back. */
function goOn(conversation: Conversation, { nowMs, leaseMs }: Time): Stepped {
  const held = { ...conversation, tries: 0, endsMs: nowMs + leaseMs };
  const head = held.outbox[0];
  if (head && head.notBeforeMs <= nowMs) {
    const { conversation: marked, send } = markHead(held);
    if (send) return { conversation: marked, next: { type: 'send', entry: send } };
  }
  if (canTurn(held)) return { conversation: held, next: { type: 'turn', inbox: held.inbox } };
  return { conversation: { ...held, endsMs: null }, next: { type: 'released' } };
}

export function endTurn(conversation: Conversation, commit: Commit, time: Time): Stepped {
  const added = commit.outbox.map(({ id, payload }) => ({
    id,
    payload,
    attempts: 0,
    sinceMs: time.nowMs,
    notBeforeMs: 0,
  }));
  const ended = {
    ...conversation,
    session: commit.session,
    sessionUntilMs: commit.session === null ? 0 : time.nowMs + commit.keepMs,
    alarmAtMs: commit.alarmAtMs,
    inbox: conversation.inbox.slice(commit.consumed),
    outbox: [...conversation.outbox, ...added],
  };
  return goOn(ended, time);
}

/** An entry that is not the first any more was confirmed meanwhile: there is nothing to settle. */
export function endSend(
  conversation: Conversation,
  outboxId: string,
  settlement: Settlement,
  time: Time,
): Stepped {
  const [head, ...rest] = conversation.outbox;
  if (head?.id !== outboxId) return goOn(conversation, time);
  const againMs = tryAgainMs(settlement, time.nowMs);
  const outbox = againMs === null ? rest : [{ ...head, notBeforeMs: againMs }, ...rest];
  const stepped = goOn({ ...conversation, outbox }, time);
  return settlement.type === 'aside' ? { ...stepped, aside: head } : stepped;
}

function tryAgainMs(settlement: Settlement, nowMs: number): number | null {
  switch (settlement.type) {
    case 'sent':
    case 'refused':
    case 'aside':
      return null;
    case 'retry':
      return nowMs + settlement.delayMs;
    case 'unclear':
      return nowMs + settlement.graceMs;
  }
}

/** With leases and waits that end so much later; alarms stay, for they were promised by the clock. */
export function shifted(conversation: Conversation, byMs: number): Conversation {
  const { endsMs, outbox } = conversation;
  return {
    ...conversation,
    endsMs: endsMs === null ? null : endsMs + byMs,
    outbox: outbox.map((entry) =>
      entry.notBeforeMs === 0 ? entry : { ...entry, notBeforeMs: entry.notBeforeMs + byMs },
    ),
  };
}

/** Given back; where something failed, kept from everybody until then. */
export function giveBack(conversation: Conversation, untilMs: number | null): Conversation {
  const { tries } = conversation;
  return untilMs === null
    ? { ...conversation, endsMs: null, tries: Math.max(tries - 1, 0) }
    : { ...conversation, endsMs: untilMs };
}

/** Without the entry, which is progress; null when it is not there. */
export function without(conversation: Conversation, outboxId: string): Conversation | null {
  const outbox = conversation.outbox.filter(({ id }) => id !== outboxId);
  return outbox.length < conversation.outbox.length ? { ...conversation, tries: 0, outbox } : null;
}

/** Put back to the end of its line; null: there is no room. */
export function revive(
  conversation: Conversation,
  letter: { readonly kind: 'message' | 'reply'; readonly id: string; readonly payload: Buffer },
  messageId: Buffer,
  nowMs: number,
): Conversation | null {
  const { payload, id } = letter;
  if (letter.kind === 'message')
    return isFull(conversation) ? null : append(conversation, { id: messageId, payload });
  const again = { id, payload, attempts: 0, sinceMs: nowMs, notBeforeMs: 0 };
  return { ...conversation, outbox: [...conversation.outbox, again] };
}
