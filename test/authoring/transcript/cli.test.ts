import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { temporaryFolder } from '../../support/lotse.ts';

const MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));

let folder = { path: '', remove: async (): Promise<void> => {} };

beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder.path, 'flows'));
  await write(
    'start.yaml',
    `flow: start
language: en
title: Start
everywhere: {menu: menu}
steps:
  menu: {ask: What?, options: {flat: {label: A flat, next: bye}, room: {label: A room, next: bye}}}
  bye: {end: Good luck.}
`,
  );
});
afterAll(async () => {
  await folder.remove();
});

const write = (name: string, text: string): Promise<void> =>
  writeFile(join(folder.path, 'flows', name), text);

/** The built command, in a folder of its own; `typed`: its standard input. */
function lotse(args: readonly string[], typed = ''): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: folder.path,
    env: { PATH: env['PATH'] },
    input: typed,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

describe('lotse test', () => {
  test('ends with 0 where all pass, and counts them', async () => {
    await write(
      'start.test.yaml',
      '- {test: luck, say: [menu, flat], expect: {step: bye, text: Good luck.}}\n',
    );
    const { code, out } = lotse(['test', '--coverage']);
    expect(out.replace(/[\d.]+ s$/mu, '? s')).toBe(`start: steps 2 of 2 (100 %), ways 1 of 2 (50 %)
  never taken:   menu (room) -> bye
1 tests, 4 runs, 0 failed, 0 findings, ? s
`);
    expect(code).toBe(0);
  });

  test('ends with 1 where one fails or is broken, and tells programs all of it', async () => {
    await write(
      'start.test.yaml',
      '- {test: a, as: whatsapp, say: menu, expect: {step: bye}}\n- {test: b, say: x, expects: {step: bye}}\n',
    );
    const { code, out } = lotse(['test', 'flows/start.yaml', '--json']);
    const told = z.object({
      runs: z.number(),
      failed: z.number(),
      failures: z.array(z.unknown()),
      findings: z.array(z.unknown()),
    });
    expect(told.parse(JSON.parse(out))).toMatchObject({
      runs: 1,
      failed: 1,
      failures: [
        { file: 'flows/start.test.yaml', line: 1, column: 53, test: 'a', expected: 'step: start/bye' },
      ],
      findings: [{ code: 'unknown-key', file: 'flows/start.test.yaml', line: 2 }],
    });
    expect(code).toBe(1);
  });

  test.each<[string, string[], string]>([
    ['a path that is not there', ['nowhere'], 'nowhere does not exist'],
    ['a flow without tests', ['flows/other.yaml'], 'flows/other.yaml does not exist'],
    ['a language that is not there', ['--language', 'fr'], "There is no language 'fr'; there are: en"],
    ['a name no test has', ['--only', 'nothing'], 'No test is left to run with --only nothing'],
    ['a platform that is none', ['--as', 'fax'], 'Allowed choices are whatsapp, messenger, text'],
  ])('refuses %s with 2', async (_what, args, message) => {
    await write('start.test.yaml', '- {test: luck, say: menu, expect: {step: menu}}\n');
    const { code, err } = lotse(['test', ...args]);
    expect(err).toContain(message);
    expect(err).not.toContain('    at ');
    expect(code).toBe(2);
  });
});

describe('lotse chat --record', () => {
  test('adds the conversation to the tests, which then pass', async () => {
    const before = '# ours\n- {test: luck, say: menu, expect: {step: menu}}\n';
    await write('start.test.yaml', before);
    const { code, out } = lotse(['chat', '--language', 'en', '--record', 'flows/start.test.yaml'], 'hm\n2\n');
    expect(out).toContain('Written to flows/start.test.yaml: «recorded ');
    expect(code).toBe(0);
    const after = await readFile(join(folder.path, 'flows/start.test.yaml'), 'utf8');
    expect(after.startsWith(before)).toBe(true);
    expect(after.slice(before.length)).toContain('- say: room\n');
    expect(lotse(['test'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^2 tests, 8 runs, 0 failed, 0 findings/u),
    });
  });

  test.each([
    [
      'a file that is named after no flow',
      'flows/tests.yaml',
      /cannot hold tests: the file is named after its flow/u,
    ],
    [
      'a file that is broken',
      'flows/start.test.yaml',
      /mend this first: flows\/start.test.yaml:1:3 error wrong-shape/u,
    ],
  ])('refuses %s before the conversation', async (_what, file, message) => {
    await write('start.test.yaml', '- {test: luck}\n');
    const { code, out, err } = lotse(['chat', '--record', file], 'hm\n');
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });
});
