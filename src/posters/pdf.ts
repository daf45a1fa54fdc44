import PDFDocument from 'pdfkit';
import { BLACK } from './colours.ts';
import type { Paper } from './paper.ts';
import { runsOf } from './runs.ts';
import type { Drawing, Shape } from './shapes.ts';
import { runWidth } from './typesetter.ts';

const POINTS_PER_MM = 72 / 25.4;

/** The drawing as a PDF of one page with its fonts inside. */
export function posterPdf(drawing: Drawing, paper: Paper): Promise<Buffer> {
  const size: [number, number] = [paper.width * POINTS_PER_MM, paper.height * POINTS_PER_MM];
  const document = new PDFDocument({
    size,
    margin: 0,
    lang: drawing.language,
    displayTitle: true,
    tagged: true,
    pdfVersion: '1.7',
    info: { Title: drawing.title, Creator: 'Lotse' },
  });
  const scale = size[0] / drawing.width;
  document.scale(scale);
  for (const shape of drawing.shapes) draw(document, shape);
  return finished(document);
}

function draw(document: PDFKit.PDFDocument, shape: Shape): void {
  switch (shape.type) {
    case 'box':
    case 'path':
      document.markContent('Artifact', { type: 'Layout' });
      if (shape.type === 'path') drawPath(document, shape.x, shape.y, shape.scale, shape.path, shape.fill);
      else document.roundedRect(shape.x, shape.y, shape.width, shape.height, shape.radius).fill(shape.fill);
      document.endMarkedContent();
      return;
    case 'code': {
      const { x, y, side, code, link, name } = shape;
      const picture = (): void => {
        drawPath(document, x, y, side / code.size, code.path, BLACK);
      };
      document.addStructure(document.struct('Figure', { alt: `${name}: ${link}` }, picture));
      document.link(x, y, side, side, link);
      return;
    }
    case 'text': {
      const { text, language } = shape;
      const line = (): void => {
        drawText(document, shape);
      };
      // Letters of joined scripts cannot be read back from their shapes: screen readers take `actual`.
      const read = { actual: text, ...(language === '' ? {} : { lang: language }) };
      document.addStructure(document.struct('P', read, line));
    }
  }
}

function drawPath(
  document: PDFKit.PDFDocument,
  x: number,
  y: number,
  scale: number,
  path: string,
  fill: string,
): void {
  document.save().translate(x, y).scale(scale).path(path).fill(fill).restore();
}

function drawText(document: PDFKit.PDFDocument, shape: Extract<Shape, { type: 'text' }>): void {
  const runs = runsOf(shape.text, shape.direction);
  const width = runs.reduce((sum, run) => sum + runWidth(document, run, shape), 0);
  let x = shape.x - (shape.anchor === 'left' ? 0 : shape.anchor === 'right' ? width : width / 2);
  document.fillColor(shape.fill);
  for (const run of runs) {
    // Also sets font and size, which the next run changes again.
    const advance = runWidth(document, run, shape);
    document.text(run.text, x, shape.y, { lineBreak: false, baseline: 'alphabetic' });
    x += advance;
  }
}

function finished(document: PDFKit.PDFDocument): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => {
      resolve(Buffer.concat(chunks));
    });
    document.on('error', reject);
    document.end();
  });
}
