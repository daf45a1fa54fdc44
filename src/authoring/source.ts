import {
  LineCounter,
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Document,
  type Node,
} from 'yaml';
import type { Finding, FindingCode } from './finding.ts';

/** Larger files are refused unread. Bytes. */
export const FILE_MAX = 1024 * 1024;

type Path = readonly (string | number)[];

/** A YAML file with the places of everything in it. */
export interface Source {
  readonly file: string;
  /** The file as plain data; undefined where it could not be read as YAML. */
  readonly data: unknown;
  readonly findings: readonly Finding[];
  /** A finding at the value (or the key) of a path; at the nearest part of it that exists. */
  finding(
    code: FindingCode,
    path: Path,
    message: string,
    options?: { key?: boolean; offset?: number },
  ): Finding;
}

/** Reads YAML 1.2 without aliases; every problem of the file at once, each with its place. */
export function readSource(file: string, text: string): Source {
  const lines = new LineCounter();
  const place = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
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

  let document: Document;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return failed(
      at(0, 'yaml', 'the file is nested too deeply to be read; a flow needs no more than ten levels'),
    );
  }
  const findings = [...document.errors, ...document.warnings].map((problem) =>
    at(
      problem.pos[0],
      problem.code === 'DUPLICATE_KEY' ? 'duplicate-key' : 'yaml',
      explain(problem.code, problem.message),
    ),
  );
  visit(document, {
    Alias: (_key, alias) => {
      const message = `'*${alias.source}' refers to another place in the file; Lotse reads no aliases: write the text again here`;
      findings.push(at(alias.range?.[0] ?? 0, 'alias', message));
    },
  });
  return {
    file,
    data: findings.length > 0 ? undefined : document.toJS({ maxAliasCount: 0 }),
    findings,
    finding(code, path, message, { key = false, offset = 0 } = {}) {
      return at(locate(document.contents, path, key) + offset, code, message);
    },
  };
}

export function tooLarge(file: string, bytes: number): Finding {
  const message = `the file has ${String(bytes)} bytes; the limit is 1 MiB: split it into several flows`;
  return { severity: 'error', code: 'too-large', file, line: 1, column: 1, message };
}

function explain(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY')
    return 'this key stands twice in the same place; remove or rename one of the two';
  if (code === 'TAB_AS_INDENT') return 'the line begins with a tab; use spaces';
  return message;
}

/** The offset of a path's value or key; list positions that the author did not write are passed over. */
function locate(root: Node | null, path: Path, key: boolean): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const [depth, part] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part),
      );
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
  return offset;
}
