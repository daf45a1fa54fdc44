import type { Rule } from '../rule.ts';
import { fixpoint, graphOf, placeOf, targetOf } from './graph.ts';
import { deepening, ends } from './loops.ts';
import { warning } from './warning.ts';

/** Calls that wait for a flow which never ends, so that `then` is never reached. */
export const neverReturns: Rule = (checked) => {
  const graph = graphOf(checked);
  const ending = fixpoint(graph, (node, known) => ends(node, graph, known));
  // Calls without end are said to be that.
  const cyclic = new Set(deepening(graph, true).flat());
  return [...graph.values()].flatMap((node) =>
    node.ways.flatMap((way) => {
      const { jump } = way;
      if (!jump || !('call' in jump) || jump.then === undefined) return [];
      const { to } = targetOf(node, jump, graph);
      if (!to || ending.has(to) || cyclic.has(node)) return [];
      const message = `'${jump.call}' never comes to an end, so '${jump.then}' is never reached from here; let it end somewhere (end: true), or use go`;
      return [warning(node.source, 'never-returns', placeOf(node, way).path, message)];
    }),
  );
};
