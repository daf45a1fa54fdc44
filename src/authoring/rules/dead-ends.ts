import type { Finding } from '../finding.ts';
import type { Checked, Rule } from '../rule.ts';
import { firstOf, fixpoint, graphOf, placeOf, targetOf, type Graph, type Node, type Way } from './graph.ts';

/** Answers after which the conversation is over and nothing is said, and flows that open and close without a word. */
export const deadEnds: Rule = (checked) => {
  const graph = graphOf(checked);
  const mute = fixpoint(
    graph,
    (node, known) => !node.step.waits && node.ways.some((way) => isMute(node, way, graph, known)),
  );
  const outermost = outermostFlows(checked, graph);
  const found: Finding[] = [];
  for (const node of graph.values()) {
    if (!outermost.has(node.flow.id)) continue;
    const silent = node.ways.filter(
      (way) => answers(node, way) && !way.speaks && !way.later && isMute(node, way, graph, mute),
    );
    for (const way of silent) {
      const { path, options } = placeOf(node, way);
      const after =
        way.option === null ? `after '${node.name}'` : `after the option '${way.option}' of '${node.name}'`;
      const message = `${after} the conversation ends and nothing is said, so the person waits in vain; lead it to a step that says something, such as {end: Thank you.}`;
      found.push(node.source.finding('dead-end', path, message, options));
    }
  }
  for (const id of outermost) {
    const first = firstOf(id, graph);
    if (first && mute.has(first))
      found.push(
        first.source.finding(
          'dead-end',
          ['steps', first.name],
          `the flow '${id}' can end without having said or asked anything; whoever opens it waits in vain`,
          { key: true },
        ),
      );
  }
  return found;
};

/** A way that a person's answer, or a result they wait for, can take. */
function answers({ step }: Node, { path: [section] }: Way): boolean {
  return step.waits || section === 'none' || section === 'failed';
}

/** Whether nothing is said from here to the end, given the steps of which that is known. */
function isMute(node: Node, { jump, speaks, later }: Way, graph: Graph, known: ReadonlySet<Node>): boolean {
  if (speaks || later) return false;
  if (!jump) return true;
  const { to, then } = targetOf(node, jump, graph);
  if (to === null || !known.has(to)) return false;
  return !('call' in jump) || jump.then === undefined || (then !== null && known.has(then));
}

/** Flows at whose end nobody goes on: all but those that are only ever called by flows that do. */
function outermostFlows({ bot }: Checked, graph: Graph): ReadonlySet<string> {
  const outermost = new Set<string>([bot.start.id]);
  const called = new Set<string>();
  const tails: [from: string, to: string][] = [];
  for (const node of graph.values())
    for (const { jump } of node.ways) {
      const { to } = jump ? targetOf(node, jump, graph) : { to: null };
      if (!jump || !to || 'to' in jump) continue;
      if ('go' in jump) outermost.add(to.flow.id);
      else if (jump.then === undefined) tails.push([node.flow.id, to.flow.id]);
      else called.add(to.flow.id);
    }
  for (const { id, texts } of bot.flows.values())
    if (texts.has('entry') || texts.has('crisis') || !called.has(id)) outermost.add(id);
  for (let grown = -1; grown !== outermost.size;) {
    grown = outermost.size;
    for (const [from, to] of tails) if (outermost.has(from)) outermost.add(to);
  }
  return outermost;
}
