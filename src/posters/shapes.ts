import type { Code } from './code.ts';
import type { Direction } from './direction.ts';
import type { Style } from './typesetter.ts';

/** What a poster is drawn with. Lengths in units of the drawing, from its top left corner. */
export type Shape =
  | {
      readonly type: 'box';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly radius: number;
      readonly fill: string;
    }
  /** `path`: SVG path data, enlarged by `scale` and moved to x, y. */
  | {
      readonly type: 'path';
      readonly x: number;
      readonly y: number;
      readonly scale: number;
      readonly path: string;
      readonly fill: string;
    }
  /** A square with a code, `side` long, quiet zone included; whoever reads on a screen can tap it. */
  | {
      readonly type: 'code';
      readonly x: number;
      readonly y: number;
      readonly side: number;
      readonly code: Code;
      readonly link: string;
      readonly name: string;
    }
  /** One line; `x` is its left or right end or its middle, `y` where the letters stand. */
  | (Style & {
      readonly type: 'text';
      readonly x: number;
      readonly y: number;
      readonly anchor: 'left' | 'middle' | 'right';
      readonly direction: Direction;
      /** BCP 47; '' for names and numbers. */
      readonly language: string;
      readonly text: string;
      readonly fill: string;
    });

/** A whole sheet; `height` in the same units as `width`. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** BCP 47 tag of what stands first. */
  readonly language: string;
  readonly shapes: readonly Shape[];
}
