import { basename, dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import { formatFinding, type Finding } from '../authoring/finding.ts';
import { loadProject } from '../authoring/project.ts';
import { formatCoverage, type Coverage } from '../authoring/transcript/coverage.ts';
import { findTestFiles, readTestFile } from '../authoring/transcript/files.ts';
import { checkTests, isSound } from '../authoring/transcript/names.ts';
import type { Run } from '../authoring/transcript/play.ts';
import { failuresOf, formatFailures } from '../authoring/transcript/report.ts';
import { runTests } from '../authoring/transcript/run.ts';
import { unusedFixtures } from '../authoring/transcript/unused.ts';
import { settings } from './project.ts';
import { renderings } from './renderings.ts';
import { EXIT, complain, say } from './terminal.ts';

export interface TestOptions {
  readonly language?: string;
  readonly as?: string;
  readonly only?: string;
  readonly coverage: boolean;
  readonly json: boolean;
}

interface Outcome {
  readonly runs: readonly Run[];
  readonly findings: readonly Finding[];
  readonly coverage: readonly Coverage[];
  readonly languages: readonly string[];
}

/** `lotse test`: the authors' tests, in every language and rendering; exit code 1 if any fails or is broken. */
export async function test(paths: readonly string[], options: TestOptions): Promise<void> {
  const began = performance.now();
  const config = settings();
  const { files, missing } = await findTestFiles(paths.length > 0 ? paths : [config.FLOWS]);
  for (const { path, why } of missing)
    complain(`${path} ${why}; write a test beside the flow, e.g. housing.test.yaml (docs/author-tests.md)`);
  if (missing.length > 0) process.exit(EXIT.wrongUse);

  // Tests stand beside their flows: each folder is tested with the flows that are in it.
  const outcomes: Outcome[] = [];
  for (const folder of new Set(files.map((file) => dirname(file))))
    outcomes.push(
      await testFolder(
        folder,
        files.filter((file) => dirname(file) === folder),
        options,
        config,
      ),
    );
  // Who tests one flow is not told what the tests of the others visit.
  const named = paths.length > 0 && paths.every((path) => /\.ya?ml$/.test(path));
  const tested = new Set(files.map((file) => basename(file).replace(/\.test\.ya?ml$/, '')));
  const coverage = outcomes.flatMap((one) => one.coverage).filter(({ flow }) => !named || tested.has(flow));
  const runs = outcomes.flatMap((one) => one.runs);
  const findings = outcomes.flatMap((one) => one.findings);
  refuseNothing(options, runs, findings, outcomes);

  const failed = runs.filter(({ differences }) => differences.length > 0);
  const ms = Math.round(performance.now() - began);
  if (options.json) {
    const failures = failuresOf(failed);
    const walked = options.coverage ? { coverage } : {};
    say(
      JSON.stringify(
        { runs: runs.length, failed: failed.length, ms, findings, failures, ...walked },
        null,
        2,
      ),
    );
  } else {
    for (const finding of findings) say(formatFinding(finding));
    for (const line of formatFailures(failed)) say(line);
    if (options.coverage) for (const line of formatCoverage(coverage)) say(line);
    const tests = new Set(runs.map((run) => run.test)).size;
    say(
      `${String(tests)} tests, ${String(runs.length)} runs, ${String(failed.length)} failed, ${String(findings.length)} findings, ${(ms / 1000).toFixed(1)} s`,
    );
  }
  process.exitCode = failed.length + findings.length > 0 ? EXIT.findings : EXIT.good;
}

async function testFolder(
  folder: string,
  files: readonly string[],
  { language, as, only = '' }: TestOptions,
  { LOCALES, START_FLOW }: { readonly LOCALES: string; readonly START_FLOW: string },
): Promise<Outcome> {
  const project = await loadProject(folder, LOCALES, START_FLOW);
  const read = await Promise.all(files.map(readTestFile));
  const found = [...project.findings, ...read.flatMap((file) => file.findings)];
  const { bot } = project;
  if (!bot) return { runs: [], findings: found, coverage: [], languages: [] };
  const tests = read
    .flatMap((file) => file.tests)
    .filter((one) => one.name.includes(only) && isSound(bot, one));
  const narrowed = language !== undefined || as !== undefined;
  const { runs, coverage } = runTests(bot, tests, renderings, { language: language ?? null, as: as ?? null });
  return {
    runs,
    coverage,
    findings: [
      ...found,
      ...read.flatMap((file) => checkTests(bot, file)),
      ...(narrowed ? [] : read.flatMap((file) => unusedFixtures(file, runs))),
    ],
    languages: bot.languages.map(({ tag }) => tag),
  };
}

/** A choice that leaves nothing to run is a slip of the pen: it must not look like success. */
function refuseNothing(
  { language, as, only }: TestOptions,
  runs: readonly Run[],
  findings: readonly Finding[],
  outcomes: readonly Outcome[],
): void {
  const languages = [...new Set(outcomes.flatMap((one) => one.languages))];
  if (language !== undefined && languages.length > 0 && !languages.includes(language)) {
    complain(`There is no language '${language}'; there are: ${languages.join(', ')}`);
    process.exit(EXIT.wrongUse);
  }
  if (runs.length > 0 || findings.length > 0) return;
  const chosen = Object.entries({ language, as, only }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${value}`],
  );
  complain(`No test is left to run with ${chosen.join(' ')}; leave out some of it.`);
  process.exit(EXIT.wrongUse);
}
