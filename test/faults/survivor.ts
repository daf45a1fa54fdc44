import { loadProject } from '../../src/authoring/project.ts';
import { createWhatsappCloud } from '../../src/channels/whatsapp-cloud/channel.ts';
import { createLog } from '../../src/log.ts';
import { noBackends } from '../../src/runtime/backends.ts';
import { createRuntime } from '../../src/runtime/runtime.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';
import { createServer } from '../../src/runtime/server.ts';
import { createEmbeddedStore } from '../../src/store/embedded.ts';
import { createRedisStore } from '../../src/store/redis.ts';
import { StoreUnavailable, type Store } from '../../src/store/store.ts';
import { whatsappSettings } from './webhook.js';

export interface NodeOptions {
  /** A folder or a redis:// URL. */
  readonly where: string;
  readonly leaseMs: number;
  readonly settings: Readonly<Record<string, string>>;
}

const log = createLog('silent');

const openStore = ({ where, leaseMs }: NodeOptions): Promise<Store> =>
  where.startsWith('redis://')
    ? createRedisStore({ url: where, leaseMs, log })
    : createEmbeddedStore({ folder: where, leaseMs });

async function openOn(store: Store, settings: NodeOptions['settings']) {
  const channel = createWhatsappCloud({ ...whatsappSettings(settings), log });
  const { bot } = await loadProject(settings['FLOWS'] ?? '', settings['LOCALES'] ?? '', 'start');
  if (!bot) throw new Error('the bot has mistakes');
  const runtime = createRuntime({
    bot: () => bot,
    backends: noBackends,
    channels: new Map([[channel.name, channel]]),
    secrets: createSecrets(settings['LOTSE_SECRET'] ?? ''),
    now: Date.now,
    log,
    store,
  });
  const app = createServer({ channels: [channel], runtime, store, log });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    runtime,
    async close(): Promise<void> {
      await app.close();
      await runtime.stop();
      await channel.close?.();
      await store.close();
    },
  };
}

/** A node that nobody kills, in this process. */
export async function openSurvivor(options: NodeOptions) {
  const node = await openOn(await openStore(options), options.settings);
  node.runtime.start();
  return node;
}

/** Leaves behind what a node does that dies right after it accepted something: kept and leased, and answered by no 200. */
export async function dieAccepting(options: NodeOptions, deliver: (url: string) => Promise<unknown>) {
  const store = await openStore(options);
  const deadly: Store = {
    ...store,
    async accept(arrival) {
      await store.accept(arrival);
      throw new StoreUnavailable('the node died');
    },
  };
  const node = await openOn(deadly, options.settings);
  await deliver(node.url);
  await node.close();
}
