import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { lotseCheck, lotseCheckJson } from './lotse-check.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotse-check-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

const flow = (id: string, steps: string, more = ''): string =>
  `flow: ${id}\nlanguage: en\ntitle: ${id}\nentry: [open ${id}]\ncrisis: [danger of ${id}]\nowner: {organization: E, contact: e@example.org}\nchecked: 2026-11-01\nreview_after: 180 days\n${more}steps:\n${steps}`;
const GOOD = flow('start', '  a: {say: Hello.}\n');
const WARNED = flow('other', '  a: {say: Hello.}\n  b: {say: Nobody.}\n');
const BROKEN = flow('broken', '  a: {say: Hello., next: b}\n');
const TODAY = ['--today', '2026-11-23'];

describe('the exit code', () => {
  test('is 0 without findings, and the summary says so', async () => {
    await write({ 'flows/start.yaml': GOOD });
    expect(lotseCheck(folder, TODAY)).toEqual({
      status: 0,
      out: '1 flow usable, languages: en: no findings\n',
      err: '',
    });
  });

  test('is 0 with warnings alone, 1 with them where it is to be strict', async () => {
    await write({ 'flows/start.yaml': GOOD, 'flows/other.yaml': WARNED });
    const { status, out } = lotseCheck(folder, TODAY);
    expect(out).toContain('flows/other.yaml:11:3 warning unreachable-step: ');
    expect(out).toContain('2 flows usable, languages: en: 1 warning\n');
    expect(status).toBe(0);
    expect(lotseCheck(folder, [...TODAY, '--strict']).status).toBe(1);
  });

  test('is 1 with errors', async () => {
    await write({ 'flows/start.yaml': GOOD, 'flows/broken.yaml': BROKEN });
    expect(lotseCheck(folder, TODAY).status).toBe(1);
  });

  test.each([
    [['nowhere'], 'nowhere does not exist; name a flow file or a folder of flows.\n'],
    [['README'], 'README is no flow file; name a file such as flows/housing.yaml, or a folder of flows.\n'],
    [['--today', '2026-13-01'], "--today must be a date such as 2026-11-23, not '2026-13-01'.\n"],
    [['--json', '--sarif'], /cannot be used with option '--sarif'/],
    [['--nonsense'], /unknown option '--nonsense'/],
  ])('is 2 with a sentence for %j', async (args, sentence) => {
    await write({ 'flows/start.yaml': GOOD, README: 'x' });
    const { status, out, err } = lotseCheck(folder, args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    if (typeof sentence === 'string') expect(err).toBe(sentence);
    else expect(err).toMatch(sentence);
    expect(err).not.toMatch(/\n\s+at /);
  });
});

describe('paths', () => {
  const files = { 'flows/start.yaml': GOOD, 'flows/other.yaml': WARNED, 'flows/broken.yaml': BROKEN };
  const found = (args: readonly string[]): string[] =>
    lotseCheckJson(folder, [...args, ...TODAY]).findings.map(({ file, code }) => `${file} ${code}`);

  test('of a flow file show what is wrong in it and its translations, read with the flows beside it', async () => {
    await write({ ...files, 'locales/de/other.po': 'no catalogue', 'locales/de/start.po': 'no catalogue' });
    expect(found(['flows/broken.yaml'])).toEqual(['flows/broken.yaml unknown-step']);
    expect(found(['flows/start.yaml'])).toEqual(['locales/de/start.po translation-file']);
    expect(found(['flows/broken.yaml', 'flows/start.yaml'])).toEqual([
      'flows/broken.yaml unknown-step',
      'locales/de/start.po translation-file',
    ]);
    expect(found(['flows/broken.yaml', 'flows'])).toHaveLength(3);
  });

  test('of other folders are read with the translations beside them', async () => {
    await write({
      'flows/start.yaml': GOOD,
      'draft/flows/start.yaml': GOOD,
      'draft/locales/de/start.po': 'no catalogue',
    });
    expect(found([])).toEqual([]);
    expect(found(['draft/flows'])).toEqual(['draft/locales/de/start.po translation-file']);
    expect(found(['draft'])).toEqual(['draft/locales/de/start.po translation-file']);
    expect(found(['flows', 'draft'])).toEqual(['draft/locales/de/start.po translation-file']);
  });

  test('left out mean FLOWS and LOCALES', async () => {
    await write({ 'a/start.yaml': GOOD, 'b/de/start.po': 'no catalogue' });
    const { findings } = lotseCheckJson(folder, TODAY, { FLOWS: 'a', LOCALES: 'b' });
    expect(findings.map(({ file }) => file)).toEqual(['b/de/start.po']);
  });

  test('of flows without a start flow say that it is missing', async () => {
    await write({ 'flows/other.yaml': WARNED });
    expect(found(['flows/other.yaml'])).toEqual(['flows start-flow']);
  });

  test('that FLOWS names and that is not there is a finding, as when serving', async () => {
    await write({ README: 'x' });
    expect(found([])).toEqual(['./flows unreadable', './flows start-flow']);
  });
});

test('what cannot be known while a flow is broken is not guessed at', async () => {
  await write({
    'flows/start.yaml': GOOD,
    'flows/other.yaml': WARNED,
    'flows/broken.yaml': flow('broken', '  a: {go: other/b, next: x}\n'),
  });
  const { findings } = lotseCheckJson(folder, TODAY);
  expect(findings.map(({ code }) => code)).toEqual(['unknown-key']);
});

test('today decides whether a review is due, and is the real day if not given', async () => {
  await write({ 'flows/start.yaml': GOOD });
  const due = (args: readonly string[]): readonly string[] =>
    lotseCheckJson(folder, args).findings.map(({ severity, code }) => `${severity} ${code}`);
  expect(due(['--today', '2027-04-29'])).toEqual([]);
  expect(due(['--today', '2027-04-30'])).toEqual(['warning review-due']);
  expect(lotseCheckJson(folder, []).today).toBe(new Date().toISOString().slice(0, 10));
});

describe('SARIF', () => {
  const sarifSchema = z.object({
    $schema: z.url(),
    version: z.literal('2.1.0'),
    runs: z.tuple([
      z.object({
        tool: z.object({
          driver: z.object({ name: z.literal('lotse'), rules: z.array(z.object({ id: z.string() })) }),
        }),
        columnKind: z.literal('utf16CodeUnits'),
        results: z.array(
          z.object({
            ruleId: z.string(),
            ruleIndex: z.int(),
            level: z.enum(['error', 'warning']),
            message: z.object({ text: z.string().min(1) }),
            locations: z.tuple([
              z.object({
                physicalLocation: z.object({
                  artifactLocation: z.object({ uri: z.string() }),
                  region: z.object({ startLine: z.int().min(1), startColumn: z.int().min(1) }),
                }),
              }),
            ]),
          }),
        ),
      }),
    ]),
  });

  test('holds every finding with its rule and place, and a file name that is an address', async () => {
    await write({
      'flows/start.yaml': GOOD,
      'flows/broken.yaml': BROKEN,
      'my flows/start.yaml': GOOD.replace('2026-11-01', '2026-01-01'),
    });
    const args = ['flows', 'my flows', ...TODAY];
    const { status, out } = lotseCheck(folder, [...args, '--sarif']);
    const { findings } = lotseCheckJson(folder, args);
    const [run] = sarifSchema.parse(JSON.parse(out)).runs;
    expect(status).toBe(1);
    expect(run.results).toHaveLength(findings.length);
    expect(findings.map(({ file }) => file)).toEqual(['flows/broken.yaml', 'my flows/start.yaml']);
    for (const [index, { ruleId, ruleIndex, level, message, locations }] of run.results.entries()) {
      const finding = findings[index]!;
      expect(run.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
      const { artifactLocation, region } = locations[0].physicalLocation;
      expect({
        severity: level,
        code: ruleId,
        file: artifactLocation.uri,
        line: region.startLine,
        column: region.startColumn,
        message: message.text,
      }).toEqual({ ...finding, file: finding.file.replace(' ', '%20') });
    }
  });

  test('names files outside the working directory by their whole address', async () => {
    await write({ 'flows/broken.yaml': BROKEN, 'work/x': '' });
    const { out } = lotseCheck(join(folder, 'work'), ['../flows', '--sarif']);
    const [run] = sarifSchema.parse(JSON.parse(out)).runs;
    for (const { locations } of run.results)
      expect(locations[0].physicalLocation.artifactLocation.uri).toMatch(/^file:\/\/\/.*\/flows/);
  });
});

describe('an excerpt', () => {
  test('never steers the terminal, and is cut around the place in a long line', async () => {
    const long = `# ${'x'.repeat(300)}`;
    await write({
      'flows/start.yaml': GOOD.replace('a: {say: Hello.}', `a: {say: "\u001b[31mred", nxt: a} ${long}`),
    });
    const { out } = lotseCheck(folder, TODAY);
    expect(out).not.toContain('\u001b');
    const [line = '', caret = ''] = out.split('\n').filter((one) => one.includes(' | '));
    expect(line).toContain('nxt: a');
    expect(line).toMatch(/…$/);
    expect(line.length).toBeLessThan(120);
    expect(caret.indexOf('^')).toBe(line.indexOf('nxt'));
  });

  test('points at the place beside wide letters and tabs', async () => {
    await write({ 'flows/start.yaml': GOOD.replace('a: {say: Hello.}', 'a: {say: "你好",\tnxt: a}') });
    const { out } = lotseCheck(folder, TODAY);
    const [line = '', caret = ''] = out.split('\n').filter((one) => one.includes(' | '));
    // Two of the letters before it are twice as wide as one.
    expect(caret.indexOf('^')).toBe(line.indexOf('nxt') + 2);
  });
});

describe('files made to exhaust the check get their findings', () => {
  const codes = (): string[] => [
    ...new Set(lotseCheckJson(folder, TODAY).findings.map(({ file, code }) => `${file} ${code}`)),
  ];

  test('10 MB of a flow, and of a translation', async () => {
    await write({
      'flows/start.yaml': GOOD,
      'flows/large.yaml': `flow: large\n${'# x\n'.repeat(2_500_000)}`,
      'locales/de/start.po': `msgid ""\nmsgstr ""\n\n${'# x\n'.repeat(2_500_000)}`,
    });
    expect(codes()).toEqual(['flows/large.yaml too-large', 'locales/de/start.po too-large']);
  });

  test('50,000 aliases', async () => {
    await write({
      'flows/start.yaml': GOOD,
      'flows/aliases.yaml': `a: &a x\nsteps:\n${'  - *a\n'.repeat(50_000)}`,
    });
    expect(codes()).toEqual(['flows/aliases.yaml alias']);
  });

  test('a hundred flows that call one another in a circle', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `f${String(index)}`);
    await write({
      'flows/start.yaml': GOOD,
      ...Object.fromEntries(
        names.map((name, index) => [
          `flows/${name}.yaml`,
          flow(name, `  a: {call: ${names[(index + 1) % 100]!}, then: b}\n  b: {say: Hello.}\n`),
        ]),
      ),
    });
    expect(codes()).toEqual(['flows/f0.yaml cyclic-call']);
  });

  test('a flow of 15,000 steps in a circle', async () => {
    const count = 15_000;
    const name = (index: number): string => `s${String(index)}`;
    const steps = Array.from(
      { length: count },
      (_, index) => `  ${name(index)}: {go: start/${name((index + 1) % count)}}\n`,
    );
    await write({ 'flows/start.yaml': flow('start', steps.join('')) });
    expect(codes()).toEqual(['flows/start.yaml endless-loop']);
  });

  test('the same backwards, so that nothing is known before the end', async () => {
    const count = 10_000;
    const steps = Array.from(
      { length: count },
      (_, index) => `  s${String(index)}: {say: Hello., next: s${String(index === 0 ? 0 : index - 1)}}\n`,
    );
    steps[0] = '  s0: {say: The end.}\n';
    await write({
      'flows/start.yaml': flow('start', `  a: {say: Hello., next: s${String(count - 1)}}\n${steps.join('')}`),
    });
    expect(codes()).toEqual([]);
  });

  test('conditions as long as they may be, and longer', async () => {
    const long = Array.from({ length: 30 }, (_, index) => `people > ${String(index)}`).join(' && ');
    const branches = Array.from(
      { length: 500 },
      (_, index) => `      - {when: ${long} && people > ${String(1000 + index)}, to: end}\n`,
    );
    const body = `  ask: {ask: How many?, answer: people, next: many}\n  many:\n    branch:\n${branches.join('')}      - {to: end}\n  end: {say: The end.}\n`;
    const answers =
      'answers: {people: {type: integer, purpose: to find the right size, keep: conversation}}\n';
    await write({
      'flows/start.yaml': flow('start', body, answers),
      'flows/longer.yaml': flow('longer', body.replace(long, `${long} && ${long}`), answers),
      'flows/deep.yaml': flow(
        'deep',
        body.replace(long, `${'('.repeat(200)}people > 4${')'.repeat(200)}`),
        answers,
      ),
    });
    expect(codes()).toEqual(['flows/deep.yaml condition', 'flows/longer.yaml condition']);
  });

  test('more findings of one kind than anybody reads are counted', async () => {
    const steps = Array.from({ length: 200 }, (_, index) => `  s${String(index)}: {say: Hello.}\n`);
    await write({ 'flows/start.yaml': flow('start', steps.join('')) });
    const { findings } = lotseCheckJson(folder, TODAY);
    expect(findings).toHaveLength(50);
    expect(findings.at(-1)?.message).toContain('(and 149 more of this kind in this file)');
  });
});

test('the shipped flows have no errors', () => {
  const { findings, status } = lotseCheckJson(ROOT, []);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(status).toBe(0);
});
