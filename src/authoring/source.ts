import {
  Composer,
  Parser,
  YAMLParseError,
  isMap,
  isScalar,
  isSeq,
  visit,
  type CST,
  type Document,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { Finding, FindingCode } from './finding.ts';

/** Larger files are refused unread. Bytes. */
export const FILE_MAX = 1024 * 1024;

type Path = readonly (string | number)[];

/** A YAML file with the places of everything in it. */
export interface Source {
  readonly file: string;
  /** The file as plain data, of keys that stand twice the last; undefined where it could not be read as YAML. */
  readonly data: unknown;
  readonly findings: readonly Finding[];
  /** A finding at the value (or the key) of a path, or `offset` characters into its text; at the nearest part of it that exists. */
  finding(
    code: FindingCode,
    path: Path,
    message: string,
    options?: { key?: boolean; offset?: number },
  ): Finding;
}

/** Reads YAML 1.2 without aliases; every problem of the file at once, each with its place. */
export function readSource(file: string, written: string): Source {
  const text = written.replace(/^\ufeff/, '');
  const place = places(text);
  const at = (offset: number, code: FindingCode, message: string): Finding => ({
    severity: 'error',
    code,
    file,
    ...place(offset),
    message,
  });
  const failed = (finding: Finding): Source => ({
    file,
    data: undefined,
    findings: [finding],
    finding: (code, _path, message) => at(0, code, message),
  });
  const bytes = Buffer.byteLength(text);
  if (bytes > FILE_MAX) return failed(tooLarge(file, bytes));

  const tokens = [...new Parser().parse(text)];
  if (tooDeep(tokens)) return failed(at(0, 'yaml', TOO_DEEP));
  try {
    // Duplicate keys are looked for below: the parser compares every key with every other, minutes for a full file.
    const options = { prettyErrors: false, stringKeys: true, uniqueKeys: false };
    const [document, second] = [...new Composer(options).compose(tokens, true, text.length)];
    if (!document) throw new Error('the composer makes a document of any text');
    if (second)
      document.errors.push(new YAMLParseError([second.range[0], second.range[1]], 'MULTIPLE_DOCS', TWO));
    const all = [...document.errors, ...document.warnings];
    // What follows a tab is misread because of it, and would only confuse.
    const tabs = all.filter(({ code }) => code === 'TAB_AS_INDENT');
    const problems = (tabs.length > 0 ? tabs : all).map((problem) =>
      at(problem.pos[0], 'yaml', explain(problem.code, problem.message)),
    );
    const { aliases, keys } = inside(document, at);
    const unreadable = [...problems, ...aliases];
    return {
      file,
      data: unreadable.length > 0 ? undefined : document.toJS({ maxAliasCount: 0 }),
      findings: limited([...unreadable, ...keys]),
      finding(code, path, message, { key = false, offset } = {}) {
        return at(locate(document.contents, path, key, offset), code, message);
      },
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return failed(at(0, 'yaml', TOO_DEEP));
  }
}

/** A flow needs about ten levels. */
const DEPTH_MAX = 100;

/**
 * Whether a file is nested deeper than any flow. Looked at before it is composed: composing recurses, and a
 * regular expression compiled where the stack ends aborts the whole process instead of throwing.
 */
function tooDeep(tokens: readonly CST.Token[]): boolean {
  const waiting = tokens.map((token): [CST.Token | null | undefined, number] => [token, 0]);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [token, depth] = next;
    if (depth > DEPTH_MAX) return true;
    if (!token) continue;
    if (token.type === 'document') waiting.push([token.value, depth + 1]);
    if ('items' in token)
      for (const { key, value } of token.items) waiting.push([key, depth + 1], [value, depth + 1]);
  }
  return false;
}

/** Offsets to lines and columns; the parser's own counter loses lines in texts that are not closed. */
function places(text: string): (offset: number) => { line: number; column: number } {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => {
    const within = Math.min(Math.max(offset, 0), text.length);
    let line = 0;
    let after = starts.length;
    while (after - line > 1) {
      const middle = (line + after) >> 1;
      if ((starts[middle] ?? 0) <= within) line = middle;
      else after = middle;
    }
    return { line: line + 1, column: within - (starts[line] ?? 0) + 1 };
  };
}

/** What the parser lets pass: aliases, and keys that stand twice in one place or cannot be names. */
function inside(
  document: Document,
  at: (offset: number, code: FindingCode, message: string) => Finding,
): { aliases: Finding[]; keys: Finding[] } {
  const aliases: Finding[] = [];
  const keys: Finding[] = [];
  visit(document, {
    Alias: (_key, alias) => {
      const message = `'*${alias.source}' refers to another place in the file; Lotse reads no aliases: write the text again here`;
      aliases.push(at(alias.range?.[0] ?? 0, 'alias', message));
    },
    Map: (_key, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        const offset = key.range?.[0] ?? 0;
        // It means something else in JavaScript, where zod drops it without a word.
        if (name === '__proto__') keys.push(at(offset, 'wrong-name', `'${name}' cannot be a name`));
        else if (seen.has(name)) keys.push(at(offset, 'duplicate-key', `'${name}' ${STANDS_TWICE}`));
        seen.add(name);
      }
    },
  });
  return { aliases, keys };
}

/** More than this of one file help nobody; the rest is counted. */
const FINDINGS_MAX = 100;

function limited(findings: Finding[]): Finding[] {
  const [first, ...rest] = findings.slice(FINDINGS_MAX);
  if (!first) return findings;
  const message = `${first.message}; and ${String(rest.length)} more findings of this file`;
  return [...findings.slice(0, FINDINGS_MAX), rest.length > 0 ? { ...first, message } : first];
}

export function tooLarge(file: string, bytes: number, max = FILE_MAX): Finding {
  const limit = `${String(max / 1024 / 1024)} MiB`;
  const message = `the file has ${String(bytes)} bytes; the limit is ${limit}: split it into several flows`;
  return { severity: 'error', code: 'too-large', file, line: 1, column: 1, message };
}

const TWO = 'a second document begins here; a flow file holds one: remove the line ---';
const TOO_DEEP = 'the file is nested too deeply to be read; a flow needs no more than ten levels';
const STANDS_TWICE = 'stands twice in the same place; remove or rename one of the two';

function explain(code: string, message: string): string {
  if (code === 'RESOURCE_EXHAUSTION') return TOO_DEEP;
  if (code === 'TAB_AS_INDENT') return 'the line begins with a tab; use spaces';
  return message;
}

/** The offset of a path's value or key; list positions that the author did not write are passed over. */
function locate(root: Node | null, path: Path, key: boolean, inner?: number): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const [depth, part] of path.entries()) {
    if (isMap(node)) {
      const pair = pairsOf(node).get(String(part));
      if (!pair && typeof part === 'number') continue;
      if (!pair) return offset;
      const keyOffset = isScalar(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
      const last = depth === path.length - 1;
      const value = pair.value;
      const valueOffset = isMap(value) || isSeq(value) || isScalar(value) ? value.range?.[0] : undefined;
      offset = key && last ? keyOffset : (valueOffset ?? keyOffset);
      node = value;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(part)];
      if (!isMap(item) && !isSeq(item) && !isScalar(item)) return offset;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else if (typeof part !== 'number') return offset;
  }
  return isScalar(node) && inner !== undefined ? offset + within(node, inner) : offset;
}

const remembered = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

/** A map's pairs by key, remembered: one finding for each of thousands of keys must not search them all. */
function pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
  const known = remembered.get(map);
  if (known) return known;
  const made = new Map<string, Pair>();
  for (const pair of map.items) if (isScalar(pair.key)) made.set(String(pair.key.value), pair);
  remembered.set(map, made);
  return made;
}

/** Where a character of a text stands, from where the text begins in the file; 0 where lines are folded. */
function within({ type, range, source = '' }: Scalar, inner: number): number {
  if (range === null || range === undefined) return 0;
  if (type === 'PLAIN') return source.length === range[1] - range[0] ? inner : 0;
  const quoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
  return quoted && source.length + 2 === range[1] - range[0] ? inner + 1 : 0;
}
