/**
 * How long Lotse takes from its start to «Lotse is ready», and its resident memory then and after 10,000 messages:
 * the shipped flows in 12 languages (those that are not shipped are copies of the German one), and generated flows
 * in 12 languages beside it.
 *
 *   node bench/start.js                5 runs; 50 generated flows
 *   node bench/start.js RUNS FLOWS     as many as you like; --json FILE writes the figures
 *
 * Medians; the kinds take turns. `toShipped` compares the seconds with those of the flows as they are shipped.
 */
import { join } from 'node:path';
import { startGraphStandIn } from '../test/support/graph-stand-in.js';
import { asked, median, ratio, report, residentOf, rounded } from './figures.js';
import { warmUp } from './pipeline.js';
import { here, inFolder, startLotse } from './processes.js';
import { copyInLanguages, writeFlows } from './project.js';

const {
  numbers: [runs, flows],
  json,
} = asked([5, 50]);
const LANGUAGES = 12;
const MESSAGES = 10_000;

async function once(project, graph, data, hears) {
  const began = performance.now();
  const settings = { FLOWS: join(project, 'flows'), LOCALES: join(project, 'locales') };
  const server = await startLotse(`embedded:${data}`, graph.url, settings);
  const seconds = (performance.now() - began) / 1000;
  const residentMb = residentOf(server.pid);
  try {
    if (hears) await warmUp(server.url, graph, MESSAGES);
    return { seconds, residentMb, afterMb: hears ? residentOf(server.pid) : null };
  } finally {
    await server.stop();
  }
}

const results = await inFolder(async (folder) => {
  const at = (name) => join(folder, name);
  await copyInLanguages(here('..'), at('twelve'), LANGUAGES);
  await writeFlows(at('generated'), flows, LANGUAGES);
  const kinds = [
    { name: 'shipped flows and languages', project: here('..'), hears: false },
    { name: `shipped flows, ${LANGUAGES} languages`, project: at('twelve'), hears: true },
    { name: `${flows} generated flows, ${LANGUAGES} languages`, project: at('generated'), hears: false },
  ].map((kind) => ({ ...kind, found: [] }));
  const graph = await startGraphStandIn();
  try {
    for (let run = 0; run < runs; run += 1)
      for (const [place, { project, hears, found }] of kinds.entries())
        found.push(await once(project, graph, at(`data-${run}-${place}`), hears));
  } finally {
    await graph.stop();
  }
  const of = (found, figure) => median(found.map((one) => one[figure]));
  return kinds.map(({ name, found }) => ({
    name,
    seconds: rounded(of(found, 'seconds'), 2),
    toShipped: ratio(of(found, 'seconds'), of(kinds[0].found, 'seconds')),
    residentMb: of(found, 'residentMb'),
    [`afterMb (${MESSAGES} messages)`]: of(found, 'afterMb'),
  }));
});
await report(results, { bench: 'start', runs }, json);
