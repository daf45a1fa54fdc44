/**
 * A node that kills itself at one step. The real runtime, store and channel, put together as `lotse serve` does it, with
 * a thin layer between that counts calls.
 *
 *   node failpoint-node.js '{"where", "leaseMs", "settings", "kill"}'
 *
 * `where`: a folder or a redis:// URL. `kill`: { step, when }: `step` is accept, commit, send, settle, confirm,
 * due or release; `when` is before or after its first call. Says `ready URL` once it listens; SIGTERM stops it.
 */
import { whatsappSettings } from './webhook.js';

const DIST = new URL('../../dist/', import.meta.url);
const from = (path) => import(new URL(path, DIST).href);
const { where, leaseMs, settings, kill } = JSON.parse(process.argv[2]);

const { loadProject } = await from('authoring/project.js');
const { createWhatsappCloud } = await from('channels/whatsapp-cloud/channel.js');
const { createLog } = await from('log.js');
const { createRuntime } = await from('runtime/runtime.js');
const { createSecrets } = await from('runtime/secrets.js');
const { createServer } = await from('runtime/server.js');

function die() {
  process.kill(process.pid, 'SIGKILL');
  // Nothing more is to happen before the signal has come.
  return new Promise(() => undefined);
}

/** The same function, deadly. `counts`: whether this call, and what came of it, is one that the step is about. */
function deadly(step, run, counts = () => true) {
  if (kill.step !== step) return run;
  return async (...given) => {
    if (kill.when === 'before' && counts()) return die();
    const result = await run(...given);
    if (kill.when === 'after' && counts(result)) return die();
    return result;
  };
}

function deadlyStore(store) {
  let isWaiting = false;
  return {
    ...store,
    accept: deadly('accept', store.accept),
    commit: deadly('commit', store.commit),
    settle: deadly('settle', async (...given) => {
      const next = await store.settle(...given);
      isWaiting = true;
      return next;
    }),
    confirm: deadly('confirm', store.confirm),
    // Every node looks for what is due all the time: the one meant is the one that has something to find.
    due: deadly('due', store.due, (works) => (works ? isWaiting && works.length > 0 : isWaiting)),
    release: deadly('release', store.release),
  };
}

const log = createLog('silent');
const openStore = async () => {
  if (!where.startsWith('redis://')) {
    const { createEmbeddedStore } = await from('store/embedded.js');
    return createEmbeddedStore({ folder: where, leaseMs });
  }
  const { createRedisStore } = await from('store/redis.js');
  return createRedisStore({ url: where, leaseMs, log });
};
const store = deadlyStore(await openStore());
const real = createWhatsappCloud({ ...whatsappSettings(settings), log });
const channel = { ...real, send: deadly('send', real.send) };
const project = await loadProject(settings.FLOWS, settings.LOCALES, 'start');
const runtime = createRuntime({
  bot: () => project.bot,
  backends: { ask: () => Promise.resolve({ kind: 'unavailable' }) },
  channels: new Map([[channel.name, channel]]),
  secrets: createSecrets(settings.LOTSE_SECRET),
  now: Date.now,
  log,
  store,
});
const app = createServer({ channels: [channel], runtime, store, log });
await app.listen({ host: '127.0.0.1', port: 0 });
runtime.start();
process.on('SIGTERM', () => {
  runtime.stop().then(() => process.exit(0));
});
process.stdout.write(`ready http://127.0.0.1:${app.server.address().port}\n`);
