import type { Channel, Receive } from '../channels/channel.ts';
import { StoreUnavailable, type Next, type Store, type Work } from '../store/store.ts';
import { deliver } from './deliver.ts';
import { createReceive } from './receive.ts';
import { openConversation, takeTurn, type TurnTools } from './turn.ts';

/** How often the due set is looked at. Redis promises nothing sooner. */
const SWEEP_MS = 500;

/** Conversations taken over in one look. */
const SWEEP_LIMIT = 64;

/** On shutdown, so long running turns may finish; then they are handed back. Below the 10 s operators expect. */
const FINISH_MS = 7_000;

export interface RuntimeTools extends TurnTools {
  readonly store: Store;
}

export interface Runtime {
  receive(channel: Channel): Receive;
  /** Begins to sweep for work left behind by crashes, retries and other nodes. */
  start(): void;
  /** Takes over what is due now; rejects never. `start` does this twice a second. */
  sweep(): Promise<void>;
  /** Resolves when no turn is running here. */
  idle(): Promise<void>;
  /** Stops taking work; finishes what runs, or hands it back, within 10 s. */
  stop(): Promise<void>;
}

/** Moves conversations along the road: turn, commit, deliver, and again until nothing waits. */
export function createRuntime(tools: RuntimeTools): Runtime {
  const { store, log } = tools;
  const running = new Set<Promise<void>>();
  let stopping = false;
  let sweeping: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  const begin = (work: Work): void => {
    const done = finish(work).catch((error: unknown) => {
      // The lease runs out by itself and the sweep takes the work up again, here or on another node.
      const level = error instanceof StoreUnavailable ? 'warn' : 'error';
      log[level](
        { conversation: work.lease.conversation, err: error },
        'turn interrupted: the sweep takes it up',
      );
    });
    running.add(done);
    void done.finally(() => running.delete(done));
  };

  const finish = async ({ lease, session: sealed, inbox, send, alarm }: Work): Promise<void> => {
    const { conversation } = lease;
    let stored = openConversation(tools, conversation, sealed);
    let next: Next =
      inbox.length > 0 || send === null ? { type: 'turn', inbox } : { type: 'send', entry: send };
    while (next.type === 'turn' || next.type === 'send') {
      if (stopping && next.type === 'turn') {
        await store.release(lease);
        return;
      }
      if (next.type === 'turn') {
        const turn = await takeTurn(tools, conversation, stored, { inbox: next.inbox, alarm });
        stored = turn.stored;
        for (const arrival of turn.arrivals) {
          const accepted = await store.accept(arrival);
          if (accepted.type === 'leased') begin(accepted.work);
          if (accepted.type === 'full') throw new StoreUnavailable('the new conversation is full');
        }
        next = await store.commit(lease, turn.commit);
      } else {
        const { id } = next.entry;
        const { settlement, notice } = await deliver(tools, conversation, next.entry);
        if (notice) {
          const event = tools.secrets.event(notice.channel, notice.account, notice.id);
          const payload = tools.secrets.seal(conversation, notice);
          // Before the send is settled, so that the lease in hand takes it up.
          await store.accept({ conversation, id: event, payload });
        }
        next = await store.settle(lease, id, settlement);
        // Whoever has the conversation now must not send it once more.
        if (next.type === 'lost' && settlement.type === 'sent') await store.confirm(conversation, id);
      }
    }
    if (next.type === 'lost') log.warn({ conversation }, 'lease lost: another node has the conversation');
  };

  const sweep = async (): Promise<void> => {
    try {
      for (let full = true; full && !stopping;) {
        const due = await store.due(SWEEP_LIMIT);
        for (const work of due) begin(work);
        full = due.length === SWEEP_LIMIT;
      }
    } catch (error) {
      log.warn({ err: error }, 'sweep failed: the store cannot be reached');
    }
  };

  return {
    receive: (channel) => createReceive({ store, secrets: tools.secrets, log, begin }, channel),
    start() {
      timer = setInterval(() => {
        sweeping ??= sweep().finally(() => (sweeping = null));
      }, SWEEP_MS);
    },
    sweep,
    async idle() {
      while (running.size > 0) await Promise.allSettled(running);
    },
    async stop() {
      stopping = true;
      if (timer) clearInterval(timer);
      await sweeping;
      let limit: NodeJS.Timeout | undefined;
      const tooLong = new Promise<void>((resolve) => {
        limit = setTimeout(resolve, FINISH_MS);
      });
      await Promise.race([Promise.allSettled(running), tooLong]);
      clearTimeout(limit);
      if (running.size > 0) log.warn({ running: running.size }, 'unfinished turns are left to the sweep');
    },
  };
}
