import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { channelsPage } from '../../src/channels/table.ts';

const FILE = 'docs/channels.md';

test('docs/channels.md is not stale: run npx lotse schema', () => {
  const page = readFileSync(FILE, 'utf8');
  expect(page).toBe(channelsPage(page));
});

test('what is written by hand below the table is kept, whatever becomes of the table', () => {
  const page = channelsPage(readFileSync(FILE, 'utf8'));
  const byHand = page.slice(page.indexOf('-->') + 3);
  expect(byHand).toContain('/webhooks/whatsapp');
  expect(channelsPage(page.replace('4,096', '17'))).toBe(page);
  expect(page.startsWith(channelsPage())).toBe(true);
});

test('every platform has a word on everything', () => {
  const rows = channelsPage()
    .split('\n')
    .filter((line) => line.startsWith('| '));
  expect(rows.length).toBeGreaterThan(15);
  for (const row of rows.slice(2))
    expect(
      row
        .split('|')
        .slice(1, -1)
        .filter((cell) => cell.trim() === ''),
    ).toEqual([]);
});
