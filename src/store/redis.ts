import type { Log } from '../log.ts';
import { checkArrival, checkCommit, inWhole } from './checks.ts';
import { available, connect } from './redis-client.ts';
import { healthOf } from './redis-health.ts';
import { toAccepted, toFlag, toLeased, toNames, toNext } from './redis-replies.ts';
import { defineScripts, dueKey, keysOf, ownKey, SHARDS } from './redis-scripts.ts';
import { INBOX_MAX, SEEN_MS, type Settlement, type Store, type Work } from './store.ts';

export interface RedisStoreOptions {
  /** redis://…, rediss://… or redis-cluster://h1:p1,h2:p2; credentials as user:password@ before the host. */
  readonly url: string;
  /** Longer than the slowest turn, and than the slowest send and its grace period together. */
  readonly leaseMs: number;
  readonly log: Log;
  /** For tests: a Lua expression in place of `redis.call('TIME')`, with a reply shaped alike. */
  readonly clock?: string;
}

/**
 * The store for many nodes, on Redis 7 or Valkey, alone or as a cluster. Each method is one script and one round trip.
 * Starts also while the server is away, and connects as soon as it is there; rejects only when `url` makes no sense.
 */
export async function createRedisStore(options: RedisStoreOptions): Promise<Store> {
  const { leaseMs } = options;
  const client = await connect(options.url, options.log);
  defineScripts(client, options.clock ?? "redis.call('TIME')");
  const call = (conversation: string): string[] => [...keysOf(conversation), conversation, String(leaseMs)];

  async function lease(conversation: string): Promise<Work | null> {
    return toLeased(conversation, await available(client.lotseLeaseBuffer(...call(conversation))));
  }

  async function dueIn(shard: number, limit: number): Promise<readonly string[]> {
    return toNames(await available(client.lotseDueBuffer(dueKey(shard), limit)));
  }

  return {
    async accept(arrival) {
      checkArrival(arrival);
      const { conversation, id, payload } = arrival;
      const seenSeconds = SEEN_MS / 1000;
      const parts = [...call(conversation), id, payload, INBOX_MAX, seenSeconds];
      return toAccepted(conversation, await available(client.lotseAcceptBuffer(...parts)));
    },

    async commit({ conversation, epoch }, commit) {
      checkCommit(commit);
      const { session, consumed, outbox, alarmAtMs } = commit;
      const keepMs = session === null ? 0 : commit.keepMs;
      const entries = outbox.flatMap(({ id, payload }) => [id, payload]);
      const alarm = alarmAtMs === null ? 0 : inWhole(alarmAtMs);
      const parts = [...call(conversation), epoch, keepMs, session ?? '', consumed, alarm, ...entries];
      return toNext(await available(client.lotseCommitBuffer(...parts)));
    },

    async settle({ conversation, epoch }, outboxId, settlement) {
      const parts = [...call(conversation), epoch, outboxId, ...settling(settlement)];
      return toNext(await available(client.lotseSettleBuffer(...parts)));
    },

    async confirm(conversation, outboxId) {
      return toFlag(await available(client.lotseConfirmBuffer(...call(conversation), outboxId)));
    },

    async due(limit) {
      const shards = Array.from({ length: SHARDS }, (_, shard) => shard);
      const names = (await Promise.all(shards.map((shard) => dueIn(shard, limit)))).flat();
      // Nodes sweep at the same time: beginning at different places, they seldom try for the same conversations.
      const start = Math.floor(Math.random() * names.length);
      const chosen = [...names.slice(start), ...names.slice(0, start)].slice(0, limit);
      const works = await Promise.all(chosen.map(lease));
      return works.filter((work) => work !== null);
    },

    async release({ conversation, epoch }) {
      await available(client.lotseReleaseBuffer(...call(conversation), epoch));
    },

    async forget(conversation) {
      await available(client.lotseForgetBuffer(...call(conversation)));
    },

    async own(name, holder, forMs) {
      return toFlag(await available(client.lotseOwnBuffer(ownKey(name), holder, inWhole(forMs))));
    },

    health: () => healthOf(client),

    close() {
      client.disconnect();
      return Promise.resolve();
    },
  };
}

/** ARGV 5 and 6 of `lua/settle.lua`. */
function settling(settlement: Settlement): readonly (string | number)[] {
  switch (settlement.type) {
    case 'sent':
    case 'refused':
      return ['done', 0];
    case 'retry':
      return ['wait', inWhole(settlement.delayMs)];
    case 'unclear':
      return ['wait', inWhole(settlement.graceMs)];
  }
}
