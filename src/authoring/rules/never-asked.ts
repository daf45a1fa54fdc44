import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { enteredFromOutside, knownAnswers } from './known-answers.ts';
import { graphOf, targetOf, type Graph, type Node } from './graph.ts';
import { usesOf } from './uses.ts';
import { warning } from './warning.ts';

/** Answers used where no step, or none before, or not on every way there, has asked for them. */
export const neverAsked: Rule = (checked) => {
  const graph = graphOf(checked);
  const entered = enteredFromOutside(graph);
  return checked.loaded.flatMap(({ flow, source }): Finding[] => {
    if (!flow || flow.answers.size === 0) return [];
    const nodes = [...flow.steps.keys()].flatMap((name) => graph.get(`${flow.id}/${name}`) ?? []);
    const keptForDays = (answer: string): boolean => flow.answers.get(answer)?.keepMs != null;
    const known = knownAnswers(checked, flow, entered.get(flow.id) ?? new Set(), keptForDays);
    const afterwards = new Map<string, ReadonlySet<Node> | null>();
    const after = (answer: string): ReadonlySet<Node> | null => {
      const found = afterwards.get(answer);
      if (found !== undefined) return found;
      const writers = nodes.filter(({ step }) => step.writes.some((one) => one.answer === answer));
      const reached = writers.length === 0 ? null : reachedFrom(writers, graph);
      afterwards.set(answer, reached);
      return reached;
    };
    return nodes.flatMap((node) =>
      usesOf(node).flatMap(({ answer, path, offset, how }) => {
        if (!flow.answers.has(answer)) return [];
        const reached = after(answer);
        const effect = EFFECTS[how];
        const at = { offset };
        if (reached === null) {
          const message = `'${answer}' is used here, but no step of this flow asks for it, so ${effect}; ask for it with answer: ${answer}, or set it`;
          return [source.finding('never-asked', path, message, at)];
        }
        const written = how === 'condition' && node.step.writes.some((one) => one.answer === answer);
        if (!reached.has(node) && !written && !keptForDays(answer)) {
          const message = `'${answer}' is used here, but the step that asks for it only comes later, so ${effect}; ask first`;
          return [warning(source, 'never-asked', path, message, at)];
        }
        if (how !== 'text' || known.get(node)?.has(answer) !== false) return [];
        const message = `'${answer}' is shown here, but there is a way to '${node.name}' on which nobody was asked for it, and then ${effect}; ask on every way, or branch before this text`;
        return [warning(source, 'not-always-asked', path, message, at)];
      }),
    );
  });
};

const EFFECTS = {
  text: "people would read '…' in its place",
  condition: 'this never holds',
  read: 'the step has to do without it',
} as const;

/** Every step that can come after one of these, through other flows too. */
function reachedFrom(writers: readonly Node[], graph: Graph): ReadonlySet<Node> {
  const reached = new Set<Node>();
  const waiting = [...writers];
  for (let node = waiting.pop(); node; node = waiting.pop())
    for (const { jump } of node.ways) {
      if (!jump) continue;
      const { to, then } = targetOf(node, jump, graph);
      for (const next of [to, then])
        if (next && !reached.has(next)) {
          reached.add(next);
          waiting.push(next);
        }
    }
  return reached;
}
