import type { FlowGraph, GraphEdge, GraphNode } from './model.ts';
import { lines, plain } from './words.ts';

/** Characters of a line in a node, and on an arrow. */
const NODE_WIDTH = 30;
const EDGE_WIDTH = 24;

/** Brackets around a label, by kind; those not named here are boxes. */
const SHAPES: ReadonlyMap<string, readonly [open: string, close: string]> = new Map([
  ['start', ['([', '])']],
  ['everywhere', ['([', '])']],
  ['end', ['(((', ')))']],
  ['ask', ['(', ')']],
  ['ask languages', ['(', ')']],
  ['branch', ['{', '}']],
  ['find', ['[(', ')]']],
  ['look_up', ['[(', ')]']],
  ['call', ['[[', ']]']],
  ['go', ['>', ']']],
]);

const CLASSES = [
  'classDef start fill:#1d3557,stroke:#1d3557,color:#ffffff',
  'classDef everywhere fill:#f8fafc,stroke:#64748b,color:#0f172a',
  'classDef step fill:#f1f5f9,stroke:#64748b,color:#0f172a',
  'classDef call fill:#ede9fe,stroke:#7c3aed,color:#0f172a',
  'classDef go fill:#ccfbf1,stroke:#0d9488,color:#0f172a',
  'classDef end_ fill:#1d3557,stroke:#1d3557,color:#ffffff',
];

/** Mermaid's flowchart, which code hosts show in Markdown. */
export function graphMermaid(graph: FlowGraph): string {
  const groups = new Map<string, string[]>();
  for (const { id, type } of graph.nodes) groups.set(type, [...(groups.get(type) ?? []), named(id)]);
  const classes = [...groups].map(([type, ids]) => `class ${ids.join(',')} ${named(type)}`);
  const all = [...graph.nodes.map(node), ...graph.edges.map(edge), ...CLASSES, ...classes];
  return `flowchart TB\n${all.map((line) => `  ${line}\n`).join('')}`;
}

/** `end` is a word of Mermaid's own. */
function named(id: string): string {
  return id === 'end' ? 'end_' : id;
}

function node({ id, kind, name, text }: GraphNode): string {
  const [open, close] = SHAPES.get(kind) ?? ['[', ']'];
  const label = [plain(name), ...lines(text, NODE_WIDTH)].filter((line) => line !== '').map(escaped);
  return `${named(id)}${open}"${label.length === 0 ? ' ' : label.join('<br/>')}"${close}`;
}

function edge({ from, to, label }: GraphEdge): string {
  const all = label.split('\n').flatMap((one) => lines(one, EDGE_WIDTH).map(escaped));
  return `${named(from)} -->${all.length === 0 ? '' : `|"${all.join('<br/>')}"|`} ${named(to)}`;
}

/**
 * All but letters, digits, spaces and marks that mean nothing to Mermaid becomes #code;, so that no text can end its
 * quotes, begin Markdown (`1. `, backquotes) or a comment, or be taken for HTML.
 */
function escaped(text: string): string {
  return text.replace(
    /[^\p{L}\p{M}\p{N} ,!?…·–«»\u2067\u2069]/gu,
    (sign) => `#${String(sign.codePointAt(0) ?? 0)};`,
  );
}
