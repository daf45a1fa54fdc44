import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, open, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { school } from './school.ts';
import { shelter } from './shelter.ts';

const MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotse-import-'));
  await writeFile(join(folder, 'shelter.json'), JSON.stringify(shelter));
  await writeFile(join(folder, 'school.json'), JSON.stringify(school));
});
afterAll(() => rm(folder, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the built `lotse import` in the temporary folder. */
function lotse(...words: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { PATH: env['PATH'] } };
    const child = execFile(process.execPath, [MAIN, 'import', ...words], options, (_error, out, err) => {
      resolve({ code: child.exitCode ?? -1, out, err });
    });
  });
}

test('an export becomes flows, translations and a report, and the folder is not written to a second time', async () => {
  const first = await lotse('rapidpro', 'shelter.json', '--out', 'new');
  expect(first).toMatchObject({ code: 0, err: '' });
  expect(first.out).toContain('2 flows, ');
  expect(first.out).toContain('errors: 0');
  expect(await readdir(join(folder, 'new'), { recursive: true })).toEqual(
    expect.arrayContaining([
      'flows/night-shelter.yaml',
      'flows/start.yaml',
      'locales/fr/house-rules.po',
      'import-report.md',
    ]),
  );
  expect(await readFile(join(folder, 'new/import-report.md'), 'utf8')).toContain('# Import from RapidPro');
  const second = await lotse('rapidpro', 'shelter.json', '--out', 'new');
  expect(second).toMatchObject({ code: 2, out: '' });
  expect(second.err).toContain('new is not empty; name a new folder, or add --force');
  expect(await lotse('rapidpro', 'shelter.json', '--out', 'new', '--force')).toMatchObject({ code: 0 });
});

test('programs read the report as JSON', async () => {
  const { code, out } = await lotse('glific', 'school.json', '--out', 'school', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    out: 'school',
    platform: 'Glific',
    flows: [{ id: 'welcome-workflow' }],
    languages: ['en', 'hi'],
    lost: expect.any(Array),
    changed: expect.any(Array),
    carried: expect.any(Array),
  });
});

test('what cannot be imported is refused in a sentence, and nothing is written', async () => {
  await writeFile(join(folder, 'text.json'), 'hello');
  await writeFile(join(folder, 'latin.json'), Buffer.from([0x22, 0xe4, 0x22]));
  const huge = await open(join(folder, 'huge.json'), 'w');
  await huge.truncate(50 * 1024 * 1024 + 1);
  await huge.close();
  for (const [file, message] of [
    ['text.json', 'text.json cannot be imported: it is no JSON'],
    ['latin.json', 'it is not UTF-8 text'],
    ['huge.json', 'huge.json is larger than 50 MB'],
    ['gone.json', 'gone.json cannot be read'],
  ] as const) {
    const ran = await lotse('rapidpro', file, '--out', 'refused');
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain(message);
    expect(ran.err).not.toContain('    at ');
  }
  expect(await readdir(folder)).not.toContain('refused');
  expect((await lotse('rapidpro', 'shelter.json', '--out', 'x', '--language', 'German!')).err).toContain(
    'is no language tag',
  );
  expect(await lotse('typebot', 'shelter.json', '--out', 'x')).toMatchObject({ code: 2 });
});

test('a flow too large for Lotse is told, and the exit code is 1', async () => {
  const text = 'long '.repeat(300_000);
  const nodes = [{ uuid: 'n', actions: [{ uuid: 'a', type: 'send_msg', text }], exits: [] }];
  await writeFile(
    join(folder, 'long.json'),
    JSON.stringify({ flows: [{ uuid: 'f', name: 'Long', spec_version: '13.1.0', language: 'eng', nodes }] }),
  );
  const { code, out } = await lotse('rapidpro', 'long.json', '--out', 'long');
  expect(code).toBe(1);
  expect(out).toContain('error too-large');
  expect(await readFile(join(folder, 'long/import-report.md'), 'utf8')).toContain(
    'These errors are to be mended first:',
  );
});
