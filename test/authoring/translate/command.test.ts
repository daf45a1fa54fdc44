import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { env, execPath } from 'node:process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotse-translate-'));
  await write('flows/start.yaml', flow('start', '  a: {say: Hello., next: b}\n  b: {end: Goodbye.}\n'));
});
afterEach(() => rm(folder, { recursive: true }));

const flow = (id: string, steps: string, more = ''): string =>
  `flow: ${id}\nlanguage: en\ntitle: Title\n${more}steps:\n${steps}`;

async function write(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), text);
}

const po = (name: string): Promise<string> => readFile(join(folder, 'locales', name), 'utf8');

/** Runs the built `lotse translate` in the folder, with nothing from this environment but PATH. */
function translate(...args: string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(execPath, [MAIN, 'translate', ...args], {
    cwd: folder,
    env: { PATH: env['PATH'] },
    encoding: 'utf8',
  });
  return { status, out: stdout, err: stderr };
}

describe('lotse translate sync', () => {
  test('begins a language, and afterwards changes no byte', async () => {
    expect(translate('sync', '--language', 'fr')).toMatchObject({ status: 0, err: '' });
    expect((await readdir(join(folder, 'locales/fr'))).sort()).toEqual(['lotse.po', 'start.po']);
    const before = await po('fr/start.po');
    expect(before).toContain(
      '#. A message\n#: flows/start.yaml\nmsgctxt "steps.a.say"\nmsgid "Hello."\nmsgstr ""\n',
    );
    expect(translate('sync')).toMatchObject({ status: 0, out: '2 files, 0 written, 0 problems\n' });
    expect(await po('fr/start.po')).toBe(before);
  });

  test('keeps translations over a renamed step whose text changed as well', async () => {
    translate('sync', '--language', 'de');
    await write(
      'locales/de/start.po',
      (await po('de/start.po')).replace('"Goodbye."\nmsgstr ""', '"Goodbye."\nmsgstr "Tschüss."'),
    );
    await write(
      'flows/start.yaml',
      flow('start', '  a: {say: Hello., next: c}\n  c: {end: Farewell.}\n', 'moved: {b: c}\n'),
    );
    expect(translate('sync', '--check')).toMatchObject({
      status: 1,
      out: 'locales/de/start.po: 1 changed (now fuzzy)\n2 files, 1 not in sync, 0 problems\n',
    });
    expect(await po('de/start.po')).not.toContain('Farewell');
    expect(translate('sync').status).toBe(0);
    expect(await po('de/start.po')).toContain(
      '#, fuzzy\n#| msgid "Goodbye."\nmsgctxt "steps.c.end"\nmsgid "Farewell."\nmsgstr "Tschüss."\n',
    );
  });

  test('leaves alone what it cannot understand, names it, and does the rest', async () => {
    translate('sync', '--language', 'de');
    await write('flows/broken.yaml', 'flow: [');
    await write('locales/de/broken.po', 'msgid ""\nmsgstr ""\n');
    await write('locales/de/old.po', 'msgid ""\nmsgstr ""\n');
    await write('locales/de/lotse.po', 'no catalogue');
    await write('flows/start.yaml', flow('start', '  a: {say: Hi.}\n'));
    const { status, out, err } = translate('sync');
    expect(status).toBe(1);
    expect(out).toContain('locales/de/start.po: 1 new');
    expect(err.trim().split('\n')).toEqual([
      'broken has errors: its translations are left as they are; see lotse check',
      'locales/de/old.po belongs to no flow; rename it like its flow, or delete it',
      expect.stringMatching(/^locales\/de\/lotse\.po is no gettext PO file: .*at line 1.*open it in Poedit/),
    ]);
    expect(await po('de/lotse.po')).toBe('no catalogue');
  });

  test('a language nobody has translated a text into is not offered yet', () => {
    translate('sync', '--language', 'fr');
    const { stdout } = spawnSync(execPath, [MAIN, 'check'], {
      cwd: folder,
      env: { PATH: env['PATH'] },
      encoding: 'utf8',
    });
    expect(stdout).toContain('languages: en:');
  });
});

test('lotse translate status counts by language and flow', async () => {
  translate('sync', '--language', 'de');
  const filled = (await po('de/start.po'))
    .replace('"Hello."\nmsgstr ""', '"Hello."\nmsgstr "Hallo."')
    .replace(
      /(#\. A message\n#: [^\n]+\nmsgctxt "steps.b.end"\nmsgid "Goodbye."\nmsgstr )""/,
      '# machine\n$1"Tschüss."',
    );
  await write('locales/de/start.po', filled);
  expect(translate('status').out).toMatch(/^de {8}start {6}3 {3}66% {6}0 {8}1 {8}1 {9}0$/m);
  expect(JSON.parse(translate('status', '--json').out)).toMatchObject({
    languages: [
      {
        language: 'de',
        flows: [{ flow: 'lotse' }, { flow: 'start', translated: 2, missing: 1, machine: 1, reviewed: 0 }],
      },
    ],
  });
});

test.each([
  [
    ['sync', '--language', 'Deutsch'],
    /^'Deutsch' is no language tag; write it as in de, ar, ckb or pt-BR\n$/,
  ],
  [['sync'], /locales holds no language yet; begin one with: lotse translate sync --language de\n$/],
  [['status', '--language', 'fr'], /^There are no translations into fr/],
  [['export', 'x.pdf'], /^'x.pdf' must end with .xlsx or .csv/],
  [['import', 'x.csv'], /^x.csv cannot be read: ENOENT/],
  [['import', 'flows', '--reviewed-by', ' '], /^--reviewed-by needs the name of a person/],
  [['import', 'flows', '--today', 'now'], /^--today must be a date such as 2026-11-23, not 'now'\n$/],
])('wrong use of %j ends with 2 and a sentence', (args, message) => {
  expect(translate(...args)).toEqual({ status: 2, out: '', err: expect.stringMatching(message) });
});
