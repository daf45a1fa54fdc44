// Nodes of Lotse as processes, to be killed, stopped, paused and started again on the same port.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const CLOCK = new URL('clock.js', import.meta.url).href;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What ended by itself is started again after so long. */
const RESTART_MS = 300;

/** Everything that was started, so that nothing is left behind, however this process ends. */
const alive = new Set();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** Remembers a process of ours until it ends. */
export function ours(child) {
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  return child;
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * One node of the server built in the folder `dist`. `sorrows` collects what must not happen: that it ends by itself,
 * or not with 0 when it is told to stop. Until `start` resolves, or after a kill, it is not `up`.
 */
export async function createNode({ name, dist, env, sorrows }) {
  const port = await freePort();
  const figures = { starts: 0, errors: [] };
  let child = null;
  let exited = Promise.resolve();
  let expected = false;
  let output = '';
  let coming = null;

  const launch = async () => {
    expected = false;
    output = '';
    const settings = {
      PATH: process.env.PATH,
      LOG_LEVEL: 'error',
      PORT: String(port),
      WEBCHAT: 'off',
      ...env,
    };
    const started = spawn(process.execPath, ['--import', CLOCK, `${dist}/main.js`, 'serve'], {
      cwd: ROOT,
      env: settings,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = ours(started);
    figures.starts += 1;
    exited = new Promise((resolve) => started.once('exit', (code, signal) => resolve({ code, signal })));
    await new Promise((resolve) => {
      const hear = (chunk) => {
        const text = chunk.toString();
        output = (output + text).slice(-2_000);
        for (const line of text.split('\n'))
          if (line.includes('"level":50')) figures.errors.push(`${name}: ${line}`);
        if (output.includes('Lotse is ready')) resolve();
      };
      started.stdout.on('data', hear);
      started.stderr.on('data', hear);
      started.once('exit', (code, signal) => {
        resolve();
        if (expected) return;
        sorrows.push(`${name} ended by itself (${code ?? signal}): ${output.slice(-1_000)}`);
        // As whoever looks after services does, so that the run goes on.
        setTimeout(() => expected || void start(), RESTART_MS);
      });
    });
  };
  const start = () => {
    coming = launch().finally(() => (coming = null));
    return coming;
  };
  const end = async (signal) => {
    expected = true;
    child.kill(signal);
    return exited;
  };
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    figures,
    /** The last that it printed. */
    output: () => output,
    start,
    /** Resolves when it is up. */
    async up() {
      await coming;
    },
    async kill() {
      await end('SIGKILL');
    },
    /** In good order. */
    async stop() {
      const { code } = await end('SIGTERM');
      if (code !== 0) sorrows.push(`${name} ended with ${code} when told to stop: ${output.slice(-1_000)}`);
    },
    signal: (signal) => void child.kill(signal),
  };
}
