import PDFDocument from 'pdfkit';
import type { Direction } from './direction.ts';
import { fontFile, type Weight } from './fonts.ts';
import { runsOf, type Run } from './runs.ts';

/** How a text is written; `size` in points. */
export interface Style {
  readonly size: number;
  readonly weight: Weight;
}

export interface Typesetter {
  /** How wide a line becomes, in points. */
  width(line: string, direction: Direction, style: Style): number;
  /** The text in lines no wider than `max`; a longer word stands alone in its line. */
  wrap(text: string, direction: Direction, style: Style, max: number): string[];
}

/** Large, so that rounding does not matter. */
const MEASURED_SIZE = 1000;

/** Measures by the fonts that are drawn with. */
export function createTypesetter(): Typesetter {
  const document = new PDFDocument({ autoFirstPage: false });
  const measured = new Map<string, number>();
  const width: Typesetter['width'] = (line, direction, { size, weight }) => {
    const key = `${direction} ${String(weight)} ${line}`;
    const style = { size: MEASURED_SIZE, weight };
    const known =
      measured.get(key) ??
      runsOf(line, direction).reduce((sum, run) => sum + runWidth(document, run, style), 0);
    measured.set(key, known);
    return (known * size) / MEASURED_SIZE;
  };
  return {
    width,
    wrap(text, direction, style, max) {
      const lines: string[] = [];
      let line = '';
      for (const word of text.split(' ')) {
        const longer = line === '' ? word : `${line} ${word}`;
        if (line !== '' && width(longer, direction, style) > max) {
          lines.push(line);
          line = word;
        } else line = longer;
      }
      return [...lines, line];
    },
  };
}

/** Sets the document's font and size to this run's; its width in points. */
export function runWidth(document: PDFKit.PDFDocument, { text, font }: Run, { size, weight }: Style): number {
  return document
    .font(fontFile(font, weight, 'woff'))
    .fontSize(size)
    .widthOfString(text);
}
