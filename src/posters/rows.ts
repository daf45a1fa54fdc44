import { INK, INK_SOFT, TEAL } from './colours.ts';
import { directionOf } from './direction.ts';
import type { Shape } from './shapes.ts';
import type { Row, Worded } from './sheet.ts';
import type { Style, Typesetter } from './typesetter.ts';

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** More languages than this stand in two columns. */
const IN_ONE_COLUMN = 4;
const GUTTER = 28;
/** The bar at the side where reading begins, and the room to the text. */
const BAR = 6;
const INDENT = 22;
/** Above this a title needs no more size, and white is better. */
const TITLE_MAX = 66;
/** From here on down a title had better take a second line than become smaller. */
const TITLE_LINE_MIN = 34;
const TITLE_MIN = 9;
const LINE_MAX = 23;
const LINE_MIN = 10;

interface Block {
  readonly text: Worded;
  readonly lines: readonly string[];
  readonly style: Style;
}

interface Cell {
  readonly row: Row;
  readonly blocks: readonly Block[];
  readonly height: number;
}

/** The rows as large as they fit into the area, each beginning on the side where its script begins. */
export function drawRows(rows: readonly Row[], area: Area, typesetter: Typesetter): Shape[] {
  const columns = rows.length > IN_ONE_COLUMN ? 2 : 1;
  const width = (area.width - GUTTER * (columns - 1)) / columns;
  const { bands, gap } = fitted(rows, columns, width, area.height, typesetter);
  const shapes: Shape[] = [];
  const used = bands.reduce((sum, band) => sum + heightOf(band), 0);
  // What is left over goes between the rows first, as far as they still look like one group.
  const space = Math.min((area.height - used) / Math.max(bands.length, 1), gap * 2.2);
  let y = area.y + (area.height - used - space * (bands.length - 1)) / 2;
  for (const band of bands) {
    for (const [column, cell] of band.entries())
      shapes.push(...drawCell(cell, area.x + column * (width + GUTTER), y, width));
    y += heightOf(band) + space;
  }
  return shapes;
}

interface Fitted {
  readonly bands: readonly (readonly Cell[])[];
  readonly gap: number;
}

function fitted(
  rows: readonly Row[],
  columns: number,
  width: number,
  height: number,
  typesetter: Typesetter,
): Fitted {
  const attempt = (size: number): Fitted => {
    const lineSize = lineSizeOf(rows, size, width - INDENT, typesetter);
    const cells = rows.map((row) => cellOf(row, size, lineSize, width - INDENT, typesetter));
    const bands = Array.from({ length: Math.ceil(cells.length / columns) }, (_, index) =>
      cells.slice(index * columns, (index + 1) * columns),
    );
    return { bands, gap: size * 0.5 };
  };
  const fits = ({ bands, gap }: Fitted, titleLines: number): boolean =>
    bands.reduce((sum, band) => sum + heightOf(band) + gap, -gap) <= height &&
    bands
      .flat()
      .every(
        ({ blocks: [title, ...rest] }) =>
          (title?.lines.length ?? 0) <= titleLines &&
          [title, ...rest].every((block) => !block || narrow(block, width - INDENT, typesetter)),
      );
  for (let size = TITLE_MAX; size >= TITLE_MIN; size -= 1) {
    const made = attempt(size);
    if (fits(made, size > TITLE_LINE_MIN ? 1 : 2)) return made;
  }
  return attempt(TITLE_MIN);
}

function narrow({ lines, text, style }: Block, width: number, typesetter: Typesetter): boolean {
  const direction = directionOf(text.language);
  return lines.every((line) => typesetter.width(line, direction, style) <= width);
}

/** Of the small text, the same in all rows: rather a little smaller than one word alone in a second line. */
function lineSizeOf(rows: readonly Row[], titleSize: number, width: number, typesetter: Typesetter): number {
  const wanted = Math.min(Math.max(titleSize * 0.42, 11.5), LINE_MAX);
  for (let size = wanted; size >= Math.max(wanted * 0.78, LINE_MIN); size -= 0.5) {
    const style = { size, weight: 400 } as const;
    if (rows.every(({ line }) => typesetter.width(line.text, directionOf(line.language), style) <= width))
      return size;
  }
  return wanted;
}

function cellOf(row: Row, size: number, lineSize: number, width: number, typesetter: Typesetter): Cell {
  const block = (text: Worded, style: Style): Block => ({
    text,
    style,
    lines: typesetter.wrap(text.text, directionOf(text.language), style, width),
  });
  const blocks = [block(row.title, { size, weight: 700 }), block(row.line, { size: lineSize, weight: 400 })];
  const height = blocks.reduce((sum, one) => sum + one.lines.length * leading(one), 0);
  return { row, blocks, height };
}

/** From one line to the next; wide enough for the marks above and below Arabic letters. */
function leading({ style }: Block): number {
  return style.size * (style.weight === 700 ? 1.24 : 1.42);
}

function heightOf(band: readonly Cell[]): number {
  return Math.max(0, ...band.map(({ height }) => height));
}

function drawCell({ row, blocks, height }: Cell, x: number, top: number, width: number): Shape[] {
  const side = directionOf(row.language) === 'rtl' ? 'right' : 'left';
  const bar = side === 'left' ? x : x + width - BAR;
  const shapes: Shape[] = [{ type: 'box', x: bar, y: top, width: BAR, height, radius: BAR / 2, fill: TEAL }];
  let y = top;
  for (const block of blocks)
    for (const text of block.lines) {
      shapes.push({
        type: 'text',
        x: side === 'left' ? x + INDENT : x + width - INDENT,
        // Letters reach about three quarters of their size above the line they stand on.
        y: y + (leading(block) + block.style.size * 0.7) / 2,
        anchor: side,
        direction: directionOf(block.text.language),
        language: block.text.language,
        text,
        fill: block.style.weight === 700 ? INK : INK_SOFT,
        ...block.style,
      });
      y += leading(block);
    }
  return shapes;
}
