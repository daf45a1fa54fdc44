import { readFileSync } from 'node:fs';
import type { Cluster, Redis, Result } from 'ioredis';
import { INBOX_MAX, OUTBOX_MAX, SEEN_MS } from './store.ts';

export type Client = Redis | Cluster;
type Argument = string | Buffer | number;

declare module 'ioredis' {
  // The scripts below, as `defineCommand` adds them: the number of keys, keys, then arguments; replies hold Buffers.
  interface RedisCommander<Context> {
    lotseAcceptBuffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
    lotseCommitBuffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
    lotseSettleBuffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
    lotseConfirmBuffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
    lotseLeaseBuffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
    lotseReleaseBuffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
    lotseForgetBuffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
    lotseExhumeBuffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
    lotseMigrate1To2Buffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
    lotseDueBuffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
    lotseCountsBuffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
    lotseOwnBuffer(...keysAndArguments: Argument[]): Result<unknown, Context>;
  }
}

/** Those that work on one conversation, and share `lua/common.lua`; then the others. */
const SCRIPTS = {
  lotseAccept: 'accept',
  lotseCommit: 'commit',
  lotseSettle: 'settle',
  lotseConfirm: 'confirm',
  lotseLease: 'lease',
  lotseRelease: 'release',
  lotseForget: 'forget',
  lotseExhume: 'exhume',
  lotseMigrate1To2: 'migrate-1-to-2',
} as const;
const OTHERS = { lotseDue: 'due', lotseCounts: 'counts', lotseOwn: 'own' } as const;

const read = (name: string): string =>
  readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8').trim();

export interface ScriptOptions {
  /** A Lua expression shaped like the reply of TIME. */
  readonly clock: string;
  readonly leaseMs: number;
  /** Whether writes are waited for until replicas or disks have them. */
  readonly awaited: boolean;
}

/** Makes the scripts of `lua/` commands of a client. What never changes is written into them. */
export function defineScripts(client: Client, { clock, leaseMs, awaited }: ScriptOptions): void {
  const constants = [SEEN_MS, INBOX_MAX, OUTBOX_MAX, leaseMs, awaited].map(String).join(', ');
  const before = `local time = ${clock}\nlocal SEEN_MS, INBOX_MAX, OUTBOX_MAX, LEASE_MS, AWAITED = ${constants}\n`;
  const common = read('common');
  for (const [command, name] of Object.entries(SCRIPTS))
    client.defineCommand(command, { lua: `${before}${common}\n${read(name)}` });
  for (const [command, name] of Object.entries(OTHERS))
    client.defineCommand(command, { lua: before + read(name) });
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

/** The keys of a conversation, in the order of `lua/common.lua`. */
export interface Keys {
  readonly record: string;
  readonly due: string;
  readonly older: string;
  readonly dead: string;
  readonly graves: string;
}

export const gravesKey = (shard: number): string => `lotse:{${String(shard)}}:graves`;

export function deadKey(conversation: string): string {
  return `lotse:{${String(shardOf(conversation))}}:dead:${conversation}`;
}

export function keysOf(conversation: string): Keys {
  const number = shardOf(conversation);
  const shard = `lotse:{${String(number)}}:`;
  return {
    record: shard + conversation,
    due: `${shard}due`,
    older: `${shard}older:${conversation}`,
    dead: deadKey(conversation),
    graves: gravesKey(number),
  };
}
