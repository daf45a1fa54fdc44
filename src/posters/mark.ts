import type { Shape } from './shapes.ts';

/** Lotse's lighthouse, as in the web chat, without its ground; 32 units a side. */
const PARTS: readonly (readonly [path: string, fill: string])[] = [
  ['M18.6 9.2 27 6.4v6.6l-8.4-2z', '#ffd98a'],
  ['M13.4 9.2 5 6.4v6.6l8.4-2z', '#b9b27c'],
  ['M16 4.2 19.2 7.4h-6.4z', '#ffffff'],
  ['M13.4 8h5.2v4h-5.2z', '#ffd98a'],
  ['M12.6 12h6.8l1.5 11.4h-9.8z', '#ffffff'],
  ['M12.1 16h7.8l.5 3.8h-8.8z', '#d8574a'],
  [
    'M4 24.4c2-1.7 4-1.7 6 0s4 1.7 6 0 4-1.7 6 0 4 1.7 6 0v2c-2 1.7-4 1.7-6 0s-4-1.7-6 0-4 1.7-6 0-4-1.7-6 0z',
    '#9fdcdc',
  ],
];

/** The mark, `side` long. */
export function drawMark(x: number, y: number, side: number): Shape[] {
  return PARTS.map(([path, fill]) => ({ type: 'path', x, y, scale: side / 32, path, fill }));
}
