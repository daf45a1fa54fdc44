import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FINDING_CODES } from '../../../src/authoring/finding.ts';

const page = await readFile(fileURLToPath(new URL('../../../docs/findings.md', import.meta.url)), 'utf8');
const sections = page
  .split(/^#{2,3} /m)
  .filter((section) => /^[a-z-]+\n/.test(section))
  .map((section) => ({ code: section.split('\n')[0], text: section.slice(section.indexOf('\n')) }));

test('docs/findings.md describes every code once, and no other', () => {
  expect(sections.map(({ code }) => code).sort()).toEqual([...FINDING_CODES].sort());
});

test.each(sections)('«$code» says what it means, shows an example, and how to fix it', ({ text }) => {
  expect(text).toMatch(/^\n\n[^#*\n].{20,}/);
  expect(text).toMatch(/\n```(yaml)?\n[^`]+\n```\n/);
  expect(text).toMatch(/\n\*\*How to fix:\*\* .{6,}/);
});
