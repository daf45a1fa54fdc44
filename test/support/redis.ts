import { describe } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly pid: () => number;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
  /** SIGKILL; its data stay. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same port and data. */
  start(): Promise<void>;
}

const SERVER = 'redis-server';

const redisInstalled = (): boolean => spawnSync(SERVER, ['--version']).status === 0;

/** A group of tests that need redis-server: skipped, saying why, where it is not installed; failing there with CI=true. */
export function describeWithRedis(name: string, tests: () => void): void {
  if (redisInstalled() || env['CI'] === 'true') describe(name, tests);
  else describe.skip(`${name} (skipped: redis-server is not installed)`, tests);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

/** A redis-server of its own on a free port, with its append-only file in a temporary folder. */
export async function startRedis(settings: readonly string[] = []): Promise<RedisServer> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'lotse-redis-'));
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes'];
  const quiet = ['--save', '', '--daemonize', 'no'];
  const launch = (): Promise<ChildProcess> => launchRedis([...own, ...quiet, ...settings]);
  let server = await launch().catch(async (error: unknown) => {
    await rm(folder, { recursive: true });
    throw error;
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exit = once(server, 'exit');
    server.kill(signal);
    await exit;
  };
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    port,
    pid: () => server.pid ?? 0,
    async stop() {
      await end('SIGKILL');
      // A child that rewrites the append-only file outlives its server for a moment, and writes on.
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
    kill: () => end('SIGKILL'),
    async start() {
      server = await launch();
    },
  };
}

/** Starts redis-server; resolves once it has said `ready`. */
export async function launchRedis(
  settings: readonly string[],
  ready = 'Ready to accept connections',
): Promise<ChildProcess> {
  const server = spawn(SERVER, settings, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    server.on('error', reject);
    server.on('exit', (code) => {
      reject(new Error(`redis-server ended with ${String(code)}:\n${said}`));
    });
    server.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(ready)) resolve();
    });
  });
  return server;
}
