import { readFile } from 'node:fs/promises';
import { isNativeError } from 'node:util/types';
import { createLog, type Log } from '../log.ts';
import { parseAddress } from './redis-address.ts';
import { createClient, failureOf, keepConnected } from './redis-client.ts';
import { createHealth } from './redis-health.ts';
import { createDurable, type Durable } from './redis-replication.ts';
import { guardSchema, type Migrations } from './redis-schema.ts';
import type { Client } from './redis-scripts.ts';
import { StoreUnavailable, type Health } from './store.ts';

/** How long replicas may take: much longer than healthy ones do, shorter than any other time-out. */
const REPLICAS_MS = 1_000;

/** With "appendfsync everysec" a write reaches the server's disk after a second, and a replica's after another one. */
const DISKS_MS = 3_000;

export interface RedisOptions {
  /** See `parseAddress`. */
  readonly url: string;
  /** How many replicas must have a write before `durable` counts it as done; 0 … 5. */
  readonly replicas: number;
  /** Whether they, and the server itself, must have it on disk (Redis 7.2 or later, or Valkey). */
  readonly onDisk: boolean;
  /** Path of a PEM file: the certificates to trust for rediss://, instead of the well-known ones. */
  readonly ca?: string | undefined;
  readonly log: Log;
  /** Called with every client that is made, before its first command: defines the scripts. */
  readonly prepare: (client: Client) => void;
  readonly migrations: Migrations;
}

export interface RedisConnection {
  /**
   * One command or script. Rejects with StoreUnavailable when the server is away, silent, loading, full, read-only,
   * failing over, or when its keys have another layout.
   */
  plain<T>(send: (to: Client) => Promise<T>): Promise<T>;
  /** The same for what an answer to the outside depends on: waits for replicas and disks. */
  readonly durable: Durable['call'];
  /** As `Store.health`. */
  readonly health: () => Promise<Health>;
  close(): void;
}

/**
 * Opens a server, a cluster, or what sentinels lead to. Resolves when it is there or was waited for long enough; goes on
 * trying. Throws StoreUnavailable only when the address cannot be understood or the certificates cannot be read.
 */
export async function openRedis(options: RedisOptions): Promise<RedisConnection> {
  const { replicas, onDisk, log, prepare, migrations } = options;
  const timeoutMs = onDisk ? DISKS_MS : REPLICAS_MS;
  const address = parseAddress(options.url);
  const ca = options.ca === undefined ? undefined : await readCertificates(options.ca);
  const open = async (hearing: Log, waitMs = 0): Promise<Client> => {
    const client = createClient(address, { ca, waitMs });
    prepare(client);
    await keepConnected(client, address, hearing);
    return client;
  };
  // Once is enough to say that the server is away.
  const [client, waiting] = await Promise.all([
    open(log),
    replicas > 0 || onDisk ? open(createLog('silent'), timeoutMs) : null,
  ]);
  const schema = guardSchema({ client, log, migrations });
  await schema.ready().catch((error: unknown) => {
    if (!(error instanceof StoreUnavailable)) throw error;
  });

  const plain = async <T>(send: (to: Client) => Promise<T>): Promise<T> => {
    if (!schema.isReady()) await schema.ready();
    try {
      return await send(client);
    } catch (error) {
      throw failureOf(error);
    }
  };
  const alone: Durable = { call: (_, send) => plain((to) => Promise.resolve(send(to))) };
  const counted = waiting ? createDurable(waiting, { replicas, onDisk, timeoutMs }) : alone;
  const durable: Durable['call'] = async (key, send) => {
    if (!schema.isReady()) await schema.ready();
    return counted.call(key, send);
  };
  return {
    plain,
    durable,
    health: createHealth({ client, replicas, durable }),
    close() {
      schema.stop();
      client.disconnect();
      waiting?.disconnect();
    },
  };
}

async function readCertificates(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = isNativeError(error) && 'code' in error ? String(error.code) : 'unknown error';
    throw new StoreUnavailable(`STORE_CA: the file ${path} cannot be read (${why})`);
  }
}
