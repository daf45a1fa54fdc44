import { layOut } from './layout.ts';
import { PAPERS, type PaperSize } from './paper.ts';
import { posterPdf } from './pdf.ts';
import { unprintable } from './runs.ts';
import type { Sheet } from './sheet.ts';
import { posterSvg } from './svg.ts';
import { createTypesetter } from './typesetter.ts';

export type PosterFormat = 'svg' | 'pdf';

/** A sheet as a file to print: SVG is text in UTF-8. */
export async function drawPoster(sheet: Sheet, format: PosterFormat, size: PaperSize): Promise<Buffer> {
  const paper = PAPERS[size];
  const drawing = layOut(sheet, paper, createTypesetter());
  return format === 'svg' ? Buffer.from(posterSvg(drawing, paper)) : posterPdf(drawing, paper);
}

/** Letters of the sheet that Lotse has no font for, by language. */
export function missingLetters(sheet: Sheet): ReadonlyMap<string, readonly string[]> {
  const missing = sheet.rows.map(
    ({ language, title, line }) => [language, unprintable(title.text + line.text)] as const,
  );
  return new Map(missing.filter(([, letters]) => letters.length > 0));
}
