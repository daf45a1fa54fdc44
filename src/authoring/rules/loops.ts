import type { Jump } from '../../engine/jump.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { circles, fixpoint, graphOf, targetOf, type Graph, type Node } from './graph.ts';
import { namesIn } from './uses.ts';
import { warning } from './warning.ts';

/** Circles of steps that never wait for the person; the engine would stop them after 100 steps with an apology. */
export const endlessLoops: Rule = (checked) => {
  const graph = graphOf(checked);
  const returns = returning(graph, true);
  const growing = new Set(deepening(graph, true).flat());
  const next = (node: Node): Node[] => (node.step.waits ? [] : successors(node, graph, returns));
  return circles(graph.values(), next)
    .filter((circle) => !circle.some((node) => growing.has(node)))
    .map((circle) => {
      const mild = mayStop(circle);
      return finding('endless-loop', circle, graph, mild ? PERHAPS : ENDLESS, mild);
    });
};

/** Flows that call one another in a circle: each round is one level deeper, and sixteen are the limit. */
export const cyclicCalls: Rule = (checked) => {
  const graph = graphOf(checked);
  const silent = deepening(graph, true);
  const reported = new Set(silent.flat());
  const asking = deepening(graph, false).filter((circle) => !circle.some((node) => reported.has(node)));
  return [
    ...silent.map((circle) => finding('cyclic-call', circle, graph, CALLS, false)),
    ...asking.map((circle) => finding('cyclic-call', circle, graph, DEEPER, true)),
  ];
};

/** Circles in which a call waits for its flow to come back while that flow comes round to the call again. */
export function deepening(graph: Graph, silent: boolean): Node[][] {
  const returns = returning(graph, silent);
  // What is left with go is gone, so that such a circle grows nothing.
  const next = (node: Node): Node[] =>
    silent && node.step.waits ? [] : successors(node, graph, returns, (jump) => !('go' in jump));
  return circles(graph.values(), next).filter((circle) => {
    const members = new Set(circle);
    return circle.some((node) => deeper(node, graph, members));
  });
}

const ENDLESS =
  'go round and round without asking anything, so nobody gets out; put a question among them, or lead one of them elsewhere';
const PERHAPS =
  'go round without asking anything until a condition holds; if it does not, nobody gets out: lead on directly instead';
const CALLS =
  'call one another without end and never ask anything; lead back with go instead of call, or put a question among them and leave the circle there';
const DEEPER =
  'call one another in a circle: each round goes one level deeper, and after 16 the person is told that something went wrong; lead back with go instead of call';

function finding(
  code: 'endless-loop' | 'cyclic-call',
  circle: readonly Node[],
  graph: Graph,
  what: string,
  mild: boolean,
): Finding {
  const members = new Set(circle);
  const inOrder = [...graph.values()].filter((node) => members.has(node));
  const [first] = code === 'cyclic-call' ? inOrder.filter((node) => deeper(node, graph, members)) : inOrder;
  if (!first) throw new Error('a circle has a first step');
  const names = inOrder.map(({ key, name, flow }) => (flow === first.flow ? `'${name}'` : `'${key}'`));
  const listed = names.length > 6 ? `${names.slice(0, 6).join(', ')} …` : names.join(', ');
  const message =
    names.length === 1 && code === 'endless-loop'
      ? `the step ${listed} leads to itself without asking anything, so nobody gets out; lead it elsewhere`
      : `the steps ${listed} ${what}`;
  const at = ['steps', first.name];
  return mild
    ? warning(first.source, code, at, message, { key: true })
    : first.source.finding(code, at, message, { key: true });
}

/** Whether a step calls into the circle it is in, and wants to come back. */
function deeper(node: Node, graph: Graph, circle: ReadonlySet<Node>): boolean {
  return node.ways.some(({ jump }) => {
    if (!jump || !('call' in jump) || jump.then === undefined) return false;
    const { to } = targetOf(node, jump, graph);
    return to !== null && circle.has(to);
  });
}

/** A step in the circle sets an answer that a condition in the circle asks for: it may end after a round or two. */
function mayStop(circle: readonly Node[]): boolean {
  const asked = new Set(
    circle.flatMap(({ step }) =>
      step.conditions.flatMap(({ source }) => namesIn(source).map(({ name }) => name)),
    ),
  );
  return circle.some(({ step }) => step.writes.some(({ answer }) => asked.has(answer)));
}

/** Steps from which a flow comes to its end; `silent`: without asking anything on the way. */
function returning(graph: Graph, silent: boolean): ReadonlySet<Node> {
  return fixpoint(graph, (node, known) => !(silent && node.step.waits) && ends(node, graph, known));
}

/** Whether a step reaches the end of its flow, given those known to. */
export function ends(node: Node, graph: Graph, known: ReadonlySet<Node>): boolean {
  return node.ways.some(({ jump, later }) => {
    if (later) return false;
    if (!jump) return true;
    const { to, then } = targetOf(node, jump, graph);
    if ('go' in jump) return false;
    if (!('call' in jump)) return to !== null && known.has(to);
    return to !== null && known.has(to) && (jump.then === undefined || (then !== null && known.has(then)));
  });
}

function successors(
  node: Node,
  graph: Graph,
  returns: ReadonlySet<Node>,
  counts: (jump: Jump) => boolean = () => true,
): Node[] {
  return node.ways.flatMap(({ jump, later }) => {
    if (!jump || later || !counts(jump)) return [];
    const { to, then } = targetOf(node, jump, graph);
    return [...(to ? [to] : []), ...(then && to && returns.has(to) ? [then] : [])];
  });
}
