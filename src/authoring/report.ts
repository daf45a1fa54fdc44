import { formatFinding, type Finding } from './finding.ts';

/** Longer lines are cut around the place a finding points at. Characters. */
const EXCERPT_MAX = 100;

/**
 * A finding as compilers print it: one line, then the line of the file it is about with a caret below its place.
 * `line`: that line; undefined where the file has none.
 */
export function formatWithExcerpt(finding: Finding, line: string | undefined): string {
  const first = formatFinding(finding);
  if (line === undefined || line.trim() === '') return first;
  const column = Math.min(finding.column - 1, line.length);
  const from = Math.max(0, Math.min(column - EXCERPT_MAX / 2, line.length - EXCERPT_MAX));
  const before = from > 0 ? '…' : '';
  const after = line.length > from + EXCERPT_MAX ? '…' : '';
  const shown = visible(line.slice(from, from + EXCERPT_MAX));
  const number = String(finding.line);
  const indent = ' '.repeat(before.length + width(visible(line.slice(from, column))));
  return `${first}\n  ${number} | ${before}${shown}${after}\n  ${' '.repeat(number.length)} | ${indent}^`;
}

/** Tabs and control characters as spaces: a file must not steer the terminal. Half letters at a cut are dropped. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ').replace(/\p{Cs}/gu, '');
}

/** Columns a text takes in a terminal: marks take none, letters of East Asia and emoji two. */
function width(text: string): number {
  const letters = text.replace(/[\p{M}\p{Cf}]/gu, '');
  const wide = letters.match(
    /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Extended_Pictographic}]/gu,
  );
  return Array.from(letters).length + (wide?.length ?? 0);
}

/** `2 errors, 5 warnings`; `no findings`. */
export function formatCounts(findings: readonly Finding[]): string {
  const count = (severity: Finding['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const told = (number: number, what: string): string[] =>
    number === 0 ? [] : [`${String(number)} ${what}${number === 1 ? '' : 's'}`];
  const all = [...told(count('error'), 'error'), ...told(count('warning'), 'warning')];
  return all.length === 0 ? 'no findings' : all.join(', ');
}

/**
 * Findings as SARIF 2.1.0 (OASIS), which code hosts show beside the lines.
 * `uri`: a file as the host knows it, relative to the repository.
 */
export function sarif(findings: readonly Finding[], uri: (file: string) => string): object {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'lotse',
            rules: codes.map((code) => ({
              id: code,
              help: { text: `What '${code}' means and how to mend it: docs/findings.md#${code}` },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map(({ code, severity, message, file, line, column }) => ({
          ruleId: code,
          ruleIndex: codes.indexOf(code),
          level: severity,
          message: { text: message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: uri(file) },
                region: { startLine: line, startColumn: column },
              },
            },
          ],
        })),
      },
    ],
  };
}
