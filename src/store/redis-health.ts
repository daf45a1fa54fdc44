import { isNativeError } from 'node:util/types';
import { Redis } from 'ioredis';
import { available } from './redis-client.ts';
import { healthKey, SHARDS, type Client } from './redis-scripts.ts';
import { StoreUnavailable, type Health } from './store.ts';

const NO_AOF =
  'Redis does not keep an append-only file: messages are lost when it restarts. Set "appendonly yes" in redis.conf.';
const UNCHECKED =
  'Whether Redis persists and never evicts could not be checked: this user may not run INFO. Make sure of "appendonly yes" and "maxmemory-policy noeviction".';

const field = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];

/** INFO rather than CONFIG GET: hosted servers forbid the latter. */
async function warningsOf(node: Redis): Promise<readonly string[]> {
  let info: string;
  try {
    info = (await Promise.all([node.info('persistence'), node.info('memory')])).join('\n');
  } catch (error) {
    if (isNativeError(error) && error.name === 'ReplyError') return [UNCHECKED];
    throw error;
  }
  const aof = field(info, 'aof_enabled');
  const policy = field(info, 'maxmemory_policy');
  if (aof === undefined || policy === undefined) return [UNCHECKED];
  const warnings = aof === '1' ? [] : [NO_AOF];
  if (policy !== 'noeviction')
    warnings.push(
      `Redis deletes conversations when its memory is full (maxmemory-policy ${policy}). Set "maxmemory-policy noeviction".`,
    );
  return warnings;
}

/** Writes to every shard, as only a write tells that writes are taken; then asks every master how it persists. */
export async function healthOf(client: Client): Promise<Health> {
  try {
    const shards = Array.from({ length: SHARDS }, (_, shard) => shard);
    await Promise.all(shards.map((shard) => available(client.set(healthKey(shard), '1', 'PX', 60_000))));
    const nodes = client instanceof Redis ? [client] : client.nodes('master');
    const warnings = await Promise.all(nodes.map((node) => available(warningsOf(node))));
    return { ok: true, warnings: [...new Set(warnings.flat())] };
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return { ok: false, warnings: [`The store takes no writes. ${error.message}`] };
  }
}
