import { expect, test } from '@jest/globals';
import { formatFinding } from '../../../src/authoring/finding.ts';
import { loadProject } from '../../../src/authoring/project.ts';
import { findTestFiles, readTestFile } from '../../../src/authoring/transcript/files.ts';
import { checkTests } from '../../../src/authoring/transcript/names.ts';
import { formatFailures } from '../../../src/authoring/transcript/report.ts';
import { runTests } from '../../../src/authoring/transcript/run.ts';
import { unusedFixtures } from '../../../src/authoring/transcript/unused.ts';
import { renderings } from '../../../src/cli/renderings.ts';

const { bot, findings } = await loadProject('flows', 'locales', 'start');
if (!bot) throw new Error(findings.map(formatFinding).join('\n'));
const { files } = await findTestFiles(['flows']);
const read = await Promise.all(files.map(readTestFile));
const tests = read.flatMap((file) => file.tests);
const { runs, coverage } = runTests(bot, tests, renderings);

test('the tests beside the shipped flows pass in every language and rendering', () => {
  const found = read.flatMap((file) => [
    ...file.findings,
    ...checkTests(bot, file),
    ...unusedFixtures(file, runs),
  ]);
  expect(found.map(formatFinding)).toEqual([]);
  expect(formatFailures(runs)).toEqual([]);
  for (const { tag } of bot.languages)
    for (const as of ['whatsapp', 'messenger', 'text by number', 'text by label'])
      expect(runs.filter((run) => run.language === tag && run.as === as).length).toBeGreaterThan(70);
});

test('and visit every step and every way of them', () => {
  expect(
    coverage.flatMap(({ flow, unvisitedSteps, unvisitedWays }) =>
      [...unvisitedSteps, ...unvisitedWays].map((name) => `${flow}: ${name}`),
    ),
  ).toEqual([]);
});

test('and fail in every language where a way leads elsewhere', () => {
  const housing = bot.flows.get('housing')!;
  const broken = housing.steps.get('closed')!;
  const flows = new Map(bot.flows).set('housing', {
    ...housing,
    steps: new Map(housing.steps).set('closed', { ...broken, enter: () => ({ type: 'follow', next: [] }) }),
  });
  const failed = runTests({ ...bot, flows }, tests, renderings).runs.filter(
    (run) => run.differences.length > 0,
  );
  expect(new Set(failed.map((run) => run.language))).toEqual(new Set(bot.languages.map(({ tag }) => tag)));
  expect(new Set(failed.map((run) => run.test.name))).toEqual(
    new Set(['somebody without a bed when offices are closed goes to the police']),
  );
});
