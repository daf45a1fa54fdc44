import { Cluster, Command, type ChainableCommander, type Redis } from 'ioredis';
import { failureOf } from './redis-client.ts';
import type { Client } from './redis-scripts.ts';
import { StoreUnavailable } from './store.ts';

/** Where a script is called: `to.lotseAcceptBuffer(…)`. */
export type Target = Client | ChainableCommander;

/** Adds exactly one script to a pipeline. */
export type Send = (to: Target) => unknown;

export interface Durable {
  /**
   * The script's reply, once its write has reached the replicas asked for; else rejects with StoreUnavailable, and
   * whether it happened is unknown. A script that writes nothing is confirmed by what this connection wrote before:
   * a duplicate must write, too. `key` is one of the script's keys.
   */
  readonly call: (key: string, send: Send) => Promise<unknown>;
}

export interface ReplicationOptions {
  /** 1 …: how many replicas must hold a write. */
  readonly replicas: number;
  /** How long they may take; below the time-out of commands. */
  readonly timeoutMs: number;
}

interface Call {
  readonly key: string;
  readonly send: Send;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: Error) => void;
  tries: number;
}

/** The calls for one master: while a batch is under way, the next one gathers. */
interface Line {
  waiting: Call[];
  running: boolean;
}

/** Replies that say that a command was not executed, and that it will be once we know where. */
const NOT_HERE = /^(MOVED|NOSCRIPT)\b/;
const TRIES = 4;

/**
 * Calls whose answer counts only once replicas have it, on a client that is used for nothing else: WAIT stops its
 * connection, and counts only what came over it. So scripts and their WAIT go out as one pipeline, that is over one
 * connection or not at all; many calls share one WAIT. A stalled replica costs each batch `timeoutMs`, and whoever uses
 * another client nothing.
 */
export function createDurable(client: Client, options: ReplicationOptions): Durable {
  const { replicas, timeoutMs } = options;
  const lines = new Map<string, Line>();
  rejectResent(client);

  async function send(calls: readonly Call[]): Promise<readonly Call[]> {
    const pipeline = client.pipeline();
    for (const call of calls) call.send(pipeline);
    pipeline.wait(replicas, timeoutMs);
    const results = (await pipeline.exec()) ?? [];
    const [waitError, reached] = results[calls.length] ?? [new Error('no answer to WAIT')];
    const again: Call[] = [];
    for (const [at, call] of calls.entries()) {
      const [error, reply] = results[at] ?? [new Error('no answer')];
      if (error && NOT_HERE.test(error.message) && call.tries < TRIES) again.push(call);
      else if (error) call.reject(failureOf(error));
      else if (waitError) call.reject(failureOf(waitError));
      else if (typeof reached !== 'number' || reached < replicas) call.reject(tooFew(reached, options));
      else call.resolve(reply);
    }
    return again;
  }

  async function run(place: string, line: Line): Promise<void> {
    while (line.waiting.length > 0) {
      const calls = line.waiting;
      line.waiting = [];
      for (const call of calls) call.tries += 1;
      try {
        const again = await send(calls);
        if (again.length > 0) {
          await refreshSlots(client);
          for (const call of again) enqueue(call);
        }
      } catch (error) {
        for (const call of calls) call.reject(failureOf(error));
      }
    }
    lines.delete(place);
  }

  function enqueue(call: Call): void {
    const place = placeOf(client, call.key);
    const line = lines.get(place) ?? { waiting: [], running: false };
    lines.set(place, line);
    line.waiting.push(call);
    if (line.running) return;
    line.running = true;
    // What this turn of the event loop still brings goes out together.
    setImmediate(() => void run(place, line));
  }

  return {
    call: (key, send) =>
      new Promise((resolve, reject) => {
        enqueue({ key, send, resolve, reject, tries: 0 });
      }),
  };
}

function tooFew(reached: unknown, { replicas, timeoutMs }: ReplicationOptions): StoreUnavailable {
  return new StoreUnavailable(
    `Redis: the write reached ${String(reached)} of ${String(replicas)} replicas within ${String(timeoutMs)} ms`,
  );
}

/**
 * A server that has forgotten a script is sent it again by ioredis, behind the WAIT that was meant for it. Scripts
 * outside of a pipeline are refused here, so that they come to nothing and are sent anew with a WAIT of their own.
 */
function rejectResent(client: Client): void {
  const refused = (command: Command, stream: unknown): boolean => {
    const alone = stream === undefined && /^eval(sha)?$/.test(command.name);
    if (alone) command.reject(new Error('NOSCRIPT the server had forgotten the script'));
    return alone;
  };
  if (client instanceof Cluster) {
    const send = client.sendCommand.bind(client);
    client.sendCommand = (command, stream, node) =>
      refused(command, stream) ? command.promise : send(command, stream, node);
  } else {
    const send = client.sendCommand.bind(client);
    client.sendCommand = (command, stream) =>
      refused(command, stream) ? command.promise : send(command, stream);
  }
}

const slots = new Map<string, number>();

/** 0 … 16383. Few tags are in use, so each is computed once. */
function slotOf(key: string): number {
  const tag = key.slice(0, key.indexOf('}') + 1) || key;
  const slot = slots.get(tag) ?? new Command('get', [key]).getSlot();
  slots.set(tag, slot);
  return slot;
}

/** Keys with the same place are on the same server, and can share a pipeline. */
export function placeOf(client: Client, key: string): string {
  return client instanceof Cluster ? (client.slots[slotOf(key)]?.join() ?? '') : '';
}

/** Asks a cluster anew which of its servers has what. */
function refreshSlots(client: Client): Promise<void> {
  return new Promise((resolve) => {
    // A cluster that cannot be asked is found to be away by the next call.
    if (client instanceof Cluster)
      client.refreshSlotsCache(() => {
        resolve();
      });
    else resolve();
  });
}

/** The servers that take writes. */
export const mastersOf = (client: Client): Redis[] =>
  client instanceof Cluster ? client.nodes('master') : [client];
