import type { Accepted, InboxEntry, Next, OutboxEntry, Work } from './store.ts';

/** What comes back from Redis is an edge: these turn the scripts' replies into facts, and throw on anything else. */

const unexpected = (what: string): TypeError =>
  new TypeError(
    `Redis answered with an unexpected reply (${what}): is another version of Lotse using this server?`,
  );

function toArray(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw unexpected('no array');
  return reply;
}

function toBuffer(reply: unknown): Buffer {
  if (!Buffer.isBuffer(reply)) throw unexpected('no string');
  return reply;
}

function toNumber(reply: unknown): number {
  if (typeof reply !== 'number') throw unexpected('no number');
  return reply;
}

export const toNames = (reply: unknown): readonly string[] =>
  toArray(reply).map((name) => toBuffer(name).toString());

export const toFlag = (reply: unknown): boolean => toNumber(reply) === 1;

function toInbox(reply: unknown): readonly InboxEntry[] {
  return toArray(reply).map((entry) => {
    const packed = toBuffer(entry);
    return { id: packed.subarray(0, 8), payload: packed.subarray(8) };
  });
}

/** Header of an outbox entry: u32 attempts, two doubles, u8 length of the id; see `lua/common.lua`. */
const HEADER_BYTES = 21;

function toEntry(reply: unknown): OutboxEntry {
  const packed = toBuffer(reply);
  if (packed.length < HEADER_BYTES) throw unexpected('short outbox entry');
  const idEnd = HEADER_BYTES + packed.readUInt8(HEADER_BYTES - 1);
  return {
    id: packed.toString('utf8', HEADER_BYTES, idEnd),
    payload: packed.subarray(idEnd),
    attempts: packed.readUInt32LE(0),
    sinceMs: packed.readDoubleLE(4),
  };
}

function toWork(conversation: string, reply: readonly unknown[]): Work {
  const [, epoch, session, entries, sending] = reply;
  const inbox = toInbox(entries);
  const send = sending === null || sending === undefined ? null : toEntry(sending);
  return {
    lease: { conversation, epoch: toNumber(epoch) },
    session: session === null ? null : toBuffer(session),
    inbox,
    send,
    alarm: inbox.length === 0 && send === null,
  };
}

export function toAccepted(conversation: string, reply: unknown): Accepted {
  const parts = toArray(reply);
  const type = toBuffer(parts[0]).toString();
  switch (type) {
    case 'duplicate':
    case 'full':
    case 'queued':
      return { type };
    case 'leased':
      return { type, work: toWork(conversation, parts) };
    default:
      throw unexpected(type);
  }
}

/** null when the conversation was not due any more, or somebody else has it. */
export const toLeased = (conversation: string, reply: unknown): Work | null =>
  reply === null ? null : toWork(conversation, toArray(reply));

export function toNext(reply: unknown): Next {
  const parts = toArray(reply);
  const type = toBuffer(parts[0]).toString();
  switch (type) {
    case 'lost':
    case 'released':
      return { type };
    case 'send':
      return { type, entry: toEntry(parts[1]) };
    case 'turn':
      return { type, inbox: toInbox(parts[1]) };
    case 'overrun':
      throw new RangeError('commit says it consumed more messages than the inbox holds');
    default:
      throw unexpected(type);
  }
}
