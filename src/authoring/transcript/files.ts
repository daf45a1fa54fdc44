import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { codeOf, reasonOf } from '../failure.ts';
import type { Finding } from '../finding.ts';
import { FILE_MAX, tooLarge } from '../source.ts';
import { loadTests, type TestFile } from './load.ts';

const TEST = /\.test\.ya?ml$/;

/** A path that holds no tests, in words. */
export interface Missing {
  readonly path: string;
  readonly why: string;
}

/**
 * The test files that paths name: all of a folder, a test file itself, or a flow's own. In the order of their
 * names, each once.
 */
export async function findTestFiles(
  paths: readonly string[],
): Promise<{ files: readonly string[]; missing: readonly Missing[] }> {
  const files = new Set<string>();
  const missing: Missing[] = [];
  for (const path of paths)
    try {
      const found = await testFilesAt(path);
      for (const file of found) files.add(file);
      if (found.length === 0) missing.push({ path, why: 'holds no test files (*.test.yaml)' });
    } catch (error) {
      const code = codeOf(error);
      if (code === null) throw error;
      missing.push({
        path,
        why: code === 'ENOENT' ? 'does not exist' : `cannot be read: ${reasonOf(error)}`,
      });
    }
  return { files: [...files], missing };
}

async function testFilesAt(path: string): Promise<string[]> {
  if ((await stat(path)).isDirectory())
    return (await readdir(path))
      .filter((name) => TEST.test(name))
      .sort()
      .map((name) => join(path, name));
  if (TEST.test(path)) return [path];
  const extension = extname(path);
  if (extension !== '.yaml' && extension !== '.yml') return [];
  const beside = join(dirname(path), `${basename(path, extension)}.test${extension}`);
  await stat(beside);
  return [beside];
}

/** Reads a test file; what cannot be read is a finding. */
export async function readTestFile(file: string): Promise<TestFile> {
  const flow = basename(file).replace(TEST, '');
  try {
    const { size } = await stat(file);
    if (size > FILE_MAX) return failed(file, tooLarge(file, size));
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
    return loadTests(file, flow, text);
  } catch (error) {
    if (codeOf(error) === null) throw error;
    const message = `cannot be read: ${reasonOf(error)}`;
    return failed(file, { severity: 'error', code: 'unreadable', file, line: 1, column: 1, message });
  }
}

function failed(file: string, finding: Finding): TestFile {
  const { source } = loadTests(file, '', '');
  return { tests: [], findings: [finding], source };
}
