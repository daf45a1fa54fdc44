import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { RE2JS, RE2JSSyntaxException } from 're2js';

/**
 * CEL's `matches` runs on the engine of the language it is built in, and JavaScript's can be frozen by one
 * message. So a condition's `x.matches("…")` is renamed to a function of the same length on RE2, which
 * always ends; its patterns are compiled when the flow is loaded.
 */
const OURS = 'regexp2';

export interface Rewritten {
  readonly source: string;
  /** What cannot be used, with its place; null: nothing. */
  readonly problem: { readonly message: string; readonly offset: number } | null;
}

export function addPatterns(environment: Environment): void {
  const compiled = new Map<string, RE2JS>();
  environment.registerFunction(`string.${OURS}(string): bool`, (text: string, pattern: string) => {
    const known = compiled.get(pattern) ?? RE2JS.compile(pattern);
    compiled.set(pattern, known);
    return known.test(text);
  });
}

/** Renames every call of `matches`, whose pattern must be written out. */
export function rewritePatterns(source: string, ast: ASTNode): Rewritten {
  let rewritten = source;
  for (const node of nodesOf(ast)) {
    if (node.op === 'call' && node.args[0] === 'matches')
      return refuse(source, node.start, 'write it as text.matches("pattern")');
    if (node.op !== 'rcall' || node.args[0] !== 'matches') continue;
    const [, , [pattern]] = node.args;
    if (pattern?.op !== 'value' || typeof pattern.args !== 'string')
      return refuse(
        source,
        pattern?.start ?? node.start,
        'the pattern of matches() must be written out between quotes',
      );
    const problem = problemOf(pattern.args);
    if (problem !== null) return refuse(source, pattern.start, `this pattern cannot be used: ${problem}`);
    const name = source.lastIndexOf('matches', pattern.start);
    rewritten = rewritten.slice(0, name) + OURS + rewritten.slice(name + OURS.length);
  }
  return { source: rewritten, problem: null };
}

function refuse(source: string, offset: number, message: string): Rewritten {
  return { source, problem: { message, offset } };
}

function problemOf(pattern: string): string | null {
  try {
    RE2JS.compile(pattern);
    return null;
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return error.message;
    throw error;
  }
}

/** A node and all below it. */
export function nodesOf(node: ASTNode): ASTNode[] {
  return [node, ...[node.args].flat(3).flatMap((inner: unknown) => (isNode(inner) ? nodesOf(inner) : []))];
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
