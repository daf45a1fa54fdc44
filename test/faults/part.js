// One part of a run: nodes on one store, everything around them, the load, the faults and the verdict.
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judge } from './checker.js';
import { mountDisk } from './disk.js';
import { haunt } from './nemesis.js';
import { createNode } from './nodes.js';
import { planFaults } from './plan.js';
import { writeProject } from './project.js';
import { randomFrom } from './random.js';
import { startRedis } from './redis.js';
import { metaSettings } from './webhook.js';
import { startWorker } from './worker.js';

/** Long enough for what two crashes in a row, a lease and a grace period delay. */
const PATIENCE_MS = 90_000;

/** A load that gets no further for so long never will. */
const STUCK_MS = 90_000;

/** After the last lease has run out, the sweep gets so long to do what is left. */
const SWEEP_MS = 3_000;

const DISK_MEGABYTES = 64;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts what the part needs; `stop` ends it all and removes the folder. */
async function openWorld(part) {
  const folder = await mkdtemp(join(tmpdir(), 'lotse-faults-'));
  const disk = part.counts.fills > 0 ? mountDisk(join(folder, 'disk'), DISK_MEGABYTES) : null;
  const data = disk ? join(folder, 'disk') : folder;
  const names = Array.from({ length: part.nodes }, (_, index) => `node${String(index)}`);
  const isRedis = part.store === 'redis';
  const ends = [];
  const sweepUp = () => {
    disk?.unmount();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', sweepUp);
  const stop = async () => {
    for (const end of ends.toReversed()) await end();
    process.off('exit', sweepUp);
    sweepUp();
  };
  try {
    const graph = await startWorker('graph.js', part.graph);
    ends.push(graph.stop);
    const proxy = isRedis ? await startWorker('proxy.js', { links: [...names, 'replica'] }) : null;
    if (proxy) ends.push(proxy.stop);
    const replicated = part.counts.failovers > 0;
    const redis = isRedis ? await startRedis({ folder: data, proxy, links: names, replicated }) : null;
    if (redis) ends.push(redis.stop);
    const sorrows = [];
    const common = { ...metaSettings(graph.hello.url), ...(await writeProject(folder)) };
    const embedded = join(data, 'embedded');
    await mkdir(embedded);
    const nodes = await Promise.all(
      names.map((name) =>
        createNode({
          name,
          dist: part.dist,
          sorrows,
          env: {
            ...common,
            STORE: redis ? redis.url(name) : `embedded:${embedded}`,
            ...(replicated ? { STORE_REPLICAS: '1' } : {}),
          },
        }),
      ),
    );
    ends.push(async () => void (await Promise.all(nodes.map((node) => node.kill()))));
    await Promise.all(nodes.map((node) => node.start()));
    if (sorrows.length > 0) throw new Error(sorrows.join('\n'));
    await graph.ask(
      'nodes',
      nodes.map(({ url }) => url),
    );
    return { graph, proxy, redis, nodes, disk, sorrows, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function round(part, world, { number, say }) {
  const { graph, nodes, sorrows } = world;
  const seed = part.seed + number;
  const random = randomFrom(seed);
  const startedAt = Date.now();
  let watch;
  const load = await startWorker('load.js', {
    ...part.load,
    seed,
    messages: part.messages,
    name: `17${String(number).padStart(3, '0')}`,
  });
  try {
    let accepted = 0;
    let waiting = [];
    let movedAt = Date.now();
    const stuck = new Promise((_, reject) => {
      watch = setInterval(() => {
        if (Date.now() - movedAt < STUCK_MS) return;
        const outputs = nodes.map((node) => `${node.name} said last:\n${node.output()}`);
        reject(
          new Error(
            `${part.name}: nothing is accepted any more after ${accepted} messages\n${outputs.join('\n')}`,
          ),
        );
      }, 1_000);
    });
    load.hear('accepted', (count) => {
      accepted = count;
      movedAt = Date.now();
      if (count % 500 === 0) say(`${count} messages accepted`);
      for (const { after, resolve } of waiting) if (after <= count) resolve();
      waiting = waiting.filter(({ after }) => after > count);
    });
    const reached = (after) =>
      new Promise((resolve) => (accepted >= after ? resolve() : waiting.push({ after, resolve })));
    const plan = planFaults({ random, counts: part.counts, messages: part.messages, nodes: nodes.length });
    const [haunted] = await Promise.race([
      Promise.all([
        haunt({ ...world, plan, leaseMs: part.leaseMs, load, reached }),
        load.ask(
          'run',
          nodes.map(({ url }) => url),
        ),
      ]),
      stuck,
    ]);
    clearInterval(watch);
    const loadedAt = Date.now();
    part.loaded?.();
    say('everything is accepted; now all replies are waited for');

    // Doubles come late: with the last lease or grace period that ran out.
    const quietAt = Math.max(haunted.lastAt, loadedAt) + Math.max(part.leaseMs, part.graceMs) + SWEEP_MS;
    for (const endAt = quietAt + PATIENCE_MS; Date.now() < endAt; await pause(250)) {
      const count = await graph.ask('count');
      if (Date.now() > quietAt && count.delivered >= part.messages && count.waiting === 0) break;
    }
    const told = await graph.ask('history');
    const written = await load.ask('history');
    const history = {
      inputs: written.inputs,
      deliveries: told.deliveries,
      statuses: told.statuses,
      failovers: haunted.failovers,
      graceMs: part.graceMs,
      errors: nodes.flatMap(({ figures }) => figures.errors.splice(0)),
    };
    const verdict = judge(history);
    for (const sorrow of sorrows) verdict.findings.push(`ended: ${sorrow}`);
    return {
      verdict: { ...verdict, ok: verdict.ok && sorrows.length === 0, endedWrongly: sorrows.splice(0).length },
      history,
      faults: haunted.counts,
      redelivered: written.duplicates,
      failures: written.failures,
      graph: told.counts,
      errorsLogged: history.errors.length,
      loadSeconds: (loadedAt - startedAt) / 1000,
      seconds: (Date.now() - startedAt) / 1000,
    };
  } finally {
    clearInterval(watch);
    await load.stop();
  }
}

/**
 * Runs a part until `untilMs` (once, if that is over) and hands each round's result to `done`. A bad history is kept in
 * a file, which the findings name.
 */
export async function runPart(part, { say, done, untilMs = 0 }) {
  const world = await openWorld(part);
  try {
    if (part.counts.fills > 0 && !world.disk) {
      say('left out: this user may not mount a small disk to fill');
      part.loaded?.();
      return;
    }
    for (let number = 0; number === 0 || Date.now() < untilMs; number += 1) {
      const { history, ...result } = await round(part, world, { number, say });
      if (!result.verdict.ok) {
        const file = join(
          tmpdir(),
          `lotse-faults-${String(process.pid)}-${part.store}-${String(number)}.json`,
        );
        await writeFile(file, JSON.stringify(history));
        result.verdict.findings.push(`the whole history is in ${file}`);
      }
      done({ name: part.name, seed: part.seed + number, ...result });
    }
  } finally {
    await world.stop();
  }
}
