import { readFileSync } from 'node:fs';
import { BLACK } from './colours.ts';
import { fontFile, fontFor, type Font, type Weight } from './fonts.ts';
import type { Paper } from './paper.ts';
import type { Drawing, Shape } from './shapes.ts';

/**
 * The drawing as SVG 1.1 with its fonts inside, so that browsers print it as it was measured, wherever they are.
 * Programs that do not read such fonts take the Noto Sans of their system, or any other without serifs.
 */
export function posterSvg(drawing: Drawing, paper: Paper): string {
  const { width, height, title, language, shapes } = drawing;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${paper.width.toString()}mm" height="${paper.height.toString()}mm" viewBox="0 0 ${round(width)} ${round(height)}" xml:lang="${escaped(language)}">`,
    `<title>${escaped(title)}</title>`,
    `<style>${faces(shapes)}text{font-family:'Noto Sans','Noto Sans Arabic','Noto Sans Ethiopic',sans-serif;white-space:pre}</style>`,
    ...shapes.map(drawn),
    '</svg>',
    '',
  ].join('\n');
}

function drawn(shape: Shape): string {
  switch (shape.type) {
    case 'box':
      return `<rect x="${round(shape.x)}" y="${round(shape.y)}" width="${round(shape.width)}" height="${round(shape.height)}" rx="${round(shape.radius)}" fill="${shape.fill}"/>`;
    case 'path':
      return `<path transform="translate(${round(shape.x)} ${round(shape.y)}) scale(${round(shape.scale)})" d="${shape.path}" fill="${shape.fill}"/>`;
    case 'code': {
      const scale = String(shape.side / shape.code.size);
      const place = `translate(${round(shape.x)} ${round(shape.y)}) scale(${scale})`;
      const path = `<path transform="${place}" d="${shape.code.path}" fill="${BLACK}"/>`;
      return `<a xlink:href="${escaped(shape.link)}"><title>${escaped(shape.name)}</title>${path}</a>`;
    }
    case 'text':
      return text(shape);
  }
}

function text(shape: Extract<Shape, { type: 'text' }>): string {
  const { x, y, direction, anchor, size, weight, fill, language } = shape;
  // `start` is the right end of a line that runs from right to left.
  const atStart = anchor === (direction === 'rtl' ? 'right' : 'left');
  const place = anchor === 'middle' ? 'middle' : atStart ? 'start' : 'end';
  const lang = language === '' ? '' : ` xml:lang="${escaped(language)}"`;
  return `<text x="${round(x)}" y="${round(y)}" direction="${direction}" unicode-bidi="embed" text-anchor="${place}" font-size="${round(size)}" font-weight="${String(weight)}" fill="${fill}"${lang}>${escaped(shape.text)}</text>`;
}

/** The parts of the fonts that the texts need, each once. */
function faces(shapes: readonly Shape[]): string {
  const used = new Map<string, { font: Font; weight: Weight }>();
  for (const shape of shapes)
    if (shape.type === 'text')
      for (const character of shape.text) {
        const font = fontFor(character);
        if (font) used.set(`${font.name} ${String(shape.weight)}`, { font, weight: shape.weight });
      }
  return [...used.values()].map(({ font, weight }) => face(font, weight)).join('');
}

function face(font: Font, weight: Weight): string {
  const data = readFileSync(fontFile(font, weight, 'woff2')).toString('base64');
  return `@font-face{font-family:'${font.family}';font-weight:${String(weight)};src:url(data:font/woff2;base64,${data}) format('woff2');unicode-range:${font.range}}`;
}

function round(length: number): string {
  return String(Math.round(length * 1000) / 1000);
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/gu, (character) => `&#${String(character.codePointAt(0))};`);
}
