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

/** What the loader finds: nothing that has such a finding can be used. */
export const LOADER_CODES = [
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
  'media-file',
  'start-flow',
] as const;

/** What the rules of `lotse check` find, each described in docs/findings.md. */
export const FINDING_CODES = [
  ...LOADER_CODES,
  'unreachable-step',
  'unreachable-flow',
  'endless-loop',
  'cyclic-call',
  'never-returns',
  'dead-end',
  'never-asked',
  'not-always-asked',
  'unused-answer',
  'kept-without-need',
  'kept-too-long',
  'vague-purpose',
  'range',
  'typed-choice',
  'useless-condition',
  'never-true',
  'options-collide',
  'label-number',
  'label-word',
  'too-many-options',
  'word-collides',
  'crisis-too-common',
  'no-crisis',
  'everywhere-ignored',
  'moved-exists',
  'useless-next',
  'never-checked',
  'review-due',
  'no-owner',
  'outside-window',
  'missing-translation',
  'fuzzy-translation',
  'machine-translation',
  'translation-placeholder',
  'translation-too-long',
  'translation-bold',
  'translation-same',
  'translation-number',
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
