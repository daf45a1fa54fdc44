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
   * The script's reply, once its write has reached the replicas and disks asked for; else rejects with StoreUnavailable,
   * and whether it happened is unknown. A script that writes nothing is confirmed by what this connection wrote before:
   * a duplicate must write, too. `key` is one of the script's keys.
   */
  readonly call: (key: string, send: Send) => Promise<unknown>;
}

export interface ReplicationOptions {
  /** How many replicas must hold a write; 0 only with `onDisk`. */
  readonly replicas: number;
  /** They, and the server itself, must have it on disk: WAITAOF instead of WAIT (Redis 7.2 or later, or Valkey). */
  readonly onDisk: boolean;
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
 * Calls whose answer counts only once replicas (or disks) have it, on a client that is used for nothing else: WAIT stops its
 * connection, and counts only what came over it. So scripts and their WAIT go out as one pipeline, that is over one
 * connection or not at all; many calls share one WAIT. A stalled replica costs each batch `timeoutMs`, and whoever uses
 * another client nothing.
 */
export function createDurable(client: Client, options: ReplicationOptions): Durable {
  const lines = new Map<string, Line>();
  rejectResent(client);

  async function send(calls: readonly Call[]): Promise<readonly Call[]> {
    const pipeline = client.pipeline();
    for (const call of calls) call.send(pipeline);
    const wait = waitFor(options);
    pipeline.call(...wait);
    const results = (await pipeline.exec()) ?? [];
    const [waitError, reached] = results[calls.length] ?? [new Error(`no answer to ${wait[0]}`)];
    const refusal = waitError ? refusedWait(waitError) : shortfall(reached, options);
    const again: Call[] = [];
    for (const [at, call] of calls.entries()) {
      const [error, reply] = results[at] ?? [new Error('no answer')];
      if (error && NOT_HERE.test(error.message) && call.tries < TRIES) again.push(call);
      else if (error) call.reject(failureOf(error));
      else if (refusal) call.reject(refusal);
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

function waitFor({ replicas, onDisk, timeoutMs }: ReplicationOptions): [string, ...number[]] {
  return onDisk ? ['WAITAOF', 1, replicas, timeoutMs] : ['WAIT', replicas, timeoutMs];
}

const isArray = (reply: unknown): reply is readonly unknown[] => Array.isArray(reply);

/** null where the answer to WAIT (replicas) or WAITAOF (own disk, replicas' disks) says that enough have it. */
function shortfall(
  reached: unknown,
  { replicas, onDisk, timeoutMs }: ReplicationOptions,
): StoreUnavailable | null {
  const [local, others] = isArray(reached) ? reached : [1, reached];
  const within = `within ${String(timeoutMs)} ms`;
  if (local !== 1) return new StoreUnavailable(`Redis: the write did not reach the server's disk ${within}`);
  if (typeof others === 'number' && others >= replicas) return null;
  const where = onDisk ? "replicas' disks" : 'replicas';
  return new StoreUnavailable(
    `Redis: the write reached ${String(others)} of ${String(replicas)} ${where} ${within}`,
  );
}

/** Servers that cannot do what STORE_FSYNC asks for say so with ERR, like mistakes of ours. */
function refusedWait(error: Error): Error {
  if (/unknown command/i.test(error.message))
    return new StoreUnavailable(
      'STORE_FSYNC=on needs Redis 7.2 or later, or Valkey: this server has no WAITAOF',
    );
  if (/appendonly is disabled/i.test(error.message))
    return new StoreUnavailable('STORE_FSYNC=on needs "appendonly yes" in redis.conf, here and on replicas');
  return failureOf(error);
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
