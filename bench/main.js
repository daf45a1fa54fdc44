/**
 * Replies per second, end to end: signed webhooks come from one process, a Graph stand-in in another counts
 * the replies. Lotse on both stores against the bare limit, in turn, in one run on one machine.
 *
 *   npm run bench                      three rounds of 6,000 messages each
 *   npm run bench -- ROUNDS MESSAGES   as many as you like
 *
 * Figures are medians, and ratios to the bare limit: only those mean anything on another machine.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startGraphStandIn } from '../test/support/graph-stand-in.js';
import { APP_SECRET, LOTSE_SECRET, NUMBER } from './settings.js';

const [rounds = 3, total = 6000] = process.argv.slice(2).map(Number);
const CONNECTIONS = 64;
const EACH = 10;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'lotse-bench-'));

/** Starts a process and waits for the line that tells where it listens; none expected: for the port to open. */
async function start(command, args, env, ready) {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output = (output + chunk).slice(-10_000);
      const found = ready.exec(output);
      if (found) resolve(found[1]);
    });
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}:\n${output}`)));
    child.once('error', reject);
  });
  const stop = () =>
    new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill();
    });
  return { url, stop };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startRedis() {
  const port = await freePort();
  const args = [
    '--port',
    port,
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--appendonly',
    'yes',
    '--save',
    '',
  ].map(String);
  const { stop } = await start('redis-server', args, {}, /(Ready to accept connections)/);
  return { url: `redis://127.0.0.1:${port}`, stop };
}

async function measure(url, graph, run) {
  const load = spawn(
    process.execPath,
    [here('load.js'), url, CONNECTIONS, total / EACH, EACH, run].map(String),
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  load.stdout.on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve) => load.once('exit', resolve));
  if (code !== 0) throw new Error('the load generator failed');
  let replies = 0;
  for (const end = Date.now() + 60_000; replies < total && Date.now() < end;) {
    replies = await graph.count();
    if (replies < total) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  if (replies !== total) throw new Error(`${replies} replies to ${total} messages`);
  const { startedAt, acknowledgeMs } = JSON.parse(output);
  return { repliesPerSecond: total / ((Date.now() - startedAt) / 1000), acknowledgeMs };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const redis = await startRedis();
const graph = await startGraphStandIn();
const lotse = (store) => () =>
  start(
    process.execPath,
    [here('../dist/main.js'), 'serve'],
    {
      PORT: '0',
      STORE: store,
      LOTSE_SECRET,
      LOG_LEVEL: 'warn',
      GRAPH_URL: graph.url,
      META_APP_SECRET: APP_SECRET,
      META_VERIFY_TOKEN: 'a verify token',
      WHATSAPP_TOKEN: 'a token',
      WHATSAPP_PHONE_NUMBER_ID: NUMBER,
      // What Meta would let through is not what is measured.
      WHATSAPP_MESSAGES_PER_SECOND: '10000',
    },
    /Lotse is ready: (\S+)\//,
  );
const targets = {
  bare: () =>
    start(
      process.execPath,
      [here('bare.js')],
      { GRAPH_URL: graph.url, REDIS_URL: redis.url },
      /ready: (\S+)\//,
    ),
  'lotse on Redis': lotse(redis.url),
  'lotse embedded': lotse(`embedded:${join(folder, 'data')}`),
};

try {
  const results = Object.fromEntries(Object.keys(targets).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1)
    for (const [index, [name, begin]] of Object.entries(targets).entries()) {
      const server = await begin();
      try {
        const result = await measure(server.url, graph, 10 + round * 10 + index);
        // The first round warms up the machine.
        if (round > 0) results[name].push(result);
      } finally {
        await server.stop();
        await graph.reset();
      }
    }
  const bare = median(results.bare.map(({ repliesPerSecond }) => repliesPerSecond));
  const table = Object.entries(results).map(([name, runs]) => {
    const repliesPerSecond = median(runs.map((result) => result.repliesPerSecond));
    return {
      name,
      repliesPerSecond: Math.round(repliesPerSecond),
      toBare: Math.round((repliesPerSecond / bare) * 100) / 100,
      acknowledgeP50Ms: median(runs.map(({ acknowledgeMs }) => acknowledgeMs.p50)),
      acknowledgeP99Ms: median(runs.map(({ acknowledgeMs }) => acknowledgeMs.p99)),
    };
  });
  console.table(table);
  process.stdout.write(
    `${JSON.stringify({ rounds, messages: total, connections: CONNECTIONS, results: table })}\n`,
  );
} finally {
  await graph.stop();
  await redis.stop();
  await rm(folder, { recursive: true, force: true });
}
