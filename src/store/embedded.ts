import { isNativeError } from 'node:util/types';
import { checkArrival, checkCommit } from './checks.ts';
import * as work from './conversation.ts';
import type { Conversation, Stepped, Taken, Taking } from './conversation.ts';
import { openFiles, type Files } from './embedded-files.ts';
import { sweepExpired } from './embedded-sweep.ts';
import { isSeen, remember } from './seen.ts';
import { StoreUnavailable, type Lease, type Next, type Store, type Work } from './store.ts';

export interface EmbeddedStoreOptions {
  /** Made when missing; for one process only. */
  readonly folder: string;
  /** Longer than the slowest turn, and than the slowest send and its grace period together. */
  readonly leaseMs: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

const NOTHING = Buffer.alloc(0);

/** By then a platform has told of a send that was under way when the last process died. */
const SEND_MS = 10_000;

/**
 * The store for one node, on LMDB files. What a method has answered is on the disk; calls that come while the disk is
 * busy share one flush. Rejects with StoreUnavailable when the folder cannot be used.
 */
export async function createEmbeddedStore(options: EmbeddedStoreOptions): Promise<Store> {
  const { leaseMs, now = Date.now } = options;
  const files = await openFiles(options.folder);
  let isOpen = true;
  let swept = '';

  /** Runs `step` as one transaction; steps run one after another, in the order of their calls. */
  async function atomic<T>(step: (nowMs: number) => T): Promise<T> {
    if (!isOpen) throw new StoreUnavailable('The store is closed');
    let broken: { readonly error: unknown } | undefined;
    try {
      return await files.root.transaction(() => {
        try {
          return step(now());
        } catch (error) {
          broken = { error };
          throw error;
        }
      });
    } catch (error) {
      if (broken) throw broken.error;
      const reason = isNativeError(error) ? error.message : String(error);
      throw new StoreUnavailable(`The data folder '${options.folder}' cannot be written: ${reason}`, {
        cause: error,
      });
    }
  }

  const read = (conversation: string): Conversation => files.conversations.get(conversation) ?? work.IDLE;

  /** Keeps the index of what is due in step. */
  function write(id: string, before: Conversation, after: Conversation): void {
    const [was, is] = [work.dueAtMs(before), work.dueAtMs(after)];
    if (was !== is) {
      if (was !== null) void files.due.remove([was, id]);
      if (is !== null) void files.due.put([is, id], NOTHING);
    }
    if (is === null) void files.conversations.remove(id);
    else void files.conversations.put(id, after);
  }

  function taking(nowMs: number): Taking {
    const epoch = Math.max(nowMs * 1000, (files.counters.get('epoch') ?? 0) + 1);
    return { epoch, nowMs, leaseMs };
  }

  function toWork(id: string, { conversation, send }: Taken, { epoch, nowMs }: Taking): Work {
    void files.counters.put('epoch', epoch);
    const { inbox } = conversation;
    const alarm = inbox.length === 0 && send === null;
    return { lease: { conversation: id, epoch }, session: readSession(files, id, nowMs), inbox, send, alarm };
  }

  /** `lost` unless the lease is still the conversation's. */
  function step(
    { conversation: id, epoch }: Lease,
    run: (held: Conversation, taking: Taking) => Stepped,
  ): Promise<Next> {
    return atomic((nowMs) => {
      const held = read(id);
      if (!work.holds(held, epoch)) return { type: 'lost' };
      const { conversation, next } = run(held, { epoch, nowMs, leaseMs });
      write(id, held, conversation);
      return next;
    });
  }

  function leaseDue(id: string, dueMs: number, nowMs: number): Work | null {
    const before = read(id);
    const take = taking(nowMs);
    const taken = work.take(before, take);
    if (!taken) {
      // Only the lease of a conversation without work left can have run out: nothing is to be done.
      void files.due.remove([dueMs, id]);
      write(id, before, { ...before, lease: null });
      return null;
    }
    write(id, before, taken.conversation);
    return toWork(id, taken, take);
  }

  /** The folder is for one process, so whoever held a lease is gone; only its sends may still be under way. */
  function endLeases(nowMs: number): void {
    for (const { key: id, value: before } of [...files.conversations.getRange({})]) {
      if (!before.lease) continue;
      const endsMs = before.outbox.length > 0 ? Math.min(before.lease.endsMs, nowMs + SEND_MS) : nowMs;
      write(id, before, { ...before, lease: { ...before.lease, endsMs } });
    }
  }
  await atomic(endLeases);

  return {
    accept(arrival) {
      checkArrival(arrival);
      const { conversation: id, payload } = arrival;
      return atomic((nowMs) => {
        const seen = files.seen.get(id) ?? NOTHING;
        if (isSeen(seen, arrival.id, nowMs)) return { type: 'duplicate' };
        const before = read(id);
        if (work.isFull(before)) return { type: 'full' };
        const grown = work.append(before, { id: arrival.id, payload });
        const take = taking(nowMs);
        const taken = work.take(grown, take);
        void files.seen.put(id, remember(seen, arrival.id, nowMs));
        write(id, before, taken?.conversation ?? grown);
        return taken ? { type: 'leased', work: toWork(id, taken, take) } : { type: 'queued' };
      });
    },

    commit(lease, commit) {
      checkCommit(commit);
      return step(lease, (held, take) => {
        if (commit.consumed > held.inbox.length)
          throw new RangeError('commit says it consumed more messages than the inbox holds');
        writeSession(files, lease.conversation, commit, take.nowMs);
        return work.endTurn(held, commit, take);
      });
    },

    settle: (lease, outboxId, settlement) =>
      step(lease, (held, take) => work.endSend(held, outboxId, settlement, take)),

    confirm(id, outboxId) {
      return atomic(() => {
        const before = read(id);
        const after = work.without(before, outboxId);
        if (after) write(id, before, after);
        return after !== null;
      });
    },

    due(limit) {
      return atomic((nowMs) => {
        swept = sweepExpired(files, swept, nowMs);
        const end: [number, string] = [nowMs + 1, ''];
        const entries = [...files.due.getKeys({ end, limit })];
        return entries.map(([dueMs, id]) => leaseDue(id, dueMs, nowMs)).filter((leased) => leased !== null);
      });
    },

    async release({ conversation: id, epoch }) {
      await atomic(() => {
        const before = read(id);
        if (work.holds(before, epoch)) write(id, before, { ...before, lease: null });
      });
    },

    async forget(id) {
      await atomic(() => {
        void files.sessions.remove(id);
        write(id, read(id), work.IDLE);
      });
    },

    own(name, holder, forMs) {
      return atomic((nowMs) => {
        const now = files.owners.get(name);
        if (now && now.holder !== holder && now.endsMs > nowMs) return false;
        if (forMs > 0) void files.owners.put(name, { holder, endsMs: nowMs + forMs });
        else void files.owners.remove(name);
        return forMs > 0;
      });
    },

    async health() {
      try {
        await atomic((nowMs) => void files.counters.put('health', nowMs));
        return { ok: true, warnings: [] };
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        return { ok: false, warnings: [`The store takes no writes. ${error.message}`] };
      }
    },

    async close() {
      if (!isOpen) return;
      isOpen = false;
      await files.root.close();
    },
  };
}

const EXPIRY_BYTES = 8;

function readSession(files: Files, id: string, nowMs: number): Buffer | null {
  const packed = files.sessions.get(id);
  return packed && packed.readDoubleLE(0) > nowMs ? packed.subarray(EXPIRY_BYTES) : null;
}

function writeSession(
  files: Files,
  id: string,
  { session, keepMs }: { readonly session: Buffer | null; readonly keepMs: number },
  nowMs: number,
): void {
  if (!session) {
    void files.sessions.remove(id);
    return;
  }
  const expiry = Buffer.alloc(EXPIRY_BYTES);
  expiry.writeDoubleLE(nowMs + keepMs);
  void files.sessions.put(id, Buffer.concat([expiry, session]));
}
