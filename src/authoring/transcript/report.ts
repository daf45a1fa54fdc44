import { lastOf } from './say.ts';
import type { Entry, Run } from './play.ts';
import type { Difference } from './state.ts';

/** A failed run for programs. */
export interface Failure {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly test: string;
  readonly language: string;
  readonly as: string;
  readonly expected: string;
  readonly actual: string;
}

export function failuresOf(runs: readonly Run[]): Failure[] {
  return runs.flatMap(({ test, language, as, differences }) =>
    differences.map(({ at, expected, actual }) => ({
      file: test.file,
      line: at.line,
      column: at.column,
      test: test.name,
      language,
      as,
      expected,
      actual,
    })),
  );
}

/** The conversations that went wrong, each once: runs that differ in the same places follow in one line. */
export function formatFailures(runs: readonly Run[]): string[] {
  const alike = new Map<string, Run[]>();
  for (const run of runs.filter(({ differences }) => differences.length > 0)) {
    const where = run.differences.map(({ at, expected }) => [at.line, at.column, expected.split(',')[0]]);
    const key = JSON.stringify([run.test.file, run.test.index, where]);
    alike.set(key, [...(alike.get(key) ?? []), run]);
  }
  return [...alike.values()].flatMap(([first, ...rest]) => (first ? formatRun(first, rest) : []));
}

function formatRun({ test, language, as, entries }: Run, alike: readonly Run[]): string[] {
  const { line, column } = test.at;
  const lines = entries.flatMap((entry, index) => {
    // What a difference is about is shown in full.
    const matters = entries[index + 1]?.by === 'test' || (entries[index + 2]?.by === 'test' && index > 0);
    return formatEntry(entry, matters, test.file);
  });
  const others = alike.map((run) => `${run.language} ${run.as}`);
  return [
    `FAILED ${test.name} (${language}, ${as}) ${test.file}:${String(line)}:${String(column)}`,
    ...lines.map((text) => `  ${text}`.trimEnd()),
    ...(others.length > 0 ? [`  the same in ${String(others.length)} more: ${others.join(', ')}`] : []),
    '',
  ];
}

function formatEntry(entry: Entry, whole: boolean, file: string): string[] {
  switch (entry.by) {
    case 'person': {
      const meant = entry.meant === '' || entry.words.includes(entry.meant) ? '' : ` (${entry.meant})`;
      return [`person: ${entry.words}${meant}`];
    }
    case 'lotse': {
      const where = entry.steps.length > 0 ? ` at ${entry.steps.join(' > ')}` : '';
      const said = entry.messages.flatMap(({ text, menu }) => [
        ...(whole ? text.split('\n') : [shortened(text)]),
        ...(menu?.options ?? []).map(({ id, label }) => `[${lastOf(id)}] ${label}`),
      ]);
      return [`lotse${where}:`, ...(said.length > 0 ? said : ['(nothing)']).map((text) => `    ${text}`)];
    }
    case 'test':
      return entry.differences.flatMap((difference) => formatDifference(difference, file));
  }
}

function formatDifference({ at, expected, actual }: Difference, file: string): string[] {
  return [
    `>>> ${file}:${String(at.line)}:${String(at.column)}`,
    `  - expected ${expected}`,
    `  + but      ${actual}`,
  ];
}

const LINE_MAX = 90;

function shortened(text: string): string {
  const line = text.replace(/\s+/gu, ' ');
  return line.length > LINE_MAX ? `${line.slice(0, LINE_MAX)}…` : line;
}
