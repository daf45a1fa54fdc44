import { setTimeout as wait } from 'node:timers/promises';
import type { Channel, Receive } from '../channels/channel.ts';
import { StoreUnavailable, type Store, type Work } from '../store/store.ts';
import { noMeter, type Meter } from './meter.ts';
import { createReceive } from './receive.ts';
import { createReturns } from './returns.ts';
import { createSuspects } from './suspects.ts';
import type { TurnTools } from './turn.ts';
import { createVault } from './vault.ts';
import { finish, type WorkTools } from './work.ts';

/** How often the due set is looked at. Redis promises nothing sooner. */
const SWEEP_MS = 500;

/** Conversations taken over in one look. */
const SWEEP_LIMIT = 64;

/** The same while turns wait for one another: what is leased in vain is given back. */
const SUSPECTS_LIMIT = 8;

/** On shutdown, so long running turns may finish; then they are handed back. Below the 10 s operators expect. */
const FINISH_MS = 7_000;

/** After a turn that threw, it is tried again after a second, each further time after twice as long, up to five minutes. */
const RETRY_MS = { first: 1_000, most: 300_000 };

/** Beyond so many conversations under work in this process, platforms are told to come back, and what is due waits. */
const RUNNING_MAX = 4_000;

export interface RuntimeTools extends Omit<TurnTools, 'vault'> {
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
  const { store, log, meter = noMeter } = tools;
  const running = new Set<Promise<void>>();
  const returns = createReturns(store);
  const suspects = createSuspects();
  let stopping = false;
  let sweeping: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  const interrupted = async ({ lease, tries }: Work, error: unknown): Promise<void> => {
    const isAway = error instanceof StoreUnavailable;
    meter.interrupted('work', isAway ? 'store' : 'fault');
    log[isAway ? 'warn' : 'error'](
      { conversation: lease.conversation, tries, err: error },
      'turn interrupted: the sweep takes it up',
    );
    // Where the store is away, the lease is owed or runs out by itself, and the sweep takes the work up, here or elsewhere.
    if (isAway) return;
    try {
      await store.release(lease, { retryMs: Math.min(RETRY_MS.first * 2 ** (tries - 1), RETRY_MS.most) });
    } catch (again) {
      log.warn({ conversation: lease.conversation, err: again }, 'the lease is left to run out');
    }
  };

  const giveBack = async ({ lease }: Work): Promise<void> => {
    try {
      await store.release(lease);
    } catch (error) {
      if (error instanceof StoreUnavailable) returns.owe(lease);
      throw error;
    }
  };

  const begin = (work: Work, sinceMs: number | null = null, leasedMs = performance.now()): void => {
    const mayBegin = suspects.mayBegin(work);
    const done = (mayBegin ? finish(workTools, work, sinceMs, leasedMs) : giveBack(work))
      .catch((error: unknown) => interrupted(work, error))
      .finally(() => {
        suspects.ended(work);
        running.delete(done);
        meter.holds(running.size);
      });
    running.add(done);
    meter.holds(running.size);
  };

  const workTools: WorkTools & { readonly meter: Meter } = {
    ...tools,
    vault: createVault(tools.secrets),
    meter,
    begin,
    owe: returns.owe,
    stopping: () => stopping,
  };

  const sweep = async (): Promise<void> => {
    try {
      await returns.pay();
      for (let limit = SWEEP_LIMIT; limit > 0 && !stopping && running.size < RUNNING_MAX;) {
        const askedMs = performance.now();
        const due = await store.due(limit);
        for (const work of due) begin(work, null, askedMs);
        if (suspects.waits()) {
          // What was given back is due at once, and may begin when the one before it has ended.
          await Promise.race([suspects.next(), wait(SWEEP_MS, undefined, { ref: false })]);
          limit = SUSPECTS_LIMIT;
        } else limit = due.length === limit ? SWEEP_LIMIT : 0;
      }
    } catch (error) {
      meter.interrupted('sweep', error instanceof StoreUnavailable ? 'store' : 'fault');
      log.warn({ err: error }, 'sweep failed: the store cannot be reached');
    }
  };

  return {
    receive: (channel) => createReceive({ ...workTools, isFull: () => running.size >= RUNNING_MAX }, channel),
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
