import { COLUMNS, type Column, type Row } from './rows.ts';

/** A sheet as a spreadsheet file holds it, its heading the first row; null: a cell that is no text. */
export interface Grid {
  /** null: the file has no sheets. */
  readonly sheet: string | null;
  readonly cells: readonly (readonly (string | null)[])[];
}

/** One row as it was read, with the addresses of its cells. */
export interface GivenRow {
  readonly row: Row;
  /** Which columns the sheet has. */
  readonly has: ReadonlySet<Column>;
  /** `sheet de, C12`, or `C12` where there are no sheets. */
  readonly at: (column: Column) => string;
}

const NEEDED: readonly Column[] = ['path', 'source', 'translation'];

/** Spreadsheet programs run a cell that begins so, maybe after blanks; ' makes them show it instead. */
const FORMULA = /^'*\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]/;

/** The rows as cells that no spreadsheet program takes for a formula. */
export function gridOf(sheet: string | null, rows: readonly Row[]): Grid {
  const harmless = (cell: string): string => (FORMULA.test(cell) ? `'${cell}` : cell);
  const cells = rows.map((row) => COLUMNS.map((column) => harmless(row[column])));
  return { sheet, cells: [COLUMNS, ...cells] };
}

/** Reads a sheet by its heading; a sheet named like a language needs no column for it. */
export function rowsIn({ sheet, cells }: Grid): { rows: GivenRow[]; problems: string[] } {
  const heading = (cells[0] ?? []).map((cell) => (cell ?? '').trim().toLowerCase());
  const places = new Map(COLUMNS.map((column) => [column, heading.indexOf(column)]));
  const has = new Set(COLUMNS.filter((column) => places.get(column) !== -1));
  const missing = NEEDED.filter((column) => !has.has(column));
  if (sheet === null && !has.has('language')) missing.push('language');
  const where = sheet === null ? '' : `sheet ${sheet}, `;
  if (missing.length > 0)
    return {
      rows: [],
      problems: [
        `${where}row 1: the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')} missing; the first row must hold the names ${NEEDED.join(', ')}${sheet === null ? ', language' : ''}, as exported`,
      ],
    };
  const problems: string[] = [];
  const rows = cells.slice(1).flatMap((line, index): GivenRow[] => {
    if (line.every((cell) => cell !== null && cell.trim() === '')) return [];
    const at = (column: Column): string => `${where}${letters(places.get(column) ?? 0)}${String(index + 2)}`;
    const cell = (column: Column): string => {
      const place = places.get(column) ?? -1;
      const value = place === -1 ? '' : line[place];
      if (value === null)
        problems.push(`${at(column)}: is no text; format the cell as text and write it again`);
      const text = (value ?? '').replace(/\r\n?/g, '\n');
      return FORMULA.test(text) && text.startsWith("'") ? text.slice(1) : text;
    };
    const before = problems.length;
    const row: Row = {
      path: cell('path').trim(),
      source: cell('source'),
      translation: cell('translation'),
      state: cell('state').trim().toLowerCase(),
      note: cell('note'),
      about: '',
      language: has.has('language') ? cell('language').trim() : (sheet ?? ''),
      key: cell('key'),
    };
    return problems.length > before ? [] : [{ row, has, at }];
  });
  return { rows, problems };
}

/** 0 -> A, 25 -> Z, 26 -> AA. */
function letters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : letters(Math.floor(column / 26) - 1) + last;
}
