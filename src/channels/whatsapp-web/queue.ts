import { setMaxListeners } from 'node:events';
import type { Log } from '../../log.ts';
import type { ChannelEvent, Receive } from '../channel.ts';
import type { Clock } from '../clock.ts';
import { pause } from './pause.ts';

/** Of all people together; further ones are lost, for WhatsApp shows each message only once. */
const MOST = 1_000;
const BACKOFF_MS = { first: 1_000, most: 60_000 };
/** What could not be stored for so long is not answered any more. */
const GIVE_UP_MS = 24 * 60 * 60 * 1000;

export interface QueueOptions {
  readonly receive: Receive;
  readonly clock: Clock;
  readonly log: Log;
}

/** Hands events over to the store, again and again until it takes them; nobody else delivers them twice. */
export interface InboundQueue {
  /** `lane`: events of one lane stay in order, and wait for no other's. */
  add(lane: string, event: ChannelEvent): void;
  /** Tries no more. How many events are lost by that. */
  close(): number;
}

interface Waiting {
  readonly event: ChannelEvent;
  readonly sinceMs: number;
}

export function createQueue({ receive, clock, log }: QueueOptions): InboundQueue {
  const lanes = new Map<string, Waiting[]>();
  const closing = new AbortController();
  // Every waiting lane listens to it.
  setMaxListeners(0, closing.signal);
  const isClosed = (): boolean => closing.signal.aborted;
  let size = 0;

  /** True: stored, or given up. False: to be tried again. */
  const handOver = async ({ event, sinceMs }: Waiting, failures: number): Promise<boolean> => {
    try {
      await receive([event]);
      return true;
    } catch (error) {
      if (clock.now() - sinceMs > GIVE_UP_MS) {
        log.error({ err: error }, 'WhatsApp Web: a message could not be stored for a day; it is lost');
        return true;
      }
      log.warn({ err: error, failures }, 'WhatsApp Web: a message could not be stored; it is tried again');
      return false;
    }
  };

  const work = async (name: string, lane: Waiting[]): Promise<void> => {
    let failures = 0;
    for (let first = lane[0]; first !== undefined && !isClosed(); first = lane[0]) {
      if (await handOver(first, failures)) {
        failures = 0;
        lane.shift();
        size -= 1;
      } else {
        await pause(clock, Math.min(BACKOFF_MS.first * 2 ** failures, BACKOFF_MS.most), closing.signal);
        failures += 1;
      }
    }
    lanes.delete(name);
  };

  return {
    add(name, event) {
      if (isClosed() || size >= MOST) {
        log.error({ waiting: size }, 'WhatsApp Web: a message is lost, for too many wait for the store');
        return;
      }
      size += 1;
      const waiting = { event, sinceMs: clock.now() };
      const lane = lanes.get(name);
      if (lane) {
        lane.push(waiting);
        return;
      }
      const fresh = [waiting];
      lanes.set(name, fresh);
      void work(name, fresh);
    },
    close() {
      closing.abort();
      return size;
    },
  };
}
