import type { Rule } from '../rule.ts';
import { firstOf, graphOf, targetOf, type Node } from './graph.ts';
import { warning } from './warning.ts';

/** Steps that no way leads to: not from the first step, a `moved` name, an everywhere word, a reminder or another flow. */
export const unreachableSteps: Rule = (checked) => {
  const graph = graphOf(checked);
  const reached = new Set<Node>();
  const waiting: Node[] = [];
  const reach = (node: Node | null | undefined): void => {
    if (!node || reached.has(node)) return;
    reached.add(node);
    waiting.push(node);
  };
  for (const { flow } of checked.loaded) {
    if (!flow) continue;
    reach(firstOf(flow.id, graph));
    for (const name of [...flow.moved.values(), ...flow.everywhere.values()])
      reach(graph.get(`${flow.id}/${name}`));
  }
  for (let node = waiting.pop(); node; node = waiting.pop())
    for (const { jump } of node.ways) {
      if (!jump) continue;
      const { to, then } = targetOf(node, jump, graph);
      reach(to);
      reach(then);
    }
  return [...graph.values()]
    .filter((node) => !reached.has(node))
    .map(({ source, name }) =>
      warning(
        source,
        'unreachable-step',
        ['steps', name],
        `no step leads to '${name}', so nobody ever gets there; lead a next here, or remove the step`,
        { key: true },
      ),
    );
};

/** Flows that nothing opens: no entry word, no danger phrase, no other flow. */
export const unreachableFlows: Rule = (checked) => {
  const graph = graphOf(checked);
  const opened = new Set([checked.bot.start.id]);
  for (const node of graph.values())
    for (const { jump } of node.ways) {
      const { to } = jump ? targetOf(node, jump, graph) : { to: null };
      if (to && to.flow !== node.flow) opened.add(to.flow.id);
    }
  return checked.loaded.flatMap(({ flow, source }) =>
    !flow || opened.has(flow.id) || flow.texts.has('entry') || flow.texts.has('crisis')
      ? []
      : [
          warning(
            source,
            'unreachable-flow',
            ['flow'],
            `nothing opens '${flow.id}': give it entry words, or lead to it with go or call from another flow`,
          ),
        ],
  );
};
