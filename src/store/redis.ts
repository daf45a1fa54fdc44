import type { Log } from '../log.ts';
import { checkArrival, checkCommit, inWhole } from './checks.ts';
import { conversationOfDead, deadId, messageId } from './dead.ts';
import { openRedis } from './redis-connection.ts';
import { migrations } from './redis-migrations.ts';
import {
  toAccepted,
  toCounts,
  toDead,
  toExhumed,
  toFlag,
  toLeased,
  toNames,
  toNext,
} from './redis-replies.ts';
import {
  deadKey,
  defineScripts,
  dueKey,
  gravesKey,
  keysOf,
  ownKey,
  SHARDS,
  type Client,
} from './redis-scripts.ts';
import type { Commit, Settlement, Store, Work } from './store.ts';

export interface RedisStoreOptions {
  /** See `parseAddress` in redis-address.ts. */
  readonly url: string;
  /** Longer than the slowest turn, and than the slowest send and its grace period together. */
  readonly leaseMs: number;
  /** How many replicas must have a message before it counts as accepted; 0 … 5, 0 if not given. */
  readonly replicas?: number;
  /** Whether they, and the server itself, must have it on disk; false if not given. */
  readonly onDisk?: boolean;
  /** Path of a PEM file: the certificates to trust, instead of the well-known ones. */
  readonly ca?: string | undefined;
  readonly log: Log;
  /** For tests: a Lua expression in place of `redis.call('TIME')`, with a reply shaped alike. */
  readonly clock?: string;
}

/**
 * The store for many nodes, on Redis 7 or later: one server, sentinels' master, or a cluster. Each method is one
 * script and one round trip, and another one where replicas or disks are waited for. Starts also while the server is away, and
 * connects as soon as it is there; rejects only when `url` makes no sense.
 */
export async function createRedisStore(options: RedisStoreOptions): Promise<Store> {
  const { leaseMs, replicas = 0, onDisk = false, clock = "redis.call('TIME')" } = options;
  const prepare = (client: Client): void => {
    defineScripts(client, { clock, leaseMs, awaited: replicas > 0 || onDisk });
  };
  const redis = await openRedis({ ...options, replicas, onDisk, prepare, migrations });
  const shards = Array.from({ length: SHARDS }, (_, shard) => shard);

  const two = (conversation: string): (string | number)[] => {
    const { record, due } = keysOf(conversation);
    return [2, record, due];
  };
  const withDead = (conversation: string): (string | number)[] => {
    const { record, due, dead, graves } = keysOf(conversation);
    return [4, record, due, dead, graves];
  };

  async function lease(conversation: string): Promise<Work | null> {
    return toLeased(conversation, await redis.plain((to) => to.lotseLeaseBuffer(...two(conversation))));
  }

  async function dueIn(shard: number, limit: number): Promise<readonly string[]> {
    return toNames(await redis.plain((to) => to.lotseDueBuffer(1, dueKey(shard), limit)));
  }

  return {
    async accept(arrival) {
      checkArrival(arrival);
      const { conversation, id, payload } = arrival;
      const { record, due, older } = keysOf(conversation);
      const reply = await redis.durable(record, (to) =>
        to.lotseAcceptBuffer(3, record, due, older, id, payload),
      );
      return toAccepted(arrival, reply);
    },

    async commit({ conversation, epoch }, commit) {
      checkCommit(commit);
      const { session, outbox, aside = [] } = commit;
      const keys = session === null || aside.length > 0 ? withDead(conversation) : two(conversation);
      const parts = [...keys, epoch, ...committing(conversation, commit)];
      // What is sent must never be unknown to whoever takes over after a failover.
      const reply = await redis.durable(keysOf(conversation).record, (to) => to.lotseCommitBuffer(...parts));
      return toNext(reply, outbox);
    },

    async settle({ conversation, epoch }, outboxId, settlement) {
      const keys = settlement.type === 'aside' ? withDead(conversation) : two(conversation);
      const parts = [...keys, epoch, outboxId, ...settling(settlement)];
      return toNext(await redis.plain((to) => to.lotseSettleBuffer(...parts)));
    },

    async confirm(conversation, outboxId) {
      const { record } = keysOf(conversation);
      return toFlag(
        await redis.durable(record, (to) => to.lotseConfirmBuffer(...two(conversation), outboxId)),
      );
    },

    async due(limit) {
      const names = (await answered(shards.map((shard) => dueIn(shard, limit)))).flat();
      // Nodes sweep at the same time: beginning at different places, they seldom try for the same conversations.
      const start = Math.floor(Math.random() * names.length);
      const chosen = [...names.slice(start), ...names.slice(0, start)].slice(0, limit);
      const works = await answered(chosen.map(lease));
      return works.filter((work) => work !== null);
    },

    async release({ conversation, epoch }, failed) {
      const held = failed ? inWhole(failed.retryMs) : '';
      await redis.plain((to) => to.lotseReleaseBuffer(...two(conversation), epoch, held));
    },

    async forget(conversation) {
      await redis.plain((to) => to.lotseForgetBuffer(...withDead(conversation)));
    },

    async own(name, holder, forMs) {
      return toFlag(await redis.plain((to) => to.lotseOwnBuffer(1, ownKey(name), holder, inWhole(forMs))));
    },

    async counts() {
      const ask = (shard: number): Promise<unknown> =>
        redis.plain((to) => to.lotseCountsBuffer(2, dueKey(shard), gravesKey(shard)));
      return toCounts(await Promise.all(shards.map(ask)));
    },

    async dead(limit) {
      const newest = (shard: number): Promise<Buffer[]> =>
        redis.plain((to) => to.zrevrangeBuffer(gravesKey(shard), 0, limit - 1));
      const conversations = (await Promise.all(shards.map(newest))).flat().map(String);
      const letters = conversations.map(async (conversation) =>
        toDead(conversation, await redis.plain((to) => to.hgetallBuffer(deadKey(conversation)))),
      );
      const all = (await Promise.all(letters)).flat();
      return all.sort((a, b) => b.sinceMs - a.sinceMs).slice(0, limit);
    },

    async exhume(id, how) {
      const conversation = conversationOfDead(id);
      if (conversation === '') return 'gone';
      const parts = [...withDead(conversation), id, how];
      return toExhumed(await redis.plain((to) => to.lotseExhumeBuffer(...parts, messageId(id))));
    },

    health: redis.health,

    close() {
      redis.close();
      return Promise.resolve();
    },
  };
}

/** What arrived, though a part of a cluster be away: a lease taken is to be worked on. Rejects when nothing arrived. */
async function answered<T>(asked: readonly Promise<T>[]): Promise<readonly T[]> {
  const settled = await Promise.allSettled(asked);
  const values = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  return values.length > 0 ? values : Promise.all(asked);
}

const LETTER = { message: 'm', session: 's' } as const;

/** ARGV 2… of `lua/commit.lua`. */
function committing(conversation: string, commit: Commit): (string | Buffer | number)[] {
  const { session, keepMs, consumed, outbox, alarmAtMs, aside = [] } = commit;
  return [
    session === null ? 0 : keepMs,
    session ?? '',
    consumed,
    alarmAtMs === null ? 0 : inWhole(alarmAtMs),
    outbox.length,
    ...outbox.flatMap(({ id, payload }) => [id, payload]),
    ...aside.flatMap((one) => [LETTER[one.kind], deadId(conversation, one), one.payload]),
  ];
}

/** ARGV 3 and 4 of `lua/settle.lua`. */
function settling(settlement: Settlement): readonly (string | number)[] {
  switch (settlement.type) {
    case 'sent':
    case 'refused':
      return ['done', 0];
    case 'aside':
      return ['aside', 0];
    case 'retry':
      return ['wait', inWhole(settlement.delayMs)];
    case 'unclear':
      return ['wait', inWhole(settlement.graceMs)];
  }
}
