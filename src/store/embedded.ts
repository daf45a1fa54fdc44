import { checkArrival, checkCommit } from './checks.ts';
import * as work from './conversation.ts';
import type { Conversation, Stepped, Taken, Time } from './conversation.ts';
import { conversationOfDead, deadId, messageId } from './dead.ts';
import { evenClock, type Clock } from './embedded-clock.ts';
import { unwritable } from './embedded-failure.ts';
import { openFiles } from './embedded-files.ts';
import { sweepExpired } from './embedded-sweep.ts';
import { isSeen, remember } from './seen.ts';
import { StoreUnavailable, type DeadLetter, type Lease, type Next, type Store, type Work } from './store.ts';

export interface EmbeddedStoreOptions {
  /** Made when missing; for one process only. */
  readonly folder: string;
  /** Longer than the slowest turn, and than the slowest send and its grace period together. */
  readonly leaseMs: number;
  /** The machine's if not given. */
  readonly clock?: Clock;
  /** For an operator's command beside the one process: leases are left alone. */
  readonly beside?: boolean;
}

const NOTHING = Buffer.alloc(0);

/** By then a platform has told of a send that was under way when the last process died. */
const SEND_MS = 10_000;

/**
 * The store for one node, on LMDB files. What a method has answered is on the disk; calls that come while the disk is
 * busy share one flush. Rejects with StoreUnavailable when the folder cannot be used.
 */
export async function createEmbeddedStore(options: EmbeddedStoreOptions): Promise<Store> {
  const { leaseMs, clock = evenClock(), beside = false } = options;
  const files = await openFiles(options.folder, beside);
  let isOpen = true;
  let swept = '';

  /** Runs `step` as one transaction; steps run one after another, in the order of their calls. */
  async function atomic<T>(step: (time: Time) => T): Promise<T> {
    if (!isOpen) throw new StoreUnavailable('The store is closed');
    let broken: { readonly error: unknown } | undefined;
    try {
      return await files.root.transaction(() => {
        try {
          return step({ nowMs: clock.now(), leaseMs });
        } catch (error) {
          broken = { error };
          throw error;
        }
      });
    } catch (error) {
      if (broken) throw broken.error;
      throw await unwritable(options.folder, error);
    }
  }

  const read = (conversation: string): Conversation => files.conversations.get(conversation) ?? work.IDLE;

  /** Keeps the index of what is due in step. */
  function write(id: string, before: Conversation, after: Conversation, nowMs: number): void {
    const [was, is] = [work.dueAtMs(before), work.dueAtMs(after)];
    if (was !== is) {
      if (was !== null) void files.due.remove([was, id]);
      if (is !== null) void files.due.put([is, id], NOTHING);
    }
    if (work.isOver(after, nowMs)) void files.conversations.remove(id);
    else void files.conversations.put(id, after);
  }

  function toWork(id: string, { conversation, send }: Taken, nowMs: number): Work {
    const { epoch, tries } = conversation;
    // Messages that have to wait are nothing to work on.
    const inbox = send ? [] : conversation.inbox;
    const session = work.sessionOf(conversation, nowMs);
    const alarm = inbox.length === 0 && send === null;
    return { lease: { conversation: id, epoch }, session, inbox, send, alarm, tries };
  }

  /** `lost` unless the lease is still the conversation's. */
  function step(
    { conversation: id, epoch }: Lease,
    run: (held: Conversation, time: Time) => Stepped,
  ): Promise<Next> {
    return atomic((time) => {
      const held = read(id);
      if (!work.holds(held, epoch)) return { type: 'lost' };
      const { conversation, next, aside } = run(held, time);
      write(id, held, conversation, time.nowMs);
      if (aside)
        void files.dead.put([id, aside.id], { kind: 'reply', sinceMs: time.nowMs, payload: aside.payload });
      return next;
    });
  }

  function leaseDue(id: string, dueMs: number, time: Time): Work | null {
    const before = read(id);
    const taken = work.take(before, time);
    if (!taken) {
      // Only the lease of a conversation without work left can have run out: nothing is to be done.
      void files.due.remove([dueMs, id]);
      write(id, before, { ...before, endsMs: null }, time.nowMs);
      return null;
    }
    write(id, before, taken.conversation, time.nowMs);
    return toWork(id, taken, time.nowMs);
  }

  function forgetDead(id: string): void {
    for (const { key } of [...files.dead.getRange({ start: [id, ''], end: [id, '\uffff'] })])
      void files.dead.remove(key);
  }

  /** The folder is for one process, so whoever held a lease is gone; only its sends may still be under way. */
  function endLeases({ nowMs }: Time): void {
    for (const { key: id, value: before } of [...files.conversations.getRange({})]) {
      if (before.endsMs === null) continue;
      const endsMs = before.outbox.length > 0 ? Math.min(before.endsMs, nowMs + SEND_MS) : nowMs;
      write(id, before, { ...before, endsMs }, nowMs);
    }
  }
  if (!beside) await atomic(endLeases);

  /** Whatever was counted in milliseconds from then goes on as if the machine's clock had not been set. */
  function follow(byMs: number): void {
    for (const [, id] of [...files.due.getKeys({})]) {
      const before = read(id);
      write(id, before, work.shifted(before, byMs), clock.now());
    }
  }

  return {
    accept(arrival) {
      checkArrival(arrival);
      const { conversation: id, payload } = arrival;
      return atomic((time) => {
        const { nowMs } = time;
        const before = read(id);
        if (isSeen(before.seen, arrival.id, nowMs)) return { type: 'duplicate' };
        if (work.isFull(before)) return { type: 'full' };
        const seen = remember(before.seen, arrival.id, nowMs);
        const grown = { ...work.append(before, { id: arrival.id, payload }), seen };
        // What has to wait is for the sweep.
        const taken = work.canTurn(grown) ? work.take(grown, time) : null;
        write(id, before, taken?.conversation ?? grown, nowMs);
        return taken ? { type: 'leased', work: toWork(id, taken, nowMs) } : { type: 'queued' };
      });
    },

    commit(lease, commit) {
      checkCommit(commit);
      const { conversation: id } = lease;
      return step(lease, (held, time) => {
        if (commit.consumed > held.inbox.length)
          throw new RangeError('commit says it consumed more messages than the inbox holds');
        if (commit.session === null) forgetDead(id);
        for (const one of commit.aside ?? [])
          void files.dead.put([id, deadId(id, one)], {
            kind: one.kind,
            sinceMs: time.nowMs,
            payload: one.payload,
          });
        return work.endTurn(held, commit, time);
      });
    },

    settle: (lease, outboxId, settlement) =>
      step(lease, (held, time) => work.endSend(held, outboxId, settlement, time)),

    confirm(id, outboxId) {
      return atomic(({ nowMs }) => {
        const before = read(id);
        const after = work.without(before, outboxId);
        if (after) write(id, before, after, nowMs);
        return after !== null;
      });
    },

    due(limit) {
      return atomic((before) => {
        const byMs = clock.jump();
        if (byMs !== 0) follow(byMs);
        const time = { ...before, nowMs: before.nowMs + byMs };
        swept = sweepExpired(files, swept, time.nowMs);
        const end: [number, string] = [time.nowMs + 1, ''];
        const entries = [...files.due.getKeys({ end, limit })];
        return entries.map(([dueMs, id]) => leaseDue(id, dueMs, time)).filter((leased) => leased !== null);
      });
    },

    async release({ conversation: id, epoch }, failed) {
      await atomic(({ nowMs }) => {
        const before = read(id);
        const untilMs = failed ? nowMs + Math.max(0, failed.retryMs) : null;
        if (work.holds(before, epoch)) write(id, before, work.giveBack(before, untilMs), nowMs);
      });
    },

    async forget(id) {
      await atomic(({ nowMs }) => {
        const before = read(id);
        const { seen, epoch } = before;
        write(id, before, { ...work.IDLE, seen, epoch }, nowMs);
        forgetDead(id);
      });
    },

    own(name, holder, forMs) {
      return atomic(({ nowMs }) => {
        const now = files.owners.get(name);
        if (now && now.holder !== holder && now.endsMs > nowMs) return false;
        if (forMs > 0) void files.owners.put(name, { holder, endsMs: nowMs + forMs });
        else void files.owners.remove(name);
        return forMs > 0;
      });
    },

    counts() {
      return atomic(({ nowMs }) => {
        const due = [...files.due.getKeys({ end: [nowMs + 1, ''] })];
        // What came in is due at once, whenever that was: 0 says nothing of its age.
        const [oldest] = due.map(([dueMs]) => dueMs).filter((dueMs) => dueMs > 0);
        const dead = new Set([...files.dead.getKeys({})].map(([conversation]) => conversation));
        return {
          due: due.length,
          oldestDueMs: due.length > 0 ? (oldest ?? nowMs) : null,
          dead: dead.size,
        };
      });
    },

    dead(limit) {
      return atomic(() =>
        [...files.dead.getRange({})]
          .map(({ key: [conversation, id], value }): DeadLetter => ({ id, conversation, ...value }))
          .sort((a, b) => b.sinceMs - a.sinceMs)
          .slice(0, limit),
      );
    },

    exhume(id, how) {
      const conversation = conversationOfDead(id);
      return atomic(({ nowMs }) => {
        const letter = files.dead.get([conversation, id]);
        if (!letter) return 'gone';
        if (how === 'retry') {
          if (letter.kind === 'session') return 'session';
          const { kind, payload } = letter;
          const before = read(conversation);
          const after = work.revive(before, { kind, id, payload }, messageId(id), nowMs);
          if (!after) return 'full';
          write(conversation, before, after, nowMs);
        }
        void files.dead.remove([conversation, id]);
        return 'done';
      });
    },

    async health() {
      try {
        await atomic(({ nowMs }) => void files.counters.put('health', nowMs));
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
