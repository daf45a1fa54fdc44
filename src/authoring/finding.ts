import { closest, distance } from 'fastest-levenshtein';

/** Something an author should know about a file, worded so that it can be mended without asking anyone. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  /** Stable, for machines and for looking it up. */
  readonly code: FindingCode;
  /** As given to the loader, e.g. flows/housing.yaml. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export const FINDING_CODES = [
  'unreadable',
  'too-large',
  'yaml',
  'alias',
  'duplicate-key',
  'wrong-shape',
  'unknown-key',
  'wrong-name',
  'unknown-kind',
  'unknown-step',
  'unknown-flow',
  'unknown-answer',
  'unknown-placeholder',
  'condition',
  'translation-file',
  'start-flow',
] as const;

export type FindingCode = (typeof FINDING_CODES)[number];

/** `flows/housing.yaml:12:9 error unknown-step: …`, one line. */
export function formatFinding({ file, line, column, severity, code, message }: Finding): string {
  return `${file}:${String(line)}:${String(column)} ${severity} ${code}: ${message}`;
}

/** `; did you mean 'helped'?`, if one of the names is near enough to be meant; else nothing. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const names = [...known];
  if (names.length === 0) return '';
  const near = closest(name, names);
  return distance(name, near) <= Math.max(1, Math.floor(name.length / 3)) ? `; did you mean '${near}'?` : '';
}
