import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Cluster } from 'ioredis';
import { createLog } from '../../src/log.ts';
import { createRedisStore } from '../../src/store/redis.ts';
import { StoreUnavailable, type Store } from '../../src/store/store.ts';
import { eventually } from '../support/lotse.ts';
import { describeWithRedis } from '../support/redis.ts';
import { clusterIs, startCluster, type ClusterNode, type RedisCluster } from '../support/redis-cluster.ts';
import { conforms, idOf, LEASE_MS, newConversation, text, turn, leased, type Bench } from './conformance.ts';

/** A script may read what lies in the slot of its keys, so each shard has a clock of its own. */
const TEST_CLOCK = "{ redis.call('GET', 'test:now' .. string.match(KEYS[1], '{.*}')), 0 }";
const TAGS = [...Array.from({ length: 64 }, (_, shard) => String(shard)), 'own'];
const log = createLog('silent');

describeWithRedis('the Redis store on a cluster', () => {
  let cluster: RedisCluster;
  let raw: Cluster;
  const stores: Store[] = [];

  beforeAll(async () => {
    cluster = await startCluster();
    const [{ server }] = [cluster.masters[0]!];
    raw = new Cluster([{ host: '127.0.0.1', port: server.port }], { enableAutoPipelining: true });
    await raw.ping();
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
  });
  afterAll(async () => {
    raw.disconnect();
    await cluster.stop();
  });

  async function open(replicas: number, clock?: string): Promise<Store> {
    const options = { url: cluster.url, replicas, leaseMs: LEASE_MS, log };
    const store = await createRedisStore(clock === undefined ? options : { ...options, clock });
    stores.push(store);
    return store;
  }

  async function createBench(): Promise<Bench> {
    await Promise.all(cluster.masters.map((node) => node.raw.flushall()));
    let now = Date.now();
    const set = async (): Promise<void> => {
      await Promise.all(TAGS.map((tag) => raw.set(`test:now{${tag}}`, String(now / 1000))));
    };
    await set();
    return {
      open: () => open(0, TEST_CLOCK),
      now: () => now,
      async advance(ms) {
        now += ms;
        await set();
      },
      end: () => Promise.resolve(),
    };
  }

  describe('the contract', () => {
    conforms(createBench);
  });

  test('is healthy, and says what its servers lack', async () => {
    const store = await open(1);
    expect(await store.health()).toEqual({
      ok: true,
      warnings: [expect.stringContaining('min-replicas-to-write')],
    });
  });

  interface Sent {
    readonly conversation: string;
    readonly n: number;
  }

  /** Accepts for ever, many at once, each in a conversation of its own; what was not refused is acknowledged. */
  function keepAccepting(store: Store): { acknowledged: Sent[]; refused(): number; stop(): Promise<void> } {
    const acknowledged: Sent[] = [];
    let refused = 0;
    let stopping = false;
    const one = async (lane: number): Promise<void> => {
      for (let n = lane; !stopping; n += 16) {
        const conversation = newConversation();
        try {
          const { lease } = leased(
            await store.accept({ conversation, id: idOf(n), payload: text(String(n)) }),
          );
          acknowledged.push({ conversation, n });
          await store.commit(lease, turn());
        } catch (error) {
          if (!(error instanceof StoreUnavailable)) throw error;
          refused += 1;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
    };
    const lanes = Promise.all(Array.from({ length: 16 }, (_, lane) => one(lane)));
    return {
      acknowledged,
      refused: () => refused,
      async stop() {
        stopping = true;
        await lanes;
      },
    };
  }

  const allKnown = async (store: Store, sent: readonly Sent[]): Promise<void> => {
    const again = sent.map(({ conversation, n }) =>
      store.accept({ conversation, id: idOf(n), payload: text(String(n)) }),
    );
    const types = (await Promise.all(again)).map(({ type }) => type);
    expect(types.filter((type) => type !== 'duplicate')).toEqual([]);
  };

  /** Every shard takes a write, many at once, and the sweep looks at all. */
  const allWorks = (store: Store): Promise<unknown> =>
    eventually(
      () =>
        Promise.all([
          store.due(1),
          ...Array.from({ length: 200 }, () =>
            store.accept({ conversation: newConversation(), id: idOf(1), payload: text('x') }),
          ),
        ]).catch(String),
      (answer) => Array.isArray(answer),
    );

  async function moveSlot(slot: number, from: ClusterNode, to: ClusterNode): Promise<void> {
    await to.raw.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id);
    await from.raw.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id);
    for (;;) {
      const keys = await from.raw.cluster('GETKEYSINSLOT', slot, 50);
      if (keys.length === 0) break;
      await from.raw.call('MIGRATE', '127.0.0.1', to.server.port, '', 0, 5_000, 'KEYS', ...keys);
    }
    for (const { raw: node } of [to, from, ...cluster.masters])
      await node.call('CLUSTER', 'SETSLOT', slot, 'NODE', to.id);
  }

  test('slots that move to another server while calls go on take their conversations along', async () => {
    const store = await open(1);
    const work = keepAccepting(store);
    const [from, to] = [cluster.masters[0]!, cluster.masters[1]!];
    const mine = async (tag: number): Promise<boolean> => {
      const slot = await from.raw.cluster('KEYSLOT', `{${String(tag)}}`);
      return slot < 5_462;
    };
    const tags = [];
    for (let tag = 0; tag < 64 && tags.length < 8; tag += 1) if (await mine(tag)) tags.push(tag);
    for (const tag of tags) await moveSlot(await from.raw.cluster('KEYSLOT', `{${String(tag)}}`), from, to);
    const before = work.acknowledged.length;
    await eventually(
      () => Promise.resolve(work.acknowledged.length),
      (count) => count > before + 200,
    );
    await work.stop();
    expect(tags).toHaveLength(8);
    await allWorks(store);
    await allKnown(store, work.acknowledged);
  });

  test('a master that dies: its replica takes over, and nothing acknowledged is lost', async () => {
    const store = await open(1);
    const other = await open(0);
    const work = keepAccepting(store);
    const [dying, heir] = [cluster.masters[0]!, cluster.replicas[0]!];
    const living = [...cluster.masters, ...cluster.replicas].filter((node) => node !== dying);
    await eventually(
      () => Promise.resolve(work.acknowledged.length),
      (count) => count > 300,
    );
    await dying.server.kill();
    await eventually(
      () => heir.raw.info('replication'),
      (info) => info.includes('role:master'),
    );
    await clusterIs(living, 'ok');
    await allWorks(other);
    // The heir has no replica until the dead one is back: what needs one is refused there, and only there.
    const refused = work.refused();
    expect(refused).toBeGreaterThan(0);
    expect((await store.health()).ok).toBe(false);
    await dying.server.start();
    await allWorks(store);
    await work.stop();
    expect(work.acknowledged.length).toBeGreaterThan(300);
    await allKnown(store, work.acknowledged);
    expect((await store.health()).ok).toBe(true);
  });
});
