import { isNativeError } from 'node:util/types';
import { Cluster, Redis } from 'ioredis';
import type { Log } from '../log.ts';
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
  commandTimeout: COMMAND_MS,
  // A server that went silent is given up, so that the next connection can find a living one.
  socketTimeout: 2 * COMMAND_MS,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  // After a failover the address may lead to the new master.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
} as const;

const retryMs = (times: number): number => Math.min(50 * 2 ** Math.min(times, 5), 1_000);

function createCluster(url: string): Cluster {
  const [, credentials = '', hosts = ''] = /^redis-cluster:\/\/(?:([^@]*)@)?([^/]*)\/?$/.exec(url) ?? [];
  const nodes = hosts.split(',').map((host) => {
    const [, name, port] = /^(.+):(\d+)$/.exec(host.trim()) ?? [];
    if (name === undefined) throw new StoreUnavailable(`'${host}' in STORE must look like host:port`);
    return { host: name.replace(/^\[|\]$/g, ''), port: Number(port) };
  });
  const [username = '', password = ''] = credentials.split(':').map(decodeURIComponent);
  return new Cluster(nodes, {
    lazyConnect: true,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    retryDelayOnFailover: 0,
    slotsRefreshTimeout: COMMAND_MS,
    clusterRetryStrategy: retryMs,
    redisOptions: {
      ...CONNECTION,
      ...(username === '' ? {} : { username }),
      ...(password === '' ? {} : { password }),
    },
  });
}

/**
 * A connection to one server or a cluster, which is tried again for as long as it takes: nodes may start before
 * Redis does. Throws StoreUnavailable only when `url` cannot be understood.
 */
export async function connect(url: string, log: Log): Promise<Client> {
  const client: Client = url.startsWith('redis-cluster://')
    ? createCluster(url)
    : new Redis(url, {
        ...CONNECTION,
        enableOfflineQueue: false,
        enableAutoPipelining: true,
        retryStrategy: retryMs,
      });
  let reason = '';
  let away = false;
  const gone = (): void => {
    if (away) return;
    away = true;
    log.warn({ redis: withoutCredentials(url), reason }, 'Redis is away');
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
  // What keeps it from answering is logged, and tried again, by the listeners above.
  await client.connect().catch(gone);
  return client;
}

const withoutCredentials = (url: string): string => url.replace(/\/\/[^@]*@/, '//');

/** Replies that tell of a mistake in a script or in its call; all others tell of the server's state. */
const BUGS = /^(ERR|WRONGTYPE|CROSSSLOT|EXECABORT|NOSCRIPT)\b/;

/** A server that is away, silent, loading, full, read-only or failing over rejects with StoreUnavailable. */
export async function available<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply;
  } catch (error) {
    if (!isNativeError(error) || (error.name === 'ReplyError' && BUGS.test(error.message))) throw error;
    throw new StoreUnavailable(`Redis: ${error.message}`, { cause: error });
  }
}
