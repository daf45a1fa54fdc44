import { z } from 'zod';
import { didYouMean, type Finding } from '../finding.ts';
import { readSource, type Source } from '../source.ts';
import type { Fixture } from './fixtures.ts';
import { KEYS, testSchema, type Expectation, type RenderingName, type Said } from './format.ts';

/** `step` or `flow/step` in full: `flow/step`. */
export function fullName(name: string, flow: string): string {
  return name.includes('/') ? name : `${flow}/${name}`;
}

/** Where something stands in a test file; both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What is done or expected next, with its place. */
export type Line =
  | { readonly type: 'said'; readonly said: Said; readonly at: Place; readonly path: Path }
  | {
      readonly type: 'expected';
      readonly expectation: Expectation;
      readonly at: Place;
      /** Where each of its keys stands. */
      readonly keys: ReadonlyMap<string, Place>;
      readonly path: Path;
    };

export type Path = readonly (string | number)[];

/** One test, in the order of the conversation. */
export interface Test {
  readonly name: string;
  readonly file: string;
  readonly at: Place;
  /** Its number in the file, from 0. */
  readonly index: number;
  /** Of the flow the file is named after; names without a flow are meant in it. */
  readonly flow: string;
  /** null: all. */
  readonly languages: readonly string[] | null;
  readonly as: readonly RenderingName[] | null;
  /** ms since 1970 at which the clock stands still. */
  readonly nowMs: number;
  readonly languageKnown: boolean;
  /** By `flow/step`: what it gets from outside. */
  readonly fixtures: ReadonlyMap<string, Fixture>;
  readonly lines: readonly Line[];
}

export interface TestFile {
  /** Those without findings. */
  readonly tests: readonly Test[];
  readonly findings: readonly Finding[];
  readonly source: Source;
}

/** Noon of a day without change of clocks. */
const DEFAULT_NOW = Date.UTC(2026, 0, 1, 12);
const NO_LIST = "the file: must be a list of tests, each beginning with '- test: …'";

/** Reads one test file, of the flow `flow`; a broken test never hides the others. */
export function loadTests(file: string, flow: string, text: string): TestFile {
  const source = readSource(file, text);
  if (source.data === undefined) return { tests: [], findings: source.findings, source };
  if (!Array.isArray(source.data) || source.data.length === 0)
    return {
      tests: [],
      findings: [...source.findings, source.finding('wrong-shape', [], NO_LIST)],
      source,
    };
  const all: readonly unknown[] = source.data;
  const read = all.map((raw, index) => readTest(raw, index, flow, source));
  return {
    tests: read.flatMap(({ test }) => test ?? []),
    findings: [...source.findings, ...read.flatMap(({ findings }) => findings)],
    source,
  };
}

function readTest(
  raw: unknown,
  index: number,
  flow: string,
  source: Source,
): { test: Test | null; findings: Finding[] } {
  const parsed = testSchema.safeParse(raw);
  if (!parsed.success) return { test: null, findings: findingsOf(parsed.error, index, source) };
  const { data } = parsed;
  const said = (path: Path, one: Said): Line => ({ type: 'said', said: one, path, at: place(source, path) });
  const expected = (path: Path, expectation: Expectation): Line => ({
    type: 'expected',
    expectation,
    path,
    at: place(source, path),
    keys: new Map(Object.keys(expectation).map((key) => [key, place(source, [...path, key])])),
  });
  const lines = (base: Path, say: readonly Said[] = [], expect: readonly Expectation[] = []): Line[] => [
    ...say.map((one, at) => said([...base, 'say', at], one)),
    ...expect.map((one, at) => expected([...base, 'expect', at], one)),
  ];
  const test: Test = {
    name: data.test,
    file: source.file,
    at: place(source, [index]),
    index,
    flow,
    languages: data.languages ?? null,
    as: data.as ?? null,
    nowMs: data.today === undefined ? DEFAULT_NOW : timeOf(data.today),
    languageKnown: data.language_known,
    fixtures: new Map(
      Object.entries(data.fixtures ?? {}).map(([step, fixture]) => [fullName(step, flow), fixture]),
    ),
    lines: [
      ...lines([index], data.say, data.expect),
      ...(data.talk ?? []).flatMap(({ say, expect }, at) => lines([index, 'talk', at], say, expect)),
    ],
  };
  return { test, findings: [] };
}

function timeOf(today: string): number {
  return Date.parse(today.includes('T') ? today : `${today}T12:00Z`);
}

function place(source: Source, path: Path): Place {
  const { line, column } = source.finding('wrong-shape', path, '');
  return { line, column };
}

/** zod's issues in words an author understands, each at its place. */
function findingsOf(error: z.ZodError, index: number, source: Source): Finding[] {
  const misspelt = new Set(
    error.issues.flatMap(({ code, path }) => (code === 'unrecognized_keys' ? [path.join('.')] : [])),
  );
  return error.issues.flatMap((issue) => {
    // What is missing beside a key nobody knows is that key, spelt right.
    if (issue.code === 'custom' && misspelt.has(issue.path.join('.'))) return [];
    const path = [index, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => {
        // A comma, a colon or a # ends a text in YAML that stands without quotes.
        const spaced = /\s/.test(key) ? '; is it part of a text? Then put the text in quotes' : '';
        const hint = KEYS.includes(key) ? '' : spaced || didYouMean(key, KEYS);
        const message = `'${key}' is not known here${hint}`;
        return source.finding('unknown-key', [...path, key], message, { key: true });
      });
    const name = path.slice(1).filter((part) => typeof part === 'string');
    return [source.finding('wrong-shape', path, `${name.join('.') || 'the test'}: ${explain(issue)}`)];
  });
}

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  return issue.message.replace(/^Invalid input: /, '');
}
