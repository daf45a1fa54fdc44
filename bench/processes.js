/** The processes that benchmarks start: each is gone when the benchmark is, however it ends. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { APP_SECRET, LOTSE_SECRET, NUMBER } from './settings.js';

export const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const children = new Set();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** Starts a program and waits for the line that tells where it listens, or that it is ready. */
export async function start(command, args, env, ready) {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const ended = new Promise((resolve) => child.once('exit', resolve)).finally(() => children.delete(child));
  const url = await new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output = (output + chunk).slice(-10_000);
      const found = ready.exec(output);
      if (found) resolve(found[1]);
    });
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}:\n${output}`)));
    child.once('error', ({ code }) =>
      reject(new Error(`${command} cannot be started (${code}); install it and see that PATH has it`)),
    );
  });
  const stop = async () => {
    child.kill();
    await ended;
  };
  return { url, pid: child.pid, stop };
}

/** Runs a script of this folder to its end; what it printed, as JSON. */
export async function run(script, args) {
  const child = spawn(process.execPath, [here(script), ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  children.delete(child);
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  return JSON.parse(output);
}

/** Gives `work` a folder of its own, and removes it afterwards. */
export async function inFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), 'lotse-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A Redis that persists as docs/operators.md asks for. */
export async function startRedis(folder) {
  const port = await freePort();
  const settings = { port, bind: '127.0.0.1', dir: folder, appendonly: 'yes', save: '' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { stop, pid } = await start('redis-server', args, {}, /(Ready to accept connections)/u);
  return { url: `redis://127.0.0.1:${port}`, stop, pid };
}

/** Lotse as it is built, with one WhatsApp number; `more`: further settings. */
export const startLotse = (store, graphUrl, more = {}) =>
  start(
    process.execPath,
    [here('../dist/main.js'), 'serve'],
    {
      PORT: '0',
      STORE: store,
      FLOWS: here('../flows'),
      LOCALES: here('../locales'),
      LOTSE_SECRET,
      LOG_LEVEL: 'warn',
      GRAPH_URL: graphUrl,
      META_APP_SECRET: APP_SECRET,
      META_VERIFY_TOKEN: 'a verify token',
      WHATSAPP_TOKEN: 'a token',
      WHATSAPP_PHONE_NUMBER_ID: NUMBER,
      // What Meta would let through is not what is measured.
      WHATSAPP_MESSAGES_PER_SECOND: '10000',
      ...more,
    },
    /Lotse is ready: (\S+)\//u,
  );
