import { isNativeError } from 'node:util/types';
import { Cluster, Redis } from 'ioredis';
import type { Log } from '../log.ts';
import { describeAddress, type RedisAddress } from './redis-address.ts';
import type { Client } from './redis-scripts.ts';
import { StoreUnavailable } from './store.ts';

/** Longer than a healthy server ever takes, shorter than a platform waits for its 200. */
const COMMAND_MS = 2_000;

/**
 * Nothing is queued while Redis is away and nothing is sent a second time: a commit that was executed though its
 * reply was lost must not be executed again, and the platform delivers again what was not acknowledged.
 */
const CONNECTION = {
  lazyConnect: true,
  connectTimeout: COMMAND_MS,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  // After a failover the address may lead to the new master.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
} as const;

const retryMs = (times: number): number => Math.min(50 * 2 ** Math.min(times, 5), 1_000);

export interface ClientOptions {
  /** Certificates (PEM) to trust instead of the well-known ones. */
  readonly ca?: string | undefined;
  /** How long its commands may wait for replicas or disks; ms, 0 if not given. */
  readonly waitMs?: number;
}

/** A client that is not connected yet. */
export function createClient(address: RedisAddress, { ca, waitMs = 0 }: ClientOptions = {}): Client {
  const { nodes, credentials } = address;
  const commandTimeout = Math.max(COMMAND_MS, waitMs + COMMAND_MS / 2);
  // A server that went silent is given up, so that the next connection can find a living one.
  const connection = { ...CONNECTION, commandTimeout, socketTimeout: 2 * commandTimeout };
  const tls = address.tls ? { tls: ca === undefined ? {} : { ca } } : {};
  const one = {
    ...connection,
    ...credentials,
    ...tls,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    retryStrategy: retryMs,
  };
  switch (address.kind) {
    case 'single':
      return new Redis({ ...one, ...nodes[0], db: address.db });
    case 'sentinel': {
      const { username, password } = address.sentinelCredentials;
      return new Redis({
        ...one,
        db: address.db,
        name: address.name,
        sentinels: nodes.map((node) => ({ ...node })),
        ...(username === undefined ? {} : { sentinelUsername: username }),
        ...(password === undefined ? {} : { sentinelPassword: password }),
        sentinelCommandTimeout: COMMAND_MS,
        sentinelRetryStrategy: retryMs,
        // An old master that lives on, cut off from the others, is left as soon as the sentinels have chosen another.
        failoverDetector: true,
        ...('tls' in tls ? { enableTLSForSentinelMode: true, sentinelTLS: tls.tls } : {}),
      });
    }
    case 'cluster':
      return new Cluster([...nodes], {
        lazyConnect: true,
        enableOfflineQueue: false,
        // Scripts are sent one by one: together, ioredis would send them on to where they belong only if all had moved.
        retryDelayOnFailover: 0,
        slotsRefreshTimeout: COMMAND_MS,
        clusterRetryStrategy: retryMs,
        // Certificates are made for names, so names must not be resolved before the connection is made.
        ...(address.tls
          ? {
              dnsLookup: (name, found) => {
                found(null, name);
              },
            }
          : {}),
        redisOptions: { ...connection, ...credentials, ...tls },
      });
  }
}

/**
 * ioredis connects to a cluster's servers when the first command comes, and refuses all others until then. Who is away
 * here is found to be away by the first call.
 */
async function warm(client: Client): Promise<void> {
  if (!(client instanceof Cluster)) return;
  await Promise.allSettled(client.nodes('master').map((node) => node.ping()));
  client.on('+node', (node: Redis) => {
    if (node.options.readOnly !== true) void Promise.allSettled([node.ping()]);
  });
}

/**
 * Connects, and goes on trying for as long as it takes: nodes may start before Redis does. Resolves when the server is
 * there, or once the first try failed or took too long; never rejects. What keeps it away is logged once.
 */
export async function keepConnected(client: Client, address: RedisAddress, log: Log): Promise<void> {
  let reason = '';
  let away = false;
  const gone = (): void => {
    if (away) return;
    away = true;
    log.warn({ redis: describeAddress(address), reason }, 'Redis is away');
  };
  client.on('error', (error: Error) => {
    reason = error.message;
    gone();
  });
  client.on('reconnecting', gone);
  client.on('ready', () => {
    if (away) log.info('Redis is back');
    away = false;
  });
  // Sentinels that are all away are asked again for as long as it takes.
  await new Promise<void>((resolve) => {
    const patience = setTimeout(resolve, COMMAND_MS);
    // What keeps it from answering is logged, and tried again, by the listeners above.
    void client
      .connect()
      .then(() => warm(client))
      .catch(gone)
      .finally(() => {
        clearTimeout(patience);
        resolve();
      });
  });
}

/** Replies that tell of a mistake in a script or in its call; all others tell of the server's state. */
const BUGS = /^(ERR|WRONGTYPE|CROSSSLOT|EXECABORT|NOSCRIPT)\b/;

/** What to tell the caller of a command that failed. */
export function failureOf(error: unknown): Error {
  if (!isNativeError(error)) return new TypeError(`Redis failed with ${String(error)}`);
  if (error instanceof StoreUnavailable || (error.name === 'ReplyError' && BUGS.test(error.message)))
    return error;
  return new StoreUnavailable(`Redis: ${error.message}`, { cause: error });
}

/** A server that is away, silent, loading, full, read-only or failing over rejects with StoreUnavailable. */
export async function available<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply;
  } catch (error) {
    throw failureOf(error);
  }
}
