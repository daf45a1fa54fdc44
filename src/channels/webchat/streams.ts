import type { ServerResponse } from 'node:http';
import type { SendResult } from '../channel.ts';
import type { Clock } from '../clock.ts';

/** Shorter than the idle time-out of common proxies (60 s) and phone networks. */
const HEARTBEAT_MS = 25_000;
/** How long a browser has to say that it shows a message. */
const ACK_MS = 5_000;
/** When nobody is connected, the send is tried again after so long. */
const AWAY_MS = 1_000;
/** Windows of one visitor at a time. */
const PER_VISITOR = 8;
/** Windows of all visitors on this node. */
const MOST = 10_000;
/** A browser that does not read so many bytes is gone, though its connection is not. */
const BACKLOG_BYTES = 1024 * 1024;

interface Waiting {
  readonly visitor: string;
  readonly event: string;
  readonly result: Promise<SendResult>;
  readonly settle: (result: SendResult) => void;
}

/** The browsers that listen, and the messages that wait for one of them to acknowledge. */
export interface Streams {
  /** Why no further window of this visitor is taken; null when it is. */
  full(visitor: string): 'visitor' | 'server' | null;
  /** Takes over an answer whose head is written, until the browser goes or `close` is called. */
  add(visitor: string, answer: ServerResponse): void;
  /** Shows one message in every window of the visitor; `data` is JSON, `id` the outbox id. */
  deliver(visitor: string, id: string, data: string): Promise<SendResult>;
  /** True if a send was waiting for this acknowledgement. */
  acknowledge(visitor: string, id: string): boolean;
  /** Ends the visitor's windows. */
  drop(visitor: string): void;
  close(): void;
}

export function createStreams(clock: Clock): Streams {
  const windows = new Map<string, Set<ServerResponse>>();
  const waiting = new Map<string, Waiting>();
  let open = 0;
  let closed = false;

  const write = (answer: ServerResponse, event: string): void => {
    if (answer.writableEnded || answer.destroyed) return;
    if (answer.writableLength > BACKLOG_BYTES) answer.destroy();
    else answer.write(event);
  };

  const beat = (answer: ServerResponse): (() => void) => {
    let cancel = (): void => undefined;
    const next = (): void => {
      cancel = clock.after(HEARTBEAT_MS, () => {
        // The comment keeps proxies awake; the event lets the page notice a connection that died silently.
        write(answer, ': heartbeat\nevent: beat\ndata: {}\n\n');
        next();
      });
    };
    next();
    return () => {
      cancel();
    };
  };

  const add = (visitor: string, answer: ServerResponse): void => {
    const own = windows.get(visitor) ?? new Set();
    windows.set(visitor, own.add(answer));
    open += 1;
    const stopBeat = beat(answer);
    answer.once('close', () => {
      stopBeat();
      open -= 1;
      own.delete(answer);
      if (own.size === 0 && windows.get(visitor) === own) windows.delete(visitor);
    });
    // A page that was reloaded while a message was on its way gets it at once, not after the grace period.
    for (const wait of waiting.values()) if (wait.visitor === visitor) write(answer, wait.event);
  };

  const deliver = (visitor: string, id: string, data: string): Promise<SendResult> => {
    const earlier = waiting.get(id);
    if (earlier) return earlier.result;
    const own = windows.get(visitor);
    if (!own || closed)
      return Promise.resolve({ type: 'retry', afterMs: AWAY_MS, reason: 'no browser is connected' });
    const { promise, resolve } = withResolvers<SendResult>();
    const event = `event: message\ndata: ${data}\n\n`;
    const cancel = clock.after(ACK_MS, () => {
      settle({ type: 'unclear', reason: 'the browser did not acknowledge the message' });
    });
    const settle = (result: SendResult): void => {
      cancel();
      waiting.delete(id);
      resolve(result);
    };
    waiting.set(id, { visitor, event, result: promise, settle });
    for (const answer of own) write(answer, event);
    return promise;
  };

  return {
    full: (visitor) => {
      if (closed || open >= MOST) return 'server';
      return (windows.get(visitor)?.size ?? 0) >= PER_VISITOR ? 'visitor' : null;
    },
    add,
    deliver,
    acknowledge: (visitor, id) => {
      const wait = waiting.get(id);
      if (wait?.visitor !== visitor) return false;
      wait.settle({ type: 'sent' });
      return true;
    },
    drop: (visitor) => {
      const own = windows.get(visitor) ?? [];
      windows.delete(visitor);
      for (const answer of own) answer.end();
    },
    close: () => {
      closed = true;
      for (const wait of waiting.values())
        wait.settle({ type: 'unclear', reason: 'the server stopped before the browser acknowledged' });
      for (const own of windows.values()) for (const answer of own) answer.end();
    },
  };
}

/** Promise.withResolvers, which Node 20 does not have. */
function withResolvers<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
