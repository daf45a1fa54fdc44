import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatFinding } from '../../../src/authoring/finding.ts';
import { importExport } from '../../../src/authoring/import/import.ts';
import { markdownOf } from '../../../src/authoring/import/report.ts';
import { loadProject } from '../../../src/authoring/project.ts';
import { loadFlow } from '../../../src/authoring/load.ts';
import { readCatalog } from '../../../src/authoring/catalog.ts';
import { flipped, mutated } from '../../support/mutations.ts';
import { anyExport } from './random.ts';
import { shelter } from './shelter.ts';
import { school } from './school.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotse-import-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function findingsOf(files: ReadonlyMap<string, string | Buffer>): Promise<string[]> {
  await rm(folder, { recursive: true, force: true });
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const project = await loadProject(join(folder, 'flows'), join(folder, 'locales'), 'start');
  return project.findings.filter(({ severity }) => severity === 'error').map(formatFinding);
}

/** Every value of a `uuid` anywhere. */
function uuidsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'uuid' && typeof inner === 'string' ? [inner] : uuidsIn(inner),
  );
}

/** All texts of the flows and translations, as people will read them. */
function written(files: ReadonlyMap<string, string | Buffer>): string {
  const texts: string[] = [];
  for (const [path, content] of files) {
    const id = /^flows\/(.*)\.yaml$/.exec(path)?.[1];
    if (id === undefined) {
      const read = readCatalog({ language: 'x', flow: 'x', file: path }, Buffer.from(content));
      if (!read.ok) throw new Error(read.message);
      texts.push(...read.catalog.entries.map(({ text }) => text));
      continue;
    }
    const { flow, findings } = loadFlow(path, id, content.toString());
    if (!flow) throw new Error(`${findings.map(formatFinding).join('\n')}\n${content.toString()}`);
    texts.push(...flow.texts.values());
  }
  return texts.join('\n\n');
}

test('every uuid and every text of an export is in the flows, the translations or the report, and all of it loads', async () => {
  await fc.assert(
    fc.asyncProperty(anyExport, async ({ body, texts }) => {
      const imported = importExport('rapidpro', JSON.stringify(body), 'en');
      if (!imported.ok) throw new Error(imported.message);
      const json = JSON.stringify(imported.report);
      const markdown = markdownOf(imported.report, []);
      expect(uuidsIn(body).filter((uuid) => !json.includes(uuid))).toEqual([]);
      expect(uuidsIn(body).filter((uuid) => !markdown.includes(uuid))).toEqual([]);
      const shown = written(imported.files);
      const told = [...imported.report.lost, ...imported.report.changed]
        .flatMap(({ content, what }) => [what, ...content])
        .join('\n');
      const carried = imported.report.carried.map(({ what }) => what).join('\n');
      // Line by line: the first line of a quick reply becomes a label, the others what stands below it.
      const kept = [shown, told, carried].join('\n').replace(/\s+/gu, ' ');
      expect(texts.flatMap((text) => text.split('\n')).filter((line) => !kept.includes(line))).toEqual([]);
      expect(await findingsOf(imported.files)).toEqual([]);
    }),
    { numRuns: 60 },
  );
}, 120_000);

describe.each(['rapidpro', 'glific'] as const)('of %s', (platform) => {
  const base = platform === 'rapidpro' ? shelter : school;

  test('an export with values exchanged, removed, doubled or renamed gives flows that load, or a refusal in words', async () => {
    await fc.assert(
      fc.asyncProperty(mutated(base), async (body) => {
        const imported = importExport(platform, JSON.stringify(body), 'en');
        if (!imported.ok) expect(imported.message.length).toBeGreaterThan(10);
        else {
          expect(await findingsOf(imported.files)).toEqual([]);
          const markdown = markdownOf(imported.report, []);
          expect(
            uuidsIn(body).filter((uuid) => !markdown.includes(uuid.trim().replace(/\s+/gu, ' '))),
          ).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  test('an export with bytes exchanged gives flows that load, or a refusal in words', async () => {
    await fc.assert(
      fc.asyncProperty(flipped(JSON.stringify(base)), async (bytes) => {
        const imported = importExport(platform, bytes.toString(), 'en');
        if (!imported.ok) expect(imported.message.length).toBeGreaterThan(10);
        else expect(await findingsOf(imported.files)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  test('any text and any JSON is imported or refused in words', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `{"flows":[{"spec_version":"13.1","nodes":[${json}]}]}`),
        ),
        (text) => {
          const imported = importExport(platform, text, 'en');
          expect(imported.ok || imported.message.length > 10).toBe(true);
        },
      ),
    );
  });
});
