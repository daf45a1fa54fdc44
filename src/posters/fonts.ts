import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';

export type Weight = 400 | 700;

/** A part of Noto Sans: the letters of one script. */
export interface Font {
  /** `Noto Sans Arabic` */
  readonly family: string;
  /** `noto-sans-arabic-arabic`; with the weight it names a file. */
  readonly name: string;
  /** As CSS writes it: `U+0600-06FF,…` */
  readonly range: string;
}

const FAMILIES = [
  {
    family: 'Noto Sans',
    folder: 'noto-sans',
    parts: [
      'latin',
      'latin-ext',
      'cyrillic',
      'cyrillic-ext',
      'greek',
      'greek-ext',
      'vietnamese',
      'devanagari',
    ],
  },
  { family: 'Noto Sans Arabic', folder: 'noto-sans-arabic', parts: ['arabic'] },
  { family: 'Noto Sans Ethiopic', folder: 'noto-sans-ethiopic', parts: ['ethiopic'] },
] as const;

const { resolve } = createRequire(import.meta.url);
const rangesSchema = z.record(z.string(), z.string());

interface Known extends Font {
  readonly folder: string;
  readonly ranges: readonly (readonly [number, number])[];
}

let known: readonly Known[] | null = null;
const found = new Map<string, Font | null>();

/** The font that has a character; null: none. Which it is stands in the fonts' own lists. */
export function fontFor(character: string): Font | null {
  const remembered = found.get(character);
  if (remembered !== undefined) return remembered;
  const font = lookUp(character.codePointAt(0) ?? 0);
  found.set(character, font);
  return font;
}

function lookUp(code: number): Font | null {
  known ??= FAMILIES.flatMap(({ family, folder, parts }) => {
    const file = resolve(`@fontsource/${folder}/unicode.json`);
    const lists = rangesSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return parts.map((part): Known => {
      const range = lists[part] ?? '';
      return { family, folder, name: `${folder}-${part}`, range, ranges: rangesOf(range) };
    });
  });
  return known.find(({ ranges }) => ranges.some(([from, to]) => from <= code && code <= to)) ?? null;
}

/** Where a font is on disk. PDFs need `woff`: from `woff2` the PDF library makes empty letters. */
export function fontFile({ name }: Font, weight: Weight, format: 'woff' | 'woff2'): string {
  const folder = FAMILIES.findLast((family) => name.startsWith(family.folder))?.folder ?? '';
  return resolve(`@fontsource/${folder}/files/${name}-${String(weight)}-normal.${format}`);
}

function rangesOf(list: string): [number, number][] {
  return [...list.matchAll(/U\+([0-9A-F]+)(?:-([0-9A-F]+))?/giu)].map(([, from = '', to = from]) => [
    Number.parseInt(from, 16),
    Number.parseInt(to, 16),
  ]);
}
