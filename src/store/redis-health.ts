import { isNativeError } from 'node:util/types';
import { Cluster, type Redis } from 'ioredis';
import { available } from './redis-client.ts';
import { mastersOf, placeOf, type Durable } from './redis-replication.ts';
import { healthKey, SHARDS, type Client } from './redis-scripts.ts';
import { StoreUnavailable, type Health } from './store.ts';

/** What changes seldom is asked so often; probes come every few seconds. */
const WARNINGS_MS = 60_000;
const HEALTH_KEY_MS = 60_000;
const OLDEST_MAJOR = 7;

const NO_AOF =
  'Redis does not keep an append-only file: messages are lost when it restarts. Set "appendonly yes" in redis.conf.';
const UNCHECKED =
  'Whether Redis persists and never evicts could not be checked: this user may not run INFO. Make sure of "appendonly yes" and "maxmemory-policy noeviction".';
const NOT_GUARDED =
  'A master that is cut off from its replicas goes on taking writes, which are lost when another takes over. Set "min-replicas-to-write 1" in redis.conf.';
const NOT_COVERED =
  'Some slots of the Redis cluster have no server: conversations in them wait. See "redis-cli --cluster check".';

const field = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];

/** null when the user of this connection may not ask. INFO rather than CONFIG GET: hosted servers forbid the latter. */
async function permitted(reply: Promise<string>): Promise<string | null> {
  try {
    return await reply;
  } catch (error) {
    if (isNativeError(error) && error.name === 'ReplyError') return null;
    throw error;
  }
}

async function warningsOf(node: Redis, replicas: number): Promise<readonly string[]> {
  const sections = ['server', 'persistence', 'memory', 'replication'];
  const infos = await Promise.all(sections.map((section) => permitted(node.info(section))));
  const info = infos.join('\n');
  const aof = field(info, 'aof_enabled');
  const policy = field(info, 'maxmemory_policy');
  const version = field(info, 'redis_version');
  const connected = Number(field(info, 'connected_slaves') ?? replicas);
  const good = field(info, 'min_slaves_good_slaves');
  const says: readonly (readonly [boolean, string])[] = [
    [aof === undefined || policy === undefined, UNCHECKED],
    [aof === '0', NO_AOF],
    [
      policy !== undefined && policy !== 'noeviction',
      `Redis deletes conversations when its memory is full (maxmemory-policy ${String(policy)}). Set "maxmemory-policy noeviction".`,
    ],
    [
      version !== undefined && Number.parseInt(version, 10) < OLDEST_MAJOR,
      `Redis ${String(version)} is too old: Lotse needs Redis ${String(OLDEST_MAJOR)} or later.`,
    ],
    [
      connected < replicas,
      `Redis has ${String(connected)} replicas, but STORE_REPLICAS asks for ${String(replicas)}: no message is accepted.`,
    ],
    [replicas > 0 && info.includes('role:master') && good === undefined, NOT_GUARDED],
  ];
  return says.flatMap(([applies, sentence]) => (applies ? [sentence] : []));
}

async function slotWarnings(client: Client): Promise<readonly string[]> {
  if (!(client instanceof Cluster)) return [];
  const info = await permitted(available(client.cluster('INFO')));
  return info === null || field(info, 'cluster_slots_ok') === '16384' ? [] : [NOT_COVERED];
}

/** One key for each server, so that each is written to. */
function keysToWrite(client: Client): readonly string[] {
  const keys = Array.from({ length: SHARDS }, (_, shard) => healthKey(shard));
  if (!(client instanceof Cluster)) return keys.slice(0, 1);
  return [...new Map(keys.map((key) => [placeOf(client, key), key])).values()];
}

export interface HealthOptions {
  readonly client: Client;
  /** As STORE_REPLICAS says. */
  readonly replicas: number;
  /** As `RedisConnection.durable`: what is written here is as safe as a message. */
  readonly durable: Durable['call'];
}

/**
 * A check that probes can call every few seconds: one small write to every server, as only a write tells that writes
 * are taken. How the servers are set up is asked once a minute.
 */
export function createHealth({ client, replicas, durable }: HealthOptions): () => Promise<Health> {
  let warnings: readonly string[] = [];
  let askedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    try {
      const write = (key: string): Promise<unknown> =>
        durable(key, (to) => to.set(key, '1', 'PX', HEALTH_KEY_MS));
      await Promise.all(keysToWrite(client).map(write));
      if (performance.now() - askedAt >= WARNINGS_MS) {
        const all = mastersOf(client).map((node) => available(warningsOf(node, replicas)));
        warnings = [...new Set((await Promise.all([slotWarnings(client), ...all])).flat())];
        askedAt = performance.now();
      }
      return { ok: true, warnings };
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      // Whoever comes back may be set up differently.
      askedAt = Number.NEGATIVE_INFINITY;
      return { ok: false, warnings: [`The store takes no writes. ${error.message}`] };
    }
  };
}
