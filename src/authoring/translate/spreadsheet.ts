import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import readXlsx from 'read-excel-file/node';
import writeXlsx from 'write-excel-file/node';
import { reasonOf } from '../failure.ts';
import { gridOf, type Grid } from './grid.ts';
import { COLUMNS, type Column, type Row } from './rows.ts';

/** Larger files are refused unread. Bytes. */
export const SPREADSHEET_MAX = 20 * 1024 * 1024;

/** In characters of the sheet's font. */
const WIDTHS: Readonly<Record<Column, number>> = {
  path: 34,
  source: 55,
  translation: 55,
  state: 11,
  note: 24,
  about: 40,
  language: 10,
  key: 19,
};

/** CSV as Excel, LibreOffice and Google Sheets read it: UTF-8 with a byte order mark. All languages in one table. */
export function toCsv(languages: ReadonlyMap<string, readonly Row[]>): Buffer {
  const { cells } = gridOf(null, [...languages.values()].flat());
  return Buffer.from(
    stringify(
      [...cells].map((row) => [...row]),
      { bom: true, record_delimiter: '\r\n' },
    ),
  );
}

/** A workbook of one sheet a language, all cells text. */
export async function toXlsx(languages: ReadonlyMap<string, readonly Row[]>): Promise<Buffer> {
  const sheets = [...languages].map(([language, rows]) => ({
    sheet: language,
    stickyRowsCount: 1,
    columns: COLUMNS.map((column) => ({ width: WIDTHS[column] })),
    data: gridOf(language, rows).cells.map((row, index) =>
      row.map((cell) => ({
        value: cell ?? '',
        type: String,
        // As text, so that a phone number or a date stays what was written.
        format: '@',
        wrap: true,
        alignVertical: 'top' as const,
        ...(index === 0 ? { fontWeight: 'bold' as const } : {}),
      })),
    ),
  }));
  return writeXlsx(sheets).toBuffer();
}

type Read =
  { readonly ok: true; readonly grids: readonly Grid[] } | { readonly ok: false; readonly message: string };

/** Reads a spreadsheet by what it is, whatever its name: a workbook or CSV of any of the usual separators. */
export async function readSpreadsheet(bytes: Buffer): Promise<Read> {
  if (bytes.length > SPREADSHEET_MAX)
    return {
      ok: false,
      message: `has more than ${String(SPREADSHEET_MAX / 1024 / 1024)} MB; import it in parts`,
    };
  if (bytes.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0])))
    return { ok: false, message: 'is a workbook of the old kind (.xls); save it as .xlsx' };
  return bytes.subarray(0, 2).toString('latin1') === 'PK' ? readWorkbook(bytes) : readCsv(bytes);
}

async function readWorkbook(bytes: Buffer): Promise<Read> {
  try {
    const sheets = await readXlsx(bytes, { trim: false });
    const grids = sheets.map(({ sheet, data }) => ({ sheet, cells: data.map((row) => row.map(textOf)) }));
    return { ok: true, grids: grids.filter(({ cells }) => cells.length > 0) };
  } catch (error) {
    return {
      ok: false,
      message: `is no workbook that can be read (${reasonOf(error)}); save it as .xlsx again`,
    };
  }
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function readCsv(bytes: Buffer): Read {
  if (/^(\xff\xfe|\xfe\xff)/.test(bytes.subarray(0, 2).toString('latin1')))
    return { ok: false, message: 'is UTF-16 text; save it as «CSV UTF-8» or as .xlsx' };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    return { ok: false, message: `is no spreadsheet: ${reasonOf(error)} («CSV UTF-8»), or as .xlsx` };
  }
  // Excel writes the separator of the country, and sometimes says which.
  const [declaration = '', declared] = /^sep=(.)\r?\n/.exec(text) ?? [];
  const body = text.slice(declaration.length);
  const heading = /^[^\r\n]*/.exec(body)?.[0] ?? '';
  const counts = [',', ';', '\t'].map((one) => [heading.split(one).length, one] as const);
  const [, likely] = counts.reduce((best, one) => (one[0] > best[0] ? one : best));
  try {
    const cells = parse(body, { delimiter: declared ?? likely, relax_column_count: true });
    return { ok: true, grids: [{ sheet: null, cells }] };
  } catch (error) {
    return { ok: false, message: `is no CSV that can be read: ${reasonOf(error)}` };
  }
}
