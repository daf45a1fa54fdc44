import { readFileSync } from 'node:fs';
import type { Cluster, Redis, Result } from 'ioredis';

export type Client = Redis | Cluster;
type Argument = string | Buffer | number;

declare module 'ioredis' {
  // The scripts below, as `defineCommand` adds them: keys first, then arguments; replies hold Buffers.
  interface RedisCommander<Context> {
    lotseAcceptBuffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
    lotseCommitBuffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
    lotseSettleBuffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
    lotseConfirmBuffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
    lotseDueBuffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
    lotseLeaseBuffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
    lotseReleaseBuffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
    lotseForgetBuffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
    lotseOwnBuffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
  }
}

const SCRIPTS = {
  lotseAccept: 'accept',
  lotseCommit: 'commit',
  lotseSettle: 'settle',
  lotseConfirm: 'confirm',
  lotseDue: 'due',
  lotseLease: 'lease',
  lotseRelease: 'release',
  lotseForget: 'forget',
} as const;

const read = (name: string): string =>
  readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8').trim();

/** Makes the scripts of `lua/` commands of a client. `clock` is a Lua expression shaped like the reply of TIME. */
export function defineScripts(client: Client, clock: string): void {
  const time = `local time = ${clock}\n`;
  const before = `${time}${read('common')}\n`;
  for (const [command, name] of Object.entries(SCRIPTS))
    client.defineCommand(command, { lua: before + read(name), numberOfKeys: name === 'due' ? 1 : 7 });
  client.defineCommand('lotseOwn', { lua: time + read('own'), numberOfKeys: 1 });
}

/** Fixed for good: another number would look for every conversation in another place. */
export const SHARDS = 64;

/** 0 … SHARDS - 1, the same on every node (FNV-1a). */
function shardOf(conversation: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < conversation.length; i += 1)
    hash = Math.imul(hash ^ conversation.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % SHARDS;
}

export const dueKey = (shard: number): string => `lotse:{${String(shard)}}:due`;
export const ownKey = (name: string): string => `lotse:{own}:${name}`;
export const healthKey = (shard: number): string => `lotse:{${String(shard)}}:health`;

/** The seven keys every script on a conversation declares, in the order of `lua/common.lua`. */
export function keysOf(conversation: string): string[] {
  const shard = `lotse:{${String(shardOf(conversation))}}:`;
  return [
    `${shard}s:${conversation}`,
    `${shard}n:${conversation}`,
    `${shard}l:${conversation}`,
    `${shard}i:${conversation}`,
    `${shard}o:${conversation}`,
    `${shard}due`,
    `${shard}epoch`,
  ];
}
