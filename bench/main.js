/**
 * Replies per second, end to end: signed webhooks come from one process, a Graph stand-in in another counts the
 * replies. Four servers in turn, in one run on one machine: Lotse on Redis, Lotse embedded, the bare limit
 * (bare.js: no dialog at all), and Botkit with a comparable dialog kept in Redis (botkit.js).
 *
 *   npm run bench                      three rounds of 6,000 messages each
 *   npm run bench -- ROUNDS MESSAGES   as many as you like
 *   npm run bench -- --short           one round of 1,000: shows that everything works, not how fast
 *   npm run bench -- --json FILE       the JSON line also goes to a file
 *
 * Figures are medians of the rounds, and ratios to the others: only those mean anything on another machine. Each
 * round starts every server anew, on an empty store, and warms it up with half as many messages. Processor time
 * is told per message, of the server and of Redis; it hardly depends on what else the machine does.
 * Fails when a reply is missing or wrong, never on timing.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startGraphStandIn } from '../test/support/graph-stand-in.js';
import { asked, median, ratio, report, rounded } from './figures.js';
import { checkDialog, measure, warmUp } from './pipeline.js';
import { here, inFolder, start, startLotse, startRedis } from './processes.js';

const { numbers, short, json } = asked([3, 6000], ['short']);
const [rounds, total] = short ? [1, 1000] : numbers;
const messages = Math.ceil(total / 10) * 10;

const own = (script) => (redisUrl, graphUrl) =>
  start(
    process.execPath,
    [here(script)],
    { GRAPH_URL: graphUrl, REDIS_URL: redisUrl, PORT: '0' },
    /ready: (\S+)\//u,
  );
const SERVERS = [
  { name: 'Lotse on Redis', begin: startLotse, talks: true },
  { name: 'Lotse embedded', begin: startLotse, talks: true, isEmbedded: true },
  { name: 'Bare limit', begin: own('bare.js'), talks: false },
  { name: 'Botkit on Redis', begin: own('botkit.js'), talks: true },
];

async function isInstalled(name) {
  try {
    await import(name);
    return true;
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return false;
  }
}

async function round({ begin, talks, isEmbedded = false }, graph, folder) {
  await mkdir(folder, { recursive: true });
  const redis = isEmbedded ? null : await startRedis(folder);
  const server = await begin(redis?.url ?? `embedded:${join(folder, 'data')}`, graph.url);
  try {
    await warmUp(server.url, graph, messages / 2);
    const pids = { server: server.pid, ...(redis && { redis: redis.pid }) };
    const result = await measure(server.url, graph, messages, pids);
    if (talks) await checkDialog(graph);
    return result;
  } finally {
    await server.stop();
    await redis?.stop();
    await graph.reset();
  }
}

const hasBotkit = await isInstalled('botkit');
if (!hasBotkit) console.error('Botkit is not installed (it is optional) and left out: run "npm ci".');
const servers = hasBotkit ? SERVERS : SERVERS.slice(0, 3);
const results = new Map(servers.map(({ name }) => [name, []]));
const graph = await startGraphStandIn();
try {
  await inFolder(async (folder) => {
    for (let number = 0; number < rounds; number += 1)
      for (const [place] of servers.entries()) {
        // Each is the first of a round in turn.
        const server = servers[(place + number) % servers.length];
        results.get(server.name).push(await round(server, graph, join(folder, `${number}-${place}`)));
      }
  });
} finally {
  await graph.stop();
}

const of = (name, figure) => (results.has(name) ? median(results.get(name).map(figure)) : null);
const speed = (name) => of(name, ({ repliesPerSecond }) => repliesPerSecond);
const rows = servers.map(({ name }) => ({
  name,
  repliesPerSecond: rounded(speed(name), 0),
  toBare: ratio(speed(name), speed('Bare limit')),
  toBotkit: ratio(speed(name), speed('Botkit on Redis')),
  acknowledgeP50Ms: of(name, ({ acknowledgeMs }) => acknowledgeMs.p50),
  acknowledgeP99Ms: of(name, ({ acknowledgeMs }) => acknowledgeMs.p99),
  serverCpuUs: rounded(
    of(name, ({ cpuUs }) => cpuUs.server),
    0,
  ),
  redisCpuUs: rounded(
    of(name, ({ cpuUs }) => cpuUs.redis ?? null),
    0,
  ),
}));
await report(rows, { bench: 'replies', rounds, messages }, json);
