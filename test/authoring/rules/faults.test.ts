import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FINDING_CODES } from '../../../src/authoring/finding.ts';
import { lotseCheck, lotseCheckJson } from './lotse-check.ts';

/**
 * `test/authoring/faults` holds small projects with mistakes in them. Each file begins with what is to be found
 * in it, `# finds LINE:COLUMN SEVERITY CODE`, one a line, or `# finds nothing`. A new finding code needs a
 * fault here.
 */
const FAULTS = fileURLToPath(new URL('../faults', import.meta.url));
const TODAY = '2026-11-23';
const PROJECTS = ['loader', 'no-crisis', 'rules', 'start-flow', 'translations'];

/** Of files that cannot carry a comment. */
const UNCOMMENTED: Readonly<Record<string, readonly string[]>> = {
  loader: ['flows/latin.yaml:1:1 error unreadable', 'flows/large.yaml:1:1 error too-large'],
  'start-flow': ['flows:1:1 error start-flow'],
  // Files that are not there.
  translations: ['ar/lotse', 'ar/options-collide', 'ar/start', 'de/lotse', 'de/start'].map(
    (name) => `locales/${name}.po:1:1 warning missing-translation`,
  ),
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotse-faults-'));
  await cp(FAULTS, folder, { recursive: true });
  const flow = (id: string, say: string): string =>
    `flow: ${id}\nlanguage: en\ntitle: T\nsteps: {a: {say: ${say}}}\n`;
  await writeFile(join(folder, 'loader/flows/latin.yaml'), Buffer.from(flow('latin', 'Grüße'), 'latin1'));
  await writeFile(join(folder, 'loader/flows/large.yaml'), flow('large', 'x'.repeat(1024 * 1024)));
});
afterAll(() => rm(folder, { recursive: true }));

async function expected(project: string): Promise<string[]> {
  const all = [...(UNCOMMENTED[project] ?? [])];
  for (const entry of await readdir(join(FAULTS, project), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const text = await readFile(file, 'utf8');
    expect(text).toMatch(/^# finds (nothing|\d+:\d+ (error|warning) [a-z-]+)\n/);
    for (const [, found = ''] of text.matchAll(/^# finds (\d.*)$/gm))
      all.push(`${relative(join(FAULTS, project), file)}:${found}`);
  }
  return all.sort();
}

describe('seeded faults', () => {
  test.each(PROJECTS)(
    'those of the project «%s» are found where they are, and no others',
    async (project) => {
      const { findings, status } = lotseCheckJson(join(folder, project), ['flows', '--today', TODAY]);
      const found = findings.map(
        ({ file, line, column, severity, code }) =>
          `${file}:${String(line)}:${String(column)} ${severity} ${code}`,
      );
      expect(found.sort()).toEqual(await expected(project));
      expect(status).toBe(findings.some(({ severity }) => severity === 'error') ? 1 : 0);
    },
  );

  test('no project is forgotten', async () => {
    expect((await readdir(FAULTS)).sort()).toEqual(PROJECTS);
  });

  test.each(FINDING_CODES)('the code «%s» has one', async (code) => {
    const all = (await Promise.all(PROJECTS.map(expected))).flat();
    expect(all.filter((found) => found.endsWith(` ${code}`))).not.toEqual([]);
  });

  test('people see the same as programs, by file and place, each with a caret at its place', () => {
    const { findings } = lotseCheckJson(join(folder, 'rules'), ['flows', '--today', TODAY]);
    const { out } = lotseCheck(join(folder, 'rules'), ['flows', '--today', TODAY]);
    const heads = out.split('\n').filter((line) => /^\S+:\d+:\d+ (error|warning) /.test(line));
    expect(heads).toEqual(
      findings.map(
        ({ file, line, column, severity, code, message }) =>
          `${file}:${String(line)}:${String(column)} ${severity} ${code}: ${message}`,
      ),
    );
    expect(out).toContain('  12 |   left_over: {say: Nobody reads this., next: bye}\n     |   ^\n');
    const order = findings.map(({ file, line, column }) => ({ file, line, column }));
    expect(order).toEqual(
      [...order].sort(
        (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
      ),
    );
  });
});
