import type { FlowGraph, GraphEdge, GraphNode } from './model.ts';
import { lines, plain } from './words.ts';

/** Graphviz knows how wide its letters are. */
const FONT = 'Arial';

/** Characters of a line in a node, and on an arrow. */
const NODE_WIDTH = 26;
const EDGE_WIDTH = 22;

interface Look {
  readonly shape: string;
  readonly style: string;
  readonly fill: string;
  readonly line: string;
}

const look = (shape: string, style: string, fill: string, line: string): Look => ({
  shape,
  style,
  fill,
  line,
});

/** By kind; those not named here look like any step. */
const LOOKS: ReadonlyMap<string, Look> = new Map([
  ['start', look('box', 'rounded,filled', '#1d3557', '#1d3557')],
  ['everywhere', look('box', 'rounded,filled,dashed', '#f8fafc', '#64748b')],
  ['ask', look('box', 'rounded,filled', '#dbeafe', '#2563eb')],
  ['ask languages', look('box', 'rounded,filled', '#dbeafe', '#2563eb')],
  ['say', look('box', 'filled', '#ffffff', '#94a3b8')],
  ['branch', look('diamond', 'filled', '#fef3c7', '#d97706')],
  ['set', look('box', 'filled', '#fef9c3', '#ca8a04')],
  ['find', look('cylinder', 'filled', '#dcfce7', '#16a34a')],
  ['look_up', look('cylinder', 'filled', '#dcfce7', '#16a34a')],
  ['refer', look('house', 'filled', '#fce7f3', '#db2777')],
  ['handoff', look('house', 'filled', '#fce7f3', '#db2777')],
  ['call', look('box', 'filled', '#ede9fe', '#7c3aed')],
  ['go', look('cds', 'filled', '#ccfbf1', '#0d9488')],
]);
const ANY = look('box', 'filled', '#f1f5f9', '#64748b');

/** Graphviz's language: the whole look of the graph, also of the SVG made from it. */
export function graphDot(graph: FlowGraph): string {
  const attributes = [
    `graph [rankdir=TB, nodesep=0.35, ranksep=0.5, pad=0.3, bgcolor="#ffffff", fontname="${FONT}"];`,
    `node [fontname="${FONT}", fontsize=12, fontcolor="#0f172a", penwidth=1.3, margin="0.16,0.09"];`,
    `edge [fontname="${FONT}", fontsize=10.5, fontcolor="#334155", color="#94a3b8", penwidth=1.2, arrowsize=0.7];`,
  ];
  const places = new Map(graph.nodes.map(({ id }, index) => [id, index]));
  const isBack = ({ from, to }: GraphEdge): boolean => (places.get(to) ?? 0) <= (places.get(from) ?? 0);
  const edges = graph.edges.map((one) => edge(one, isBack(one)));
  const all = [...attributes, ...graph.nodes.map(node), ...edges];
  return `digraph flow {\n${all.map((line) => `  ${line}\n`).join('')}}\n`;
}

function node({ id, type, kind, name, text }: GraphNode): string {
  if (type === 'end')
    return `${id} [shape=doublecircle, style=filled, fillcolor="#1d3557", color="#1d3557", label="", width=0.16, tooltip="end"];`;
  const { shape, style, fill, line } = LOOKS.get(kind) ?? ANY;
  const attributes = [
    `shape=${shape}`,
    `style="${style}"`,
    `fillcolor="${fill}"`,
    `color="${line}"`,
    ...(type === 'start' ? ['fontcolor="#ffffff"'] : []),
    ...(type === 'call' ? ['peripheries=2'] : []),
    ...(name === '' ? [] : ['class="named"']),
    `label="${[plain(name), ...lines(text, NODE_WIDTH)]
      .filter((one) => one !== '')
      .map(escaped)
      .join('\\n')}"`,
    `tooltip="${escaped(plain(`${kind} ${name}`))}"`,
  ];
  return `${id} [${attributes.join(', ')}];`;
}

/** `isBack`: to a step that stands further up in the file; drawn paler, since most of them lead to a menu. */
function edge({ from, to, label }: GraphEdge, isBack: boolean): string {
  const all = label.split('\n').flatMap((one) => lines(one, EDGE_WIDTH).map(escaped));
  const attributes = [
    // Spaces keep the words off the arrow.
    ...(all.length === 0 ? [] : [`label="${all.map((line) => ` ${line} `).join('\\n')}"`]),
    ...(isBack ? ['color="#cbd5e1"'] : []),
  ];
  return `${from} -> ${to}${attributes.length === 0 ? '' : ` [${attributes.join(', ')}]`};`;
}

/** For Graphviz's quoted texts, in which backslashes and XML's entities mean something. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}
