import { readFile, stat, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { savePo, syncFile } from '../authoring/translate/files.ts';
import { rowsIn } from '../authoring/translate/grid.ts';
import { importRows } from '../authoring/translate/import-rows.ts';
import { rowsOf, type Row } from '../authoring/translate/rows.ts';
import { SPREADSHEET_MAX, readSpreadsheet, toCsv, toXlsx } from '../authoring/translate/spreadsheet.ts';
import type { State } from '../authoring/translate/status.ts';
import { knownLanguages, openDesk, refuse } from './translate-desk.ts';
import { EXIT, complain, say } from './terminal.ts';

export interface ExportOptions {
  readonly language?: readonly string[];
  readonly only?: State;
}

/** `lotse translate export FILE`: all texts with their translations, for people who have only a spreadsheet. */
export async function exportTranslations(file: string, { language, only }: ExportOptions): Promise<void> {
  const kind = extname(file).toLowerCase();
  if (kind !== '.xlsx' && kind !== '.csv')
    refuse(`'${file}' must end with .xlsx or .csv, which says what to write`);
  const desk = await openDesk();
  const tags = knownLanguages(desk, language);
  if (tags.length === 0)
    refuse(`${desk.localesFolder} holds no language yet; begin one with: lotse translate sync --language de`);
  const languages = new Map<string, Row[]>();
  const problems = desk.broken.map((id) => `${id} has errors and is not exported; see lotse check`);
  for (const tag of tags) {
    const rows: Row[] = [];
    for (const one of desk.translated.filter((text) => text.language !== tag)) {
      const synced = await syncFile(desk.localesFolder, tag, one);
      if (typeof synced === 'string') problems.push(synced);
      else rows.push(...rowsOf(tag, one, synced.file, only ?? null));
    }
    languages.set(tag, rows);
  }
  try {
    await writeFile(file, kind === '.csv' ? toCsv(languages) : await toXlsx(languages));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    refuse(`${file} cannot be written: ${error.message}`);
  }
  for (const problem of problems) complain(problem);
  for (const [tag, rows] of languages) say(`${tag}: ${String(rows.length)} texts`);
  say(`${file} is written. Bring it back with: lotse translate import ${file}`);
  process.exitCode = problems.length > 0 ? EXIT.findings : EXIT.good;
}

export interface ImportOptions {
  readonly reviewedBy?: string;
  /** ISO 8601 date; unset: the real one. */
  readonly today?: string;
  readonly json: boolean;
}

/** `lotse translate import FILE`: the cells that people changed, into the PO files; all others stay as they are. */
export async function importTranslations(
  file: string,
  { reviewedBy, today, json }: ImportOptions,
): Promise<void> {
  const by = reviewedBy?.trim();
  if (by === '' || /[\r\n]/.test(by ?? '')) refuse('--reviewed-by needs the name of a person on one line');
  const on = today ?? new Date().toISOString().slice(0, 10);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(on) || Number.isNaN(Date.parse(on)))
    refuse(`--today must be a date such as 2026-11-23, not '${on}'`);
  const read = await readSpreadsheet(await bytesOf(file));
  if (!read.ok) refuse(`${file} ${read.message}`);
  const desk = await openDesk();
  const sheets = read.grids.map(rowsIn);
  const done = await importRows(
    sheets.flatMap(({ rows }) => rows),
    { ...desk, reviewer: by === undefined ? null : { by, on } },
  );
  const problems = [...sheets.flatMap((sheet) => sheet.problems), ...done.problems];
  for (const { path, file: changed } of done.files) {
    const failed = await savePo(path, changed);
    if (failed !== null) problems.push(failed);
  }
  if (json) {
    const { changed, same, notes } = done;
    say(
      JSON.stringify({ changed, same, problems, notes, files: done.files.map(({ path }) => path) }, null, 2),
    );
  } else {
    for (const problem of problems) complain(`${file}: ${problem}`);
    for (const note of done.notes) complain(`${file}: ${note}`);
    for (const { path } of done.files) say(`${path}: written`);
    say(
      `${String(done.changed)} rows changed something, ${String(done.same)} as they were, ${String(problems.length)} refused`,
    );
  }
  process.exitCode = problems.length > 0 ? EXIT.findings : EXIT.good;
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > SPREADSHEET_MAX)
      refuse(`${file} has more than ${String(SPREADSHEET_MAX / 1024 / 1024)} MB; import it in parts`);
    return await readFile(file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return refuse(`${file} cannot be read: ${error.message}`);
  }
}
