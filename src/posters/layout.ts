import { DEEP, INK, INK_SOFT, LIGHT, ON_DEEP, PAPER, WATER } from './colours.ts';
import { drawCode } from './code.ts';
import { directionOf } from './direction.ts';
import { drawMark } from './mark.ts';
import type { Paper } from './paper.ts';
import { drawRows } from './rows.ts';
import { leadingDirection } from './runs.ts';
import type { Drawing, Shape } from './shapes.ts';
import type { Entrance, Sheet } from './sheet.ts';
import type { Style, Typesetter } from './typesetter.ts';

/** Every sheet is drawn this wide, whatever paper it is printed on; on A4 a unit is a point. */
const WIDTH = 595.28;
const MARGIN = 42;
const HEADER = 84;
const STRIPE = 5;
const PANEL = 354;
const CARD = 284;
const CARD_RADIUS = 16;
const GUTTER = 24;

/** Places everything on the sheet: who sends it, what it offers in each language, how to get there. */
export function layOut(sheet: Sheet, paper: Paper, typesetter: Typesetter): Drawing {
  const height = (WIDTH * paper.height) / paper.width;
  const panel = height - PANEL;
  const [first] = sheet.rows;
  const rows = {
    x: MARGIN,
    y: HEADER + STRIPE + 26,
    width: WIDTH - 2 * MARGIN,
    height: panel - HEADER - STRIPE - 52,
  };
  const rightToLeft = first !== undefined && directionOf(first.language) === 'rtl';
  return {
    width: WIDTH,
    height,
    title: [first?.title.text, sheet.sender.name].filter(Boolean).join(' – '),
    language: first?.title.language ?? 'en',
    shapes: [
      box(0, 0, WIDTH, height, PAPER),
      ...header(sheet.sender.name, rightToLeft, typesetter),
      ...drawRows(sheet.rows, rows, typesetter),
      box(0, panel, WIDTH, PANEL, WATER),
      ...cards(sheet.entrances, panel + 24, rightToLeft, typesetter),
      ...footer(sheet.sender, height - 20, typesetter),
    ],
  };
}

function box(x: number, y: number, width: number, height: number, fill: string, radius = 0): Shape {
  return { type: 'box', x, y, width, height, radius, fill };
}

function header(sender: string, rightToLeft: boolean, typesetter: Typesetter): Shape[] {
  const side = 58;
  const text = sender === '' ? 'Lotse' : sender;
  const room = WIDTH - 2 * MARGIN - side - 18;
  const [style, lines] = shrunk(text, 25, 14, room, 2, typesetter);
  const step = style.size * 1.25;
  const x = rightToLeft ? WIDTH - MARGIN - side - 16 : MARGIN + side + 16;
  return [
    box(0, 0, WIDTH, HEADER, DEEP),
    box(0, HEADER, WIDTH, STRIPE, LIGHT),
    ...drawMark(rightToLeft ? WIDTH - MARGIN - side + 5 : MARGIN - 5, (HEADER - side) / 2, side),
    ...lines.map((line, index) => {
      const y = HEADER / 2 + style.size * 0.35 + (index - (lines.length - 1) / 2) * step;
      return written(line, x, y, rightToLeft ? 'right' : 'left', style, ON_DEEP);
    }),
  ];
}

/** Two ways in stand side by side; one alone takes the whole width. */
function cards(
  entrances: readonly Entrance[],
  y: number,
  rightToLeft: boolean,
  typesetter: Typesetter,
): Shape[] {
  const [first, ...others] = entrances;
  if (!first) return [];
  if (others.length === 0) return wideCard(first, y, rightToLeft, typesetter);
  const width = (WIDTH - 2 * MARGIN - GUTTER * others.length) / entrances.length;
  const ordered = rightToLeft ? entrances.toReversed() : entrances;
  return ordered.flatMap((entrance, index) =>
    card(entrance, MARGIN + index * (width + GUTTER), y, width, typesetter),
  );
}

function card(entrance: Entrance, x: number, y: number, width: number, typesetter: Typesetter): Shape[] {
  const side = 204;
  const middle = x + width / 2;
  const [large, ...small] = entrance.plain;
  const [style] = shrunk(large ?? '', 19, 9, width - 24, 1, typesetter);
  const [smaller] = shrunk(small[0] ?? '', 13, 8, width - 24, 1, typesetter);
  return [
    box(x, y, width, CARD, PAPER, CARD_RADIUS),
    written(entrance.name, middle, y + 32, 'middle', { size: 21, weight: 700 }, INK),
    code(entrance, middle - side / 2, y + 34, side),
    ...(large === undefined ? [] : [written(large, middle, y + 249, 'middle', style, INK)]),
    ...small.map((line, index) =>
      written(line, middle, y + 269 + index * 15, 'middle', { ...smaller, weight: 400 }, INK_SOFT),
    ),
  ];
}

function wideCard(entrance: Entrance, y: number, rightToLeft: boolean, typesetter: Typesetter): Shape[] {
  const width = WIDTH - 2 * MARGIN;
  const left = rightToLeft ? MARGIN + width - CARD : MARGIN;
  const x = rightToLeft ? left - 8 : left + CARD + 8;
  const anchor = rightToLeft ? 'right' : 'left';
  const room = width - CARD - 30;
  const [large = '', ...small] = entrance.plain;
  const [style, lines] = shrunk(large, 27, 11, room, 1, typesetter);
  const [smaller] = shrunk(small[0] ?? '', 16, 9, room, 1, typesetter);
  return [
    box(MARGIN, y, width, CARD, PAPER, CARD_RADIUS),
    code(entrance, left, y, CARD),
    written(entrance.name, x, y + CARD / 2 - 34, anchor, { size: 34, weight: 700 }, INK),
    ...lines.map((line) => written(line, x, y + CARD / 2 + 10, anchor, style, INK)),
    ...small.map((line, index) =>
      written(line, x, y + CARD / 2 + 42 + index * 20, anchor, { ...smaller, weight: 400 }, INK_SOFT),
    ),
  ];
}

function code(entrance: Entrance, x: number, y: number, side: number): Shape {
  const { link, name } = entrance;
  return { type: 'code', x, y, side, code: drawCode(link), link, name };
}

function footer(sender: Sheet['sender'], y: number, typesetter: Typesetter): Shape[] {
  if (sender.contact === '') return [];
  const text = [sender.name, sender.contact].filter(Boolean).join(' · ');
  const [style] = shrunk(text, 12.5, 7, WIDTH - 2 * MARGIN, 1, typesetter);
  return [written(text, WIDTH / 2, y, 'middle', { ...style, weight: 400 }, INK_SOFT)];
}

/** Names and numbers, which belong to no language. */
function written(
  text: string,
  x: number,
  y: number,
  anchor: 'left' | 'middle' | 'right',
  style: Style,
  fill: string,
): Shape {
  const direction = leadingDirection(text);
  return { type: 'text', x, y, anchor, direction, language: '', text, fill, ...style };
}

/** The largest bold style from `most` down to `least` in which a text takes no more than `lines` lines of `room`. */
function shrunk(
  text: string,
  most: number,
  least: number,
  room: number,
  lines: number,
  typesetter: Typesetter,
): [Style, string[]] {
  const direction = leadingDirection(text);
  for (let size = most; ; size -= 0.5) {
    const style: Style = { size, weight: 700 };
    const wrapped = typesetter.wrap(text, direction, style, room);
    const fits =
      wrapped.length <= lines && wrapped.every((line) => typesetter.width(line, direction, style) <= room);
    if (fits || size <= least) return [style, wrapped];
  }
}
