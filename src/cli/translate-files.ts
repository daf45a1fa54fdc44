import { isLanguageTag } from '../authoring/language-tag.ts';
import { savePo, strayFiles, syncFile, type SyncedFile } from '../authoring/translate/files.ts';
import { progressOf, type LanguageProgress } from '../authoring/translate/status.ts';
import { EXIT, complain, say } from './terminal.ts';
import { knownLanguages, openDesk, refuse } from './translate-desk.ts';

export interface SyncOptions {
  readonly language?: readonly string[];
  readonly check: boolean;
  readonly json: boolean;
}

/** `lotse translate sync`: brings the PO files to the texts of the flows as they stand. */
export async function sync({ language, check, json }: SyncOptions): Promise<void> {
  const desk = await openDesk();
  const wrong = (language ?? []).filter((tag) => !isLanguageTag(tag));
  if (wrong.length > 0)
    refuse(`'${wrong.join("', '")}' is no language tag; write it as in de, ar, ckb or pt-BR`);
  const languages = language ?? desk.languages;
  if (languages.length === 0)
    refuse(`${desk.localesFolder} holds no language yet; begin one with: lotse translate sync --language de`);
  const problems = desk.broken.map(
    (id) => `${id} has errors: its translations are left as they are; see lotse check`,
  );
  const files: SyncedFile[] = [];
  for (const tag of languages) {
    const known = new Set([...desk.translated.map(({ id }) => id), ...desk.broken]);
    for (const path of await strayFiles(desk.localesFolder, tag, known))
      problems.push(`${path} belongs to no flow; rename it like its flow, or delete it`);
    for (const one of desk.translated.filter((text) => text.language !== tag)) {
      const synced = await syncFile(desk.localesFolder, tag, one);
      if (typeof synced === 'string') problems.push(synced);
      else {
        const failed = synced.isChanged && !check ? await savePo(synced.path, synced.file) : null;
        if (failed === null) files.push(synced);
        else problems.push(failed);
      }
    }
  }
  const changed = files.filter(({ isChanged }) => isChanged);
  if (json) {
    const shown = files.map(({ path, language: tag, flow, counts, isNew, isChanged }) => ({
      path,
      language: tag,
      flow,
      ...counts,
      isNew,
      isChanged,
    }));
    say(JSON.stringify({ files: shown, problems }, null, 2));
  } else {
    for (const file of changed) say(`${file.path}: ${described(file)}`);
    for (const problem of problems) complain(problem);
    const done = check ? 'not in sync' : 'written';
    say(
      `${String(files.length)} files, ${String(changed.length)} ${done}, ${String(problems.length)} problems`,
    );
  }
  process.exitCode = problems.length > 0 || (check && changed.length > 0) ? EXIT.findings : EXIT.good;
}

function described({ counts, isNew }: SyncedFile): string {
  const { added, changed, moved, returned, obsolete } = counts;
  const parts = [
    [added, 'new'],
    [changed, 'changed (now fuzzy)'],
    [moved, 'moved'],
    [returned, 'back from obsolete'],
    [obsolete, 'obsolete'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${String(count)} ${what}`);
  return `${isNew ? 'new file, ' : ''}${told.length > 0 ? told.join(', ') : 'notes for translators updated'}`;
}

export interface StatusOptions {
  readonly language?: readonly string[];
  readonly json: boolean;
}

/** `lotse translate status`: how far every flow is translated into every language. */
export async function status({ language, json }: StatusOptions): Promise<void> {
  const desk = await openDesk();
  const all = progressOf(knownLanguages(desk, language), desk.translated, desk.project.catalogs);
  if (json) say(JSON.stringify({ languages: all, broken: desk.broken }, null, 2));
  else {
    for (const line of table(all)) say(line);
    for (const id of desk.broken) complain(`${id} has errors and is not counted; see lotse check`);
  }
}

const HEAD = ['language', 'flow', 'texts', 'done', 'fuzzy', 'missing', 'machine', 'reviewed'];

/** One line a language and flow, and one for all flows of a language; numbers to the right. */
function table(languages: readonly LanguageProgress[]): string[] {
  const rows = languages.flatMap(({ language, flows, total }) =>
    [...flows, { flow: 'all', ...total }].map((one) => [
      language,
      one.flow,
      ...[one.texts, `${String(one.percent)}%`, one.fuzzy, one.missing, one.machine, one.reviewed].map(
        String,
      ),
    ]),
  );
  const widths = HEAD.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(HEAD), ...rows.map(line)];
}
