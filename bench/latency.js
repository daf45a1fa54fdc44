/**
 * How long people wait: messages arrive at a steady rate (Poisson, seeded) whatever the answers take, and times
 * count from when each was due: no coordinated omission. Lotse on Redis and embedded, the whole pipeline, the
 * generator and a Graph stand-in in processes of their own, after a warm-up.
 *
 *   node bench/latency.js                  1,000 messages a second for 60 s
 *   node bench/latency.js RATE SECONDS     and so on; --json FILE writes the figures
 *
 * acknowledge: until the webhook's 200; reply: until the answer reached Graph; ms. lost: acknowledged, never
 * answered. refused: webhooks without a 200, which Meta would deliver again. lateP99: the generator's own delay,
 * which the others contain: on a machine with few processors it competes with the server.
 */
import { join } from 'node:path';
import { request } from 'undici';
import { asked, cpuOf, report, residentOf, rounded } from './figures.js';
import { warmUp } from './pipeline.js';
import { here, inFolder, run, start, startLotse, startRedis } from './processes.js';

const {
  numbers: [rate, seconds],
  json,
} = asked([1000, 60]);
const SEED = 5;
const WARM_UP_MESSAGES = 3000;

async function startGraph() {
  const graph = await start(process.execPath, [here('graph.js')], {}, /ready: (\S+)\//u);
  const ask = async (path, options) => (await request(graph.url + path, options)).body.json();
  return { ...graph, count: () => ask('/_count'), reset: () => ask('/_reset', { method: 'POST' }) };
}

async function measure(name, openStore, folder) {
  const graph = await startGraph();
  const redis = openStore === null ? await startRedis(folder) : null;
  const server = await startLotse(openStore ?? redis.url, graph.url);
  try {
    await warmUp(server.url, graph, WARM_UP_MESSAGES);
    const before = cpuOf(server.pid);
    const result = await run('arrivals.js', [server.url, graph.url, rate, seconds, SEED, 11]);
    const after = cpuOf(server.pid);
    const serverCpuUs = after === null ? null : rounded((after - before) / result.messages, 0);
    return { name, ...result, serverCpuUs, residentMb: residentOf(server.pid) };
  } finally {
    await server.stop();
    await redis?.stop();
    await graph.stop();
  }
}

const results = await inFolder(async (folder) => [
  await measure('Lotse on Redis', null, folder),
  await measure('Lotse embedded', `embedded:${join(folder, 'data')}`, folder),
]);
const shown = ({ p50, p90, p99, max }) => [p50, p90, p99, max].join(' / ');
const table = results.map(({ name, acknowledgeMs, replyMs, lost, refused, lateP99Ms }) => ({
  name,
  'acknowledge p50 / p90 / p99 / max ms': shown(acknowledgeMs),
  'reply p50 / p90 / p99 / max ms': shown(replyMs),
  lost,
  refused: Object.values(refused).reduce((sum, count) => sum + count, 0),
  lateP99Ms,
}));
await report(results, { bench: 'latency', rate, seconds, seed: SEED }, json, table);
