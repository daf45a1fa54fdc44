/**
 * How long `lotse check` takes over many flows and translations, generated in a temporary folder and read by the
 * built command, start-up included. The goal: 200 flows in 12 languages in under 3 s.
 *
 *   node bench/check.js                        the goal, three times
 *   node bench/check.js FLOWS LANGUAGES RUNS   as many as you like
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeFlows } from './project.js';

const [flows = 200, languages = 12, runs = 3] = process.argv.slice(2).map(Number);
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

const folder = await mkdtemp(join(tmpdir(), 'lotse-bench-'));
try {
  await writeFlows(folder, flows, languages);
  const seconds = [];
  let report;
  for (let run = 0; run < runs; run += 1) {
    const began = performance.now();
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [MAIN, 'check', '--json', '--today', '2026-11-23'],
      { cwd: folder, env: { PATH: process.env.PATH }, encoding: 'utf8', maxBuffer: 2 ** 28 },
    );
    seconds.push((performance.now() - began) / 1000);
    if (status === 2 || stdout === '') throw new Error(`lotse check ended with ${status}: ${stderr}`);
    report = JSON.parse(stdout);
  }
  if (report.flows !== flows || report.languages.length !== languages)
    throw new Error(`${report.flows} flows in ${report.languages.length} languages were read`);
  const errors = report.findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(`the flows are wrong: ${JSON.stringify(errors[0])}`);
  const median = seconds.toSorted((a, b) => a - b)[Math.floor(runs / 2)];
  console.log(`${flows} flows in ${languages} languages: ${median.toFixed(2)} s (median of ${runs})`);
  process.stdout.write(
    `${JSON.stringify({ flows, languages, seconds, findings: report.findings.length })}\n`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
