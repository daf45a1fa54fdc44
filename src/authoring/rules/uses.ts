import { parse, type ASTNode } from '@marcbachmann/cel-js';
import type { Path } from '../../engine/model.ts';
import type { Node } from './graph.ts';

/** A place where an answer is needed. */
export interface Use {
  readonly answer: string;
  /** Below `steps.<name>`. */
  readonly path: Path;
  /** Where in the text at that path it begins, in characters. */
  readonly offset: number;
  /** `text`: people would read «…» in its place; `condition`: it would be false; `read`: the step goes without. */
  readonly how: 'text' | 'condition' | 'read';
}

const PLACEHOLDER = /\{\{\s*([a-z][a-z0-9_]*)/g;

/** Every use of an answer in a step. */
export function usesOf({ step, name }: Node): Use[] {
  const inTexts = step.texts.flatMap(({ path, source }) =>
    [...source.matchAll(PLACEHOLDER)].map(({ 1: answer = '', index }): Use => {
      const below = path.split('.').slice(2);
      return { answer, path: below, offset: index, how: 'text' };
    }),
  );
  const inConditions = step.conditions.flatMap(({ path, source }) =>
    namesIn(source).map(({ name: answer, offset }): Use => ({ answer, path, offset, how: 'condition' })),
  );
  const other = step.reads.map(({ path, answer }): Use => ({ answer, path, offset: 0, how: 'read' }));
  return [...inTexts, ...inConditions, ...other].map((use) => ({
    ...use,
    path: ['steps', name, ...use.path],
  }));
}

const remembered = new Map<string, readonly { readonly name: string; readonly offset: number }[]>();
const REMEMBERED_MAX = 10_000;

/** The names a condition speaks of, with their places in it. */
export function namesIn(condition: string): readonly { readonly name: string; readonly offset: number }[] {
  const known = remembered.get(condition);
  if (known) return known;
  const found = nodesIn(condition).flatMap(({ op, args, start }) =>
    op === 'id' ? [{ name: args, offset: start }] : [],
  );
  if (remembered.size < REMEMBERED_MAX) remembered.set(condition, found);
  return found;
}

/** Every part of a condition that loaded without findings. */
export function nodesIn(condition: string): ASTNode[] {
  const all: ASTNode[] = [];
  const walk = (node: ASTNode): void => {
    all.push(node);
    for (const inner of [node.args].flat(3)) if (isNode(inner)) walk(inner);
  };
  walk(parse(condition).ast);
  return all;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
