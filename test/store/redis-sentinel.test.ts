import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createLog } from '../../src/log.ts';
import { createRedisStore } from '../../src/store/redis.ts';
import { StoreUnavailable, type Store } from '../../src/store/store.ts';
import { eventually } from '../support/lotse.ts';
import { describeWithRedis } from '../support/redis.ts';
import { startSentinels, type SentinelGroup } from '../support/redis-sentinel.ts';
import { idOf, newConversation, text } from './conformance.ts';

const log = createLog('silent');

/** Sentinels that do not agree at once try again after ten seconds; a busy machine needs its time, too. */
const IN_ALL_MS = 90_000;

describeWithRedis('the Redis store with sentinels', () => {
  let group: SentinelGroup;
  let store: Store;

  beforeAll(async () => {
    group = await startSentinels(2);
    store = await createRedisStore({ url: group.url, replicas: 1, leaseMs: 30_000, log });
  });
  afterAll(async () => {
    await store.close();
    await group.stop();
  });

  const accept = (conversation: string, n: number): ReturnType<Store['accept']> =>
    store.accept({ conversation, id: idOf(n), payload: text(String(n)) });

  /** Goes on until `end`, and lets `change` happen meanwhile. */
  async function surviving(change: () => void | Promise<void>): Promise<void> {
    const conversations: string[] = [];
    const work = async (until: () => boolean): Promise<unknown[]> => {
      const errors: unknown[] = [];
      while (!until()) {
        const conversation = newConversation();
        try {
          await accept(conversation, 1);
          conversations.push(conversation);
        } catch (error) {
          errors.push(error);
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      }
      return errors;
    };
    const old = await group.master();
    await work(() => conversations.length >= 100);
    await change();
    let moved = false;
    const errors = work(() => moved && conversations.length >= 200);
    await eventually(
      () => group.master(),
      (port) => port !== old,
      IN_ALL_MS,
    );
    const before = conversations.length;
    await eventually(
      () => Promise.resolve(conversations.length),
      (count) => count > before,
      IN_ALL_MS,
    );
    moved = true;
    // The other connection has found its way, too.
    await eventually(
      () => store.due(0).catch(String),
      (answer) => Array.isArray(answer),
      IN_ALL_MS,
    );
    for (const error of await errors) expect(error).toBeInstanceOf(StoreUnavailable);
    // A word of the sentinels that comes late may cut the connection once more.
    for (const conversation of conversations) {
      const again = await eventually(
        () => accept(conversation, 1).catch(String),
        (answer) => typeof answer === 'object',
        IN_ALL_MS,
      );
      expect(again).toEqual({ type: 'duplicate' });
    }
  }

  test('goes to the master that the sentinels name', async () => {
    expect((await accept(newConversation(), 1)).type).toBe('leased');
    expect(await store.health()).toMatchObject({ ok: true });
  });

  test(
    'a master that dies: the next one has all that was acknowledged',
    async () => {
      const dying = group.servers[0]!;
      await surviving(() => dying.kill());
      await dying.start();
      await eventually(
        () => accept(newConversation(), 1).catch(String),
        (answer) => typeof answer === 'object',
      );
    },
    IN_ALL_MS,
  );

  test(
    'a master that hangs: it is left, and comes back as a replica',
    async () => {
      const port = await group.master();
      const hanging = group.servers.find((server) => server.port === port)!;
      try {
        await surviving(() => {
          process.kill(hanging.pid(), 'SIGSTOP');
        });
      } finally {
        process.kill(hanging.pid(), 'SIGCONT');
      }
      expect(await group.master()).not.toBe(port);
    },
    IN_ALL_MS,
  );

  test('sentinels that are all away keep nothing from starting', async () => {
    const url = 'redis-sentinel://127.0.0.1:1,127.0.0.1:2/name';
    const waiting = await createRedisStore({ url, leaseMs: 30_000, log });
    await expect(waiting.due(1)).rejects.toBeInstanceOf(StoreUnavailable);
    expect((await waiting.health()).ok).toBe(false);
    await waiting.close();
  });
});
