import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkProject } from '../authoring/check.ts';
import { reasonOf } from '../authoring/failure.ts';
import { formatFinding } from '../authoring/finding.ts';
import { EXPORT_MAX, importExport, type Platform } from '../authoring/import/import.ts';
import { markdownOf } from '../authoring/import/report.ts';
import { isLanguageTag } from '../authoring/language-tag.ts';
import { loadProject } from '../authoring/project.ts';
import { EXIT, complain, say } from './terminal.ts';

export interface ImportOptions {
  readonly out: string;
  readonly language: string;
  readonly force: boolean;
  readonly json: boolean;
}

/** `lotse import`: an export as flows, translations and a report; exit code 1 where the result has errors. */
export async function importFlows(platform: Platform, file: string, options: ImportOptions): Promise<void> {
  const { out, language } = options;
  if (!isLanguageTag(language)) refuse(`'${language}' is no language tag; write for example --language de`);
  if (!options.force && !(await isEmpty(out)))
    refuse(`${out} is not empty; name a new folder, or add --force to write over what is there`);
  const imported = importExport(platform, await readExport(file), language);
  if (!imported.ok) refuse(`${file} cannot be imported: ${imported.message}`);

  for (const [path, content] of imported.files) await write(join(out, path), content);
  const project = await loadProject(join(out, 'flows'), join(out, 'locales'), imported.start);
  const findings = checkProject(project, new Date().toISOString().slice(0, 10));
  const errors = findings.filter(({ severity }) => severity === 'error');
  const { report } = imported;
  await write(join(out, 'import-report.md'), markdownOf(report, findings));
  if (options.json) say(JSON.stringify({ out, ...report, findings }, null, 2));
  else {
    const { counts } = report;
    for (const finding of errors) say(formatFinding(finding));
    say(
      `${String(report.flows.length)} flows, ${String(counts.steps)} steps, ${String(counts.texts)} texts, ${String(counts.translations)} translations (${report.languages.join(', ')}) in ${out}`,
    );
    say(
      `Not carried over: ${String(counts.lost)}, changed: ${String(counts.changed)}, errors: ${String(errors.length)}, warnings: ${String(findings.length - errors.length)}. Read ${join(out, 'import-report.md')}`,
    );
    say(`Talk to it: FLOWS=${join(out, 'flows')} LOCALES=${join(out, 'locales')} lotse chat`);
  }
  process.exitCode = errors.length > 0 ? EXIT.findings : EXIT.good;
}

async function readExport(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > EXPORT_MAX)
      refuse(
        `${file} is larger than ${String(EXPORT_MAX / 1024 / 1024)} MB; export fewer flows at a time and import them one after the other`,
      );
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    refuse(`${file} cannot be read: ${reasonOf(error)}`);
  }
}

/** Also true for a folder that is not there yet. */
async function isEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return true;
    refuse(`${folder} cannot be used: ${reasonOf(error)}`);
  }
}

async function write(path: string, content: string | Buffer): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  } catch (error) {
    refuse(`${path} cannot be written: ${reasonOf(error)}`);
  }
}

function refuse(message: string): never {
  complain(message);
  process.exit(EXIT.wrongUse);
}
