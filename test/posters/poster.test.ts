import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrowserContext } from 'playwright-core';
import { z } from 'zod';
import { layOut } from '../../src/posters/layout.ts';
import { PAPERS, type PaperSize } from '../../src/posters/paper.ts';
import { drawPoster, missingLetters } from '../../src/posters/poster.ts';
import { createTypesetter } from '../../src/posters/typesetter.ts';
import { describeWithBrowser, launchBrowser, type TestBrowser } from '../support/browser.ts';
import { temporaryFolder } from '../support/lotse.ts';
import { cut, decode, rasterise } from './decode.ts';
import { ROWS, sheetIn } from './sheets.ts';

const SIZES = ['a4', 'a5', 'a6'] as const satisfies readonly PaperSize[];
const textOf = async (languages: number, size: PaperSize = 'a4'): Promise<string> =>
  (await drawPoster(sheetIn(languages, ['WhatsApp', 'Messenger']), 'svg', size)).toString();

describe('layout', () => {
  const typesetter = createTypesetter();

  test.each([1, 2, 3, 4, 6, 10])(
    '%i languages: nothing leaves the sheet or runs into something else',
    (count) => {
      for (const size of SIZES)
        for (const ways of [['WhatsApp'], ['Messenger'], ['WhatsApp', 'Messenger']] as const) {
          const { width, height, shapes } = layOut(sheetIn(count, ways), PAPERS[size], typesetter);
          const lines = shapes.flatMap((shape) => {
            if (shape.type !== 'text') return [];
            const wide = typesetter.width(shape.text, shape.direction, shape);
            const left = shape.x - { left: 0, middle: wide / 2, right: wide }[shape.anchor];
            return [
              {
                text: shape.text,
                left,
                right: left + wide,
                top: shape.y - shape.size * 0.7,
                bottom: shape.y,
              },
            ];
          });
          expect(lines.length).toBeGreaterThanOrEqual(2 * count + 3);
          for (const line of lines) {
            expect(line.left).toBeGreaterThan(20);
            expect(line.right).toBeLessThan(width - 20);
            expect(line.top).toBeGreaterThan(0);
            expect(line.bottom).toBeLessThan(height);
            const hit = lines.filter(
              (other) =>
                other !== line &&
                other.left < line.right &&
                line.left < other.right &&
                other.top < line.bottom &&
                line.top < other.bottom,
            );
            expect(hit).toEqual([]);
          }
        }
    },
  );

  test('what is read from right to left begins at the right, and the rest at the left', () => {
    const { width, shapes } = layOut(sheetIn(4, ['WhatsApp']), PAPERS.a4, typesetter);
    const side = (text: string): string | undefined =>
      shapes.flatMap((shape) =>
        shape.type === 'text' && shape.text === text
          ? [`${shape.anchor} ${shape.direction} ${String(shape.x > width / 2)}`]
          : [],
      )[0];
    expect(side(ROWS[0]!.title.text)).toBe('right rtl true');
    expect(side(ROWS[1]!.title.text)).toBe('left ltr false');
  });

  test('titles of four languages on A4 can be read from three metres', () => {
    const { shapes } = layOut(sheetIn(4, ['WhatsApp', 'Messenger']), PAPERS.a4, typesetter);
    const title = shapes.find((shape) => shape.type === 'text' && shape.text === 'Deutschkurs');
    // Capitals are 0.714 of the size; 9 mm are read from 3 m.
    expect(title?.type === 'text' ? (title.size * 0.714 * 25.4) / 72 : 0).toBeGreaterThanOrEqual(9);
  });
});

describe('PDF', () => {
  test.each(SIZES)('%s: one page of that size, with fonts and links', async (size) => {
    const pdf = (await drawPoster(sheetIn(4, ['WhatsApp', 'Messenger']), 'pdf', size)).toString('latin1');
    expect(pdf.startsWith('%PDF-')).toBe(true);
    expect(pdf.trimEnd().endsWith('%%EOF')).toBe(true);
    expect(pdf.match(/\/Type \/Page\b(?!s)/g)).toHaveLength(1);
    const [, width = '', height = ''] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf) ?? [];
    expect(Number(width)).toBeCloseTo((PAPERS[size].width / 25.4) * 72, 1);
    expect(Number(height)).toBeCloseTo((PAPERS[size].height / 25.4) * 72, 1);
    expect(pdf).toContain('NotoSansArabic-Bold');
    expect(pdf).toContain('https://m.me/lotse.example?ref=german-course');
  });

  const tool = ['/usr/bin/pdftotext', '/usr/local/bin/pdftotext'].find((path) => existsSync(path));
  (tool === undefined ? test.skip : test)('its text can be searched and read aloud', async () => {
    const folder = await temporaryFolder();
    const file = join(folder.path, 'poster.pdf');
    writeFileSync(file, await drawPoster(sheetIn(6, ['WhatsApp']), 'pdf', 'a4'));
    const text = execFileSync(tool ?? '', [file, '-'], { encoding: 'utf8' });
    for (const { title } of ROWS.slice(1, 4))
      for (const word of title.text.split(' ')) expect(text).toContain(word);
    for (const word of ['اللغة', 'الألمانية', 'ጀርመንኛ', '+49 821 12345']) expect(text).toContain(word);
    expect(text).toContain('Town hall & friends');
    await folder.remove();
  });
});

test('letters without a font are named, signs without one are not missed', () => {
  const { rows, ...sheet } = sheetIn(1, ['WhatsApp']);
  expect(missingLetters({ ...sheet, rows }).size).toBe(0);
  const georgian = {
    language: 'ka',
    title: { text: 'საცხოვრებელი 🏠', language: 'ka' },
    line: rows[0]!.line,
  };
  const missing = missingLetters({ ...sheet, rows: [...rows, georgian] });
  expect([...missing.keys()]).toEqual(['ka']);
  expect(missing.get('ka')).toContain('ს');
  expect(missing.get('ka')).not.toContain('🏠');
});

describeWithBrowser('SVG in a browser', () => {
  let browser: TestBrowser;
  let window: BrowserContext;
  beforeAll(async () => {
    browser = await launchBrowser();
    window = await browser.window();
  });
  afterAll(() => browser.close());

  test.each(SIZES)('%s: a phone reads both codes from what is printed', async (size) => {
    const sheet = sheetIn(4, ['WhatsApp', 'Messenger']);
    const picture = await rasterise(window, (await drawPoster(sheet, 'svg', size)).toString(), 1200);
    // The first row is Arabic: what comes first stands at the right.
    expect(decode(cut(picture, 0.5, 1, 0.5, 1))).toBe(sheet.entrances[0]!.link);
    expect(decode(cut(picture, 0, 0.5, 0.5, 1))).toBe(sheet.entrances[1]!.link);
  });

  test('a code alone on the sheet is read from all of it, even when it is small', async () => {
    const sheet = sheetIn(1, ['WhatsApp']);
    const picture = await rasterise(window, (await drawPoster(sheet, 'svg', 'a6')).toString(), 500);
    expect(decode(picture)).toBe(sheet.entrances[0]!.link);
  });

  test('lines are as wide as they were measured, in every script: the fonts inside are used', async () => {
    const typesetter = createTypesetter();
    const { shapes } = layOut(sheetIn(10, ['WhatsApp', 'Messenger']), PAPERS.a4, typesetter);
    const page = await window.newPage();
    const svg = await textOf(10);
    await page.setContent(svg.slice(svg.indexOf('<svg')));
    const measured = z.array(z.object({ text: z.string(), width: z.number() })).parse(
      await page.evaluate(`document.fonts.ready.then(() => [...document.querySelectorAll('text')].map((line) => (
        { text: line.textContent, width: line.getComputedTextLength() })))`),
    );
    const lines = shapes.flatMap((shape) => (shape.type === 'text' ? [shape] : []));
    expect(measured.map(({ text }) => text)).toEqual(lines.map(({ text }) => text));
    for (const [index, { text, width }] of measured.entries()) {
      const line = lines[index]!;
      const expected = typesetter.width(text, line.direction, line);
      expect([text, Math.abs(width / expected - 1) < 0.02]).toEqual([text, true]);
    }
    await page.close();
  });

  test('it is well-formed XML whatever texts hold, and nothing in it is fetched', async () => {
    const sheet = sheetIn(1, ['WhatsApp']);
    const nasty = { ...sheet, sender: { name: `<script>&"'</script> ]]>`, contact: 'a&b' } };
    const svg = (await drawPoster(nasty, 'svg', 'a4')).toString();
    const page = await window.newPage();
    const found = await page.evaluate(
      `[new DOMParser().parseFromString(${JSON.stringify(svg)}, 'image/svg+xml')].map((read) => [
        read.querySelectorAll('parsererror, script').length, read.querySelector('text').textContent])[0]`,
    );
    expect(found).toEqual([0, nasty.sender.name]);
    expect(svg.match(/url\((?!data:)/g)).toBeNull();
    await page.close();
  });
});
