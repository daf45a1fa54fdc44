// A Redis of its own on its own files, and a second one that follows it and may take its place.
import { spawn, spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort, ours } from './nodes.js';

export const redisInstalled = () => spawnSync('redis-server', ['--version']).status === 0;

/** What is acknowledged is on the disk; a replica copies at once instead of waiting for others. */
const SETTINGS = [
  ...['--bind', '127.0.0.1', '--save', '', '--daemonize', 'no', '--loglevel', 'notice'],
  ...['--appendonly', 'yes', '--appendfsync', 'always', '--repl-diskless-sync-delay', '0'],
];

/** One server; `start` may fail (a full disk) and be tried again. */
async function createServer(folder) {
  const port = await freePort();
  await mkdir(folder, { recursive: true });
  let child = null;
  let output = '';
  const ended = () => child === null || child.exitCode !== null || child.signalCode !== null;
  return {
    port,
    ended,
    /** True once it takes commands; false when it ended instead. */
    start(extra = []) {
      const args = ['--port', String(port), '--dir', folder, ...SETTINGS, ...extra];
      const started = ours(spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] }));
      child = started;
      output = '';
      return new Promise((resolve, reject) => {
        started.once('error', reject);
        started.once('exit', () => resolve(false));
        started.stdout.on('data', (chunk) => {
          output = (output + chunk.toString()).slice(-4_000);
          if (output.includes('Ready to accept connections')) resolve(true);
        });
      });
    },
    kill: () =>
      new Promise((resolve) => {
        if (ended()) return resolve();
        child.once('exit', () => resolve());
        return child.kill('SIGKILL');
      }),
    output: () => output,
  };
}

const withClient = async (port, use) => {
  const client = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: 1, retryStrategy: () => 50 });
  client.on('error', () => undefined);
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
};

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Redis behind the proxy's links. With `replicated`, a second server follows the first through the link `replica`.
 */
export async function startRedis({ folder, proxy, links, replicated }) {
  let master = await createServer(join(folder, 'redis-a'));
  let other = replicated ? await createServer(join(folder, 'redis-b')) : null;
  const { ports } = proxy.hello;
  const follow = ['--replicaof', '127.0.0.1', String(ports.replica)];
  const lead = async () => {
    for (const name of [...links, ...(other ? ['replica'] : [])])
      await proxy.ask('target', { name, port: master.port });
  };

  /** Whether the other has all that the first acknowledged to it. */
  async function inStep() {
    for (let tries = 0; tries < 600; tries += 1) {
      const info = await withClient(master.port, (client) => client.info('replication')).catch(() => '');
      if (/slave0:.*state=online/u.test(info)) return;
      await pause(50);
    }
    throw new Error(`the replica does not get in step with its master: ${other.output()}`);
  }

  if (!(await master.start())) throw new Error(`redis-server does not start: ${master.output()}`);
  await lead();
  if (other) {
    await other.start(follow);
    await inStep();
  }
  return {
    url: (link) => `redis://127.0.0.1:${ports[link]}`,
    /** kill -9, and at once again on its files. */
    async kill() {
      await master.kill();
      await master.start();
    },
    /** After it gave up by itself; tried until it stays. */
    async recover() {
      if (!master.ended()) return;
      while (!(await master.start())) await pause(100);
    },
    ended: () => master.ended(),
    inStep: async () => void (other && (await inStep())),
    /**
     * The master dies and the other takes its place; the dead one comes back as its replica. `stalledMs`: for so long
     * before, the replica heard nothing. Resolves to when that was.
     */
    async failover(stalledMs) {
      await inStep();
      const from = Date.now();
      if (stalledMs > 0) {
        await proxy.ask('mode', { name: 'replica', mode: 'black-hole' });
        await pause(stalledMs);
      }
      await master.kill();
      // What was held back died with its sender.
      await proxy.ask('mode', { name: 'replica', mode: 'cut' });
      await withClient(other.port, (client) => client.call('REPLICAOF', 'NO', 'ONE'));
      [master, other] = [other, master];
      await lead();
      await proxy.ask('mode', { name: 'replica', mode: 'pass' });
      const to = Date.now();
      await other.start(follow);
      return { from, to };
    },
    async stop() {
      await Promise.all([master.kill(), other?.kill()]);
    },
  };
}
