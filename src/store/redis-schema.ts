import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';
import type { Log } from '../log.ts';
import { available } from './redis-client.ts';
import { mastersOf } from './redis-replication.ts';
import type { Client } from './redis-scripts.ts';
import { StoreUnavailable } from './store.ts';

/** Which layout the keys have: '2', or '1>2' while they are changed from one to the other. Never expires. */
export const SCHEMA_KEY = 'lotse:{schema}';
const LOCK_KEY = 'lotse:{schema}:lock';

/** The layout this version of Lotse reads and writes. */
const VERSION = 2;

/** The layout that was in use before there was a key to tell. */
const UNNAMED = 1;

/** How often a running node asks whether a newer one has changed the layout. */
const RECHECK_MS = 5_000;
const LOCK_MS = 60_000;
/** KEYS 1 lock, ARGV 1 holder, 2 for how long (ms), 0 gives it back -> 1 when it was still the holder's. */
const HOLD =
  "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end return redis.call('PEXPIRE', KEYS[1], ARGV[2])";

/**
 * Brings keys from layout n to n + 1. Runs again if it was killed, so what is done already must not harm it; rejects
 * soon once `signal` is aborted, as another node may have begun then.
 */
export type Migration = (client: Client, signal: AbortSignal) => Promise<void>;

/** By the layout they begin with. */
export type Migrations = ReadonlyMap<number, Migration>;

export interface SchemaOptions {
  readonly client: Client;
  readonly log: Log;
  readonly migrations: Migrations;
  readonly version?: number;
  readonly recheckMs?: number;
}

export interface Schema {
  /** Resolves when the keys have the layout of this version; else rejects with StoreUnavailable, and says why. */
  ready(): Promise<void>;
  /** The same without waiting: true when nothing is known to be wrong. */
  isReady(): boolean;
  stop(): void;
}

/**
 * Keeps versions of Lotse that lay keys out differently from working on the same server. Asked whenever the connection is
 * made, and now and then, as the newer one may come later: it writes down what it is going to do, waits until every
 * older node must have seen it, and only then changes the keys.
 */
export function guardSchema(options: SchemaOptions): Schema {
  const { client, log, migrations, version = VERSION, recheckMs = RECHECK_MS } = options;
  const holder = randomUUID();
  let state: 'unknown' | 'ready' | 'refused' = 'unknown';
  let refusal: Error = new StoreUnavailable('Redis: its layout of keys is not known yet');
  let checking: Promise<void> | null = null;
  let migrating: Promise<void> | null = null;
  const stop = new AbortController();

  const refuse = (error: Error): void => {
    if (state !== 'refused' || refusal.message !== error.message)
      log.warn({ reason: error.message }, 'not ready');
    [state, refusal] = ['refused', error];
  };

  async function check(): Promise<void> {
    try {
      const { at, to } = await readVersion(client, version);
      if (to > version) refuse(newer(to, version));
      else if (at === version) state = 'ready';
      else {
        refuse(new StoreUnavailable(`Redis: its keys are being changed to layout ${String(version)}; wait`));
        begin();
      }
    } catch (error) {
      // A server that is away fails every call by itself; what was known of its keys stays so until it is back.
      if (state !== 'ready') state = 'unknown';
      refusal = isNativeError(error) ? error : new StoreUnavailable('Redis: its layout of keys is not known');
    }
  }

  const recheck = (): Promise<void> => {
    checking ??= check().finally(() => {
      checking = null;
    });
    return checking;
  };

  function begin(): void {
    migrating ??= migrate()
      .catch((error: unknown) => {
        if (!stop.signal.aborted)
          log.error({ err: error }, 'changing the layout of keys failed; it is tried again');
      })
      .finally(() => {
        migrating = null;
      });
  }

  async function migrate(): Promise<void> {
    if ((await available(client.set(LOCK_KEY, holder, 'PX', LOCK_MS, 'NX'))) === null) return;
    const lost = new AbortController();
    const hold = (ms: number): Promise<unknown> => available(client.eval(HOLD, 1, LOCK_KEY, holder, ms));
    const renew = async (): Promise<void> => {
      if ((await hold(LOCK_MS)) !== 1)
        throw new StoreUnavailable('Redis: another node has begun to change the layout of keys');
    };
    const renewal = setInterval(() => {
      renew().catch((error: unknown) => {
        lost.abort(error);
      });
    }, LOCK_MS / 4);
    const signal = AbortSignal.any([stop.signal, lost.signal]);
    try {
      const { at } = await readVersion(client, version);
      if (at < version) await migrateFrom(at, signal);
    } finally {
      clearInterval(renewal);
      await hold(0);
    }
    await recheck();
  }

  async function migrateFrom(first: number, signal: AbortSignal): Promise<void> {
    const write = (at: number): Promise<unknown> =>
      available(client.set(SCHEMA_KEY, at === version ? String(at) : `${String(at)}>${String(version)}`));
    await write(first);
    log.info({ from: first, to: version }, 'changing the layout of keys');
    await setTimeout(2 * recheckMs, undefined, { signal });
    for (let at = first; at < version; at += 1) {
      const migration = migrations.get(at);
      if (!migration) throw new RangeError(`there is no way from layout ${String(at)} to the next`);
      await migration(client, signal);
      signal.throwIfAborted();
      await write(at + 1);
    }
    log.info({ to: version }, 'the layout of keys is changed');
  }

  // Nothing is known of a server that was away: its data may be another's.
  const forget = (): void => {
    if (state === 'ready') state = 'unknown';
    void recheck();
  };
  client.on('ready', forget);
  const timer = setInterval(() => void recheck(), recheckMs).unref();
  return {
    isReady: () => state === 'ready',
    async ready() {
      if (state === 'unknown') await recheck();
      if (state !== 'ready') throw refusal;
    },
    stop() {
      stop.abort();
      clearInterval(timer);
      client.off('ready', forget);
    },
  };
}

const newer = (found: number, known: number): StoreUnavailable =>
  new StoreUnavailable(
    `Redis: a newer Lotse keeps its data here (layout ${String(found)}, this one knows ${String(known)}). Update this Lotse.`,
  );

/** `to` is above `at` while keys are being changed. */
async function readVersion(client: Client, version: number): Promise<{ at: number; to: number }> {
  let found = await available(client.get(SCHEMA_KEY));
  if (found === null) {
    const first = (await holdsKeys(client)) ? UNNAMED : version;
    await available(client.set(SCHEMA_KEY, String(first), 'NX'));
    found = await available(client.get(SCHEMA_KEY));
  }
  const [, at, to] = /^(\d{1,6})(?:>(\d{1,6}))?$/.exec(found ?? '') ?? [];
  if (at === undefined)
    throw new StoreUnavailable(
      `Redis: the key ${SCHEMA_KEY} does not hold a number; is another program using the keys lotse:*?`,
    );
  return { at: Number(at), to: Number(to ?? at) };
}

async function holdsKeys(client: Client): Promise<boolean> {
  for await (const keys of keysMatching(client, 'lotse:*'))
    if (keys.some((key) => !key.startsWith(SCHEMA_KEY) && !key.endsWith(':health'))) return true;
  return false;
}

/** All keys that match a glob pattern, of every master, some at a time; one may come twice. */
export async function* keysMatching(client: Client, pattern: string): AsyncGenerator<readonly string[]> {
  for (const master of mastersOf(client)) {
    let cursor = '0';
    do {
      const [next, keys] = await available(master.scan(cursor, 'MATCH', pattern, 'COUNT', 1_000));
      cursor = next;
      if (keys.length > 0) yield keys;
    } while (cursor !== '0');
  }
}
