import type {
  Accepted,
  Arrival,
  Commit,
  Counts,
  DeadLetter,
  Exhumed,
  InboxEntry,
  Next,
  Work,
} from './store.ts';

/** What comes back from Redis is an edge: these turn the scripts' replies into facts, and throw on anything else. */

const unexpected = (what: string): TypeError =>
  new TypeError(
    `Redis answered with an unexpected reply (${what}): is another version of Lotse using this server?`,
  );

const isArray = (reply: unknown): reply is readonly unknown[] => Array.isArray(reply);

function toArray(reply: unknown): readonly unknown[] {
  if (!isArray(reply)) throw unexpected('no array');
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

const ID_BYTES = 8;

/** u32 length, id, payload, again and again; as `lua/common.lua` keeps them. */
function toInbox(reply: unknown): InboxEntry[] {
  const packed = toBuffer(reply);
  const inbox: InboxEntry[] = [];
  for (let at = 0; at < packed.length;) {
    const start = at + 4;
    at = start + packed.readUInt32LE(at);
    inbox.push({
      id: packed.subarray(start, start + ID_BYTES),
      payload: packed.subarray(start + ID_BYTES, at),
    });
  }
  return inbox;
}

const toSession = (reply: unknown): Buffer | null => (reply === null ? null : toBuffer(reply));

/** The message that was accepted comes last, and is not sent back. */
export function toAccepted({ conversation, id, payload }: Arrival, reply: unknown): Accepted {
  if (isArray(reply)) {
    const [epoch, tries, session, before] = reply;
    const inbox = [...toInbox(before), { id, payload }];
    const lease = { conversation, epoch: toNumber(epoch) };
    const work = {
      lease,
      session: toSession(session),
      inbox,
      send: null,
      alarm: false,
      tries: toNumber(tries),
    };
    return { type: 'leased', work };
  }
  const type = toBuffer(reply).toString();
  if (type !== 'duplicate' && type !== 'full' && type !== 'queued') throw unexpected(type);
  return { type };
}

/** null when the conversation was not due any more, or somebody else has it. */
export function toLeased(conversation: string, reply: unknown): Work | null {
  if (reply === null) return null;
  const [epoch, tries, session, packed, id, attempts, sinceMs, payload] = toArray(reply);
  const inbox = toInbox(packed);
  const send =
    id === undefined
      ? null
      : {
          id: toBuffer(id).toString(),
          payload: toBuffer(payload),
          attempts: toNumber(attempts),
          sinceMs: toNumber(sinceMs),
        };
  return {
    lease: { conversation, epoch: toNumber(epoch) },
    session: toSession(session),
    inbox,
    send,
    alarm: inbox.length === 0 && send === null,
    tries: toNumber(tries),
  };
}

/** `added`: the outbox of the commit that is answered; its payloads are not sent back. */
export function toNext(reply: unknown, added: Commit['outbox'] = []): Next {
  if (!isArray(reply)) {
    const word = toBuffer(reply).toString();
    if (word === 'lost') return { type: word };
    if (word === 'overrun')
      throw new RangeError('commit says it consumed more messages than the inbox holds');
    throw unexpected(word);
  }
  const [word, first, attempts, sinceMs, payload] = reply;
  const type = toBuffer(word).toString();
  switch (type) {
    case 'released':
      return { type };
    case 'send': {
      const id = toBuffer(first).toString();
      const known = payload === null ? added.find((entry) => entry.id === id)?.payload : payload;
      const entry = {
        id,
        payload: toBuffer(known),
        attempts: toNumber(attempts),
        sinceMs: toNumber(sinceMs),
      };
      return { type, entry };
    }
    case 'turn':
      return { type, inbox: toInbox(first) };
    default:
      throw unexpected(type);
  }
}

export function toCounts(shards: readonly unknown[]): Counts {
  const counts = shards.map((reply) => {
    const [due, oldest, dead] = toArray(reply);
    return { due: toNumber(due), oldest: oldest === null ? null : toNumber(oldest), dead: toNumber(dead) };
  });
  const oldest = counts.flatMap((shard) => shard.oldest ?? []);
  return {
    due: counts.reduce((sum, { due }) => sum + due, 0),
    oldestDueMs: oldest.length > 0 ? Math.min(...oldest) : null,
    dead: counts.reduce((sum, { dead }) => sum + dead, 0),
  };
}

const KINDS: ReadonlyMap<string, DeadLetter['kind']> = new Map([
  ['m', 'message'],
  ['r', 'reply'],
  ['s', 'session'],
] as const);

/** The hash of one conversation's dead letters: id, then kind (1 byte), since (6 bytes, ms), payload. */
export function toDead(
  conversation: string,
  letters: Readonly<Record<string, Buffer>>,
): readonly DeadLetter[] {
  return Object.entries(letters).map(([id, packed]) => {
    const kind = KINDS.get(packed.toString('latin1', 0, 1));
    if (!kind) throw unexpected('an unknown kind of dead letter');
    return { id, conversation, kind, sinceMs: packed.readUIntLE(1, 6), payload: packed.subarray(7) };
  });
}

const EXHUMED: ReadonlyMap<number, Exhumed> = new Map([
  [1, 'done'],
  [0, 'gone'],
  [-1, 'full'],
  [-2, 'session'],
] as const);

export function toExhumed(reply: unknown): Exhumed {
  const exhumed = EXHUMED.get(toNumber(reply));
  if (!exhumed) throw unexpected(String(reply));
  return exhumed;
}
