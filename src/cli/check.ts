import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkProject } from '../authoring/check.ts';
import type { Finding } from '../authoring/finding.ts';
import { loadProject } from '../authoring/project.ts';
import { formatCounts, formatWithExcerpt, sarif } from '../authoring/report.ts';
import { FILE_MAX } from '../authoring/source.ts';
import { settings } from './project.ts';
import { scopesOf } from './scope.ts';
import { EXIT, complain, say } from './terminal.ts';

export interface CheckOptions {
  readonly json: boolean;
  readonly sarif: boolean;
  readonly strict: boolean;
  /** ISO 8601 date; unset: the real one. */
  readonly today?: string;
}

/** `lotse check`: every finding of flows and translations; exit code 1 for errors, with `strict` for warnings too. */
export async function check(paths: readonly string[], options: CheckOptions): Promise<void> {
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  if (!isDate(today)) {
    complain(`--today must be a date such as 2026-11-23, not '${today}'.`);
    process.exit(EXIT.wrongUse);
  }
  const config = settings();
  const { scopes, problems } = await scopesOf(paths, config);
  for (const problem of problems) complain(problem);
  if (problems.length > 0) process.exit(EXIT.wrongUse);

  const findings: Finding[] = [];
  const flows = new Set<string>();
  const languages = new Set<string>();
  for (const { folder, locales, wanted } of scopes) {
    const project = await loadProject(folder, locales, config.START_FLOW);
    findings.push(...checkProject(project, today).filter(wanted));
    for (const id of project.bot?.flows.keys() ?? []) flows.add(`${folder}/${id}`);
    for (const { tag } of project.bot?.languages ?? []) languages.add(tag);
  }

  const tags = [...languages].sort();
  if (options.sarif) say(JSON.stringify(sarif(findings, uriOf), null, 2));
  else if (options.json)
    say(JSON.stringify({ findings, flows: flows.size, languages: tags, today }, null, 2));
  else {
    const lineOf = await excerpts(findings);
    for (const finding of findings) say(formatWithExcerpt(finding, lineOf(finding)));
    const usable = `${String(flows.size)} flow${flows.size === 1 ? '' : 's'} usable, languages: ${tags.join(', ') || 'none'}`;
    say(`${usable}: ${formatCounts(findings)}`);
    if (findings.length > 0) say('What each code means and how to mend it: docs/findings.md');
  }
  const bad = findings.some(({ severity }) => severity === 'error' || options.strict);
  process.exitCode = bad ? EXIT.findings : EXIT.good;
}

function isDate(text: string): boolean {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(text) : new Date(Number.NaN);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** The lines findings are about; none of files that are too large, are folders, or cannot be read. */
async function excerpts(findings: readonly Finding[]): Promise<(finding: Finding) => string | undefined> {
  const lines = new Map<string, readonly string[]>();
  for (const file of new Set(findings.map((finding) => finding.file)))
    try {
      const found = await stat(file);
      if (!found.isFile() || found.size > FILE_MAX) continue;
      const text = await readFile(file, 'utf8');
      lines.set(file, text.replace(/^\ufeff/, '').split(/\r?\n/));
    } catch (error) {
      // That it cannot be read is what the finding says.
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  return ({ file, line }) => lines.get(file)?.[line - 1];
}

/** Relative to the working directory, as code hosts want it; absolute for files elsewhere. */
function uriOf(file: string): string {
  const path = relative('', resolve(file));
  if (path.startsWith('..') || isAbsolute(path)) return pathToFileURL(resolve(file)).href;
  return path.split(sep).map(encodeURIComponent).join('/');
}
