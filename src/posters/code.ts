import { encodeQR } from 'qr';

/** White around a code, in modules, as ISO/IEC 18004 demands. */
const QUIET = 4;

export interface Code {
  /** SVG path data; one unit is one module, and the quiet zone is part of the square. */
  readonly path: string;
  /** Width and height of the square in modules, quiet zone included. */
  readonly size: number;
}

/** A link as a QR code that stays readable with a quarter of it dirty or torn. */
export function drawCode(link: string): Code {
  const rows = encodeQR(link, 'raw', { ecc: 'quartile', border: QUIET });
  const runs = rows.flatMap((row, y) => darkRuns(row).map(({ x, width }) => bar(x, y, width)));
  return { path: runs.join(''), size: rows.length };
}

/** The same for a terminal; with `colours` black on white whatever the terminal's own are. */
export function printCode(link: string, colours: boolean): string {
  const drawn = encodeQR(link, 'ascii', { ecc: 'medium', border: QUIET }).trimEnd();
  return colours ? drawn.replace(/^.*$/gmu, '\u001b[40;97m$&\u001b[0m') : drawn;
}

/** Whole bars rather than squares: printers leave hairlines between squares. */
function bar(x: number, y: number, width: number): string {
  return `M${String(x)} ${String(y)}h${String(width)}v1h-${String(width)}z`;
}

function darkRuns(row: readonly boolean[]): { x: number; width: number }[] {
  const runs: { x: number; width: number }[] = [];
  for (const [x, dark] of row.entries()) {
    const last = runs.at(-1);
    if (!dark) continue;
    if (last && last.x + last.width === x) last.width += 1;
    else runs.push({ x, width: 1 });
  }
  return runs;
}
