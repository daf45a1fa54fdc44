/**
 * How the store grows: the processor time of a turn's store calls (accept, commit, settle) with 1,000 to 100,000 idle
 * conversations in it, or a million; the memory or disk of an idle conversation, and of each further message id
 * that is remembered; and replies a second with one Lotse and with two on one Redis.
 *
 *   node bench/growth.js            up to 100,000 conversations
 *   node bench/growth.js --full     up to a million: ten minutes, 1 GB of memory
 *   node bench/growth.js ROUNDS     as many rounds (9); --json FILE writes the figures
 *
 * The stores of all sizes are open at once and take turns round by round. An idle conversation has a session of 200
 * bytes and one remembered id. Bytes in Redis are its own (used_memory without the buffers of its clients), which
 * jump where its hash tables double; on disk they are the files, which LMDB does not shrink. Two Lotses, Redis, the
 * generator and the stand-in share this machine: on two processors the second can hardly add anything.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startGraphStandIn } from '../test/support/graph-stand-in.js';
import { asked, cpuOf, median, ratio, report, rounded } from './figures.js';
import { costOfTurns, fill, openEmbedded, openRedis } from './growth-store.js';
import { measure, warmUp } from './pipeline.js';
import { inFolder, startLotse, startRedis } from './processes.js';

const {
  numbers: [rounds],
  full,
  json,
} = asked([9], ['full']);
const SIZES = [1000, 10_000, 100_000, ...(full ? [1_000_000] : [])];
const TURNS = 2000;
const WARM_ROUNDS = 2;
/** Conversations that are there before anything is counted: scripts and first pages are nobody's cost. */
const FIRST = 100;
/** For what a further id costs: so many for each of some conversations. */
const IDS = { conversations: 2500, each: 20 };
const MESSAGES = 3000;

async function storeOf(open, kind, size, folder) {
  const own = join(folder, `${kind}-${size}`);
  await mkdir(own);
  const opened = await open(own);
  await fill(opened.store, FIRST, 'first');
  const empty = await opened.bytes();
  await fill(opened.store, size);
  const idle = await opened.bytes();
  return { ...opened, kind, size, bytesIdle: (idle - empty) / size, cpuUs: [] };
}

/** What a message leaves for good, beside the session: on average, as space is given out in steps. */
async function costOfIds(open, kind, folder) {
  const { store, bytes, close } = await storeOf(open, kind, IDS.conversations, folder);
  const before = await bytes();
  for (let round = 0; round < IDS.each; round += 1) await fill(store, IDS.conversations);
  const bytesPerId = ((await bytes()) - before) / IDS.conversations / IDS.each;
  await close();
  return { name: `${kind}, one more message id`, bytesPerId: rounded(bytesPerId, 0) };
}

async function growth(open, kind, folder) {
  const stores = [];
  for (const size of SIZES) stores.push(await storeOf(open, kind, size, folder));
  for (let round = -WARM_ROUNDS; round < rounds; round += 1)
    for (const { store, size, pids, cpuUs } of stores) {
      const us = await costOfTurns(store, size, TURNS, () => pids.map(cpuOf));
      if (round >= 0) cpuUs.push(us);
    }
  const turnsOf = ({ cpuUs }) => cpuUs.map((each) => each.reduce((sum, us) => sum + us, 0));
  const firstUs = turnsOf(stores[0]);
  const rows = stores.map((store) => ({
    name: `${kind}, ${store.size} conversations`,
    turnUs: rounded(median(turnsOf(store)), 0),
    ofRedisUs: rounded(median(store.cpuUs.map((each) => each[1] ?? null)), 0),
    toFirst: rounded(median(turnsOf(store).map((us, round) => us / firstUs[round])), 2),
    bytesIdle: rounded(store.bytesIdle, 0),
  }));
  for (const { close } of stores) await close();
  return [...rows, await costOfIds(open, kind, folder)];
}

async function nodes(count, folder) {
  const graph = await startGraphStandIn();
  const redis = await startRedis(folder);
  const servers = await Promise.all(Array.from({ length: count }, () => startLotse(redis.url, graph.url)));
  try {
    const urls = servers.map(({ url }) => url).join(',');
    await warmUp(urls, graph, MESSAGES / 2);
    return (await measure(urls, graph, MESSAGES, {})).repliesPerSecond;
  } finally {
    for (const server of servers) await server.stop();
    await redis.stop();
    await graph.stop();
  }
}

async function speeds(folder) {
  const runs = { 1: [], 2: [] };
  for (let round = 0; round < 3; round += 1)
    for (const count of [1, 2]) {
      const own = join(folder, `nodes-${round}-${count}`);
      await mkdir(own);
      runs[count].push(await nodes(count, own));
    }
  return [1, 2].map((count) => ({
    name: `${count} x Lotse on one Redis`,
    repliesPerSecond: rounded(median(runs[count]), 0),
    toFirst: ratio(median(runs[count]), median(runs[1])),
  }));
}

const results = await inFolder(async (folder) => [
  ...(await growth(openRedis, 'Redis', folder)),
  ...(await growth(openEmbedded, 'embedded', folder)),
  ...(await speeds(folder)),
]);
await report(results, { bench: 'growth', rounds, turns: TURNS }, json);
