import { graphOf, targetOf, type Graph, type Node, type Way } from './graph.ts';
import type { Checked } from '../rule.ts';
import type { Flow } from '../../engine/model.ts';
import { CONVERSATION_MS } from '../../engine/session.ts';
import { namesIn } from './uses.ts';

/** The answers given by the time each step is entered, whichever way led there; a step no way leads to is left out. */
export type KnownAnswers = ReadonlyMap<Node, ReadonlySet<string>>;

/**
 * Walks a flow from its beginnings. `lasting`: what of the given answers is still there when a reminder
 * comes, days later.
 */
export function knownAnswers(
  checked: Checked,
  flow: Flow,
  entered: ReadonlySet<string>,
  lasting: (answer: string) => boolean,
): KnownAnswers {
  const graph = graphOf(checked);
  const known = new Map<Node, ReadonlySet<string>>();
  const waiting: Node[] = [];
  const arrive = (node: Node | null | undefined, given: ReadonlySet<string>): void => {
    if (!node || node.flow !== flow) return;
    const before = known.get(node);
    const after = before ? new Set([...before].filter((answer) => given.has(answer))) : given;
    if (before?.size === after.size) return;
    known.set(node, after);
    waiting.push(node);
  };
  const nothing = new Set<string>();
  const begin = [flow.first, ...flow.everywhere.values(), ...entered];
  for (const name of begin) arrive(graph.get(`${flow.id}/${name}`), nothing);
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    const before = known.get(node) ?? nothing;
    const written = node.step.writes.map(({ answer }) => answer);
    for (const way of node.ways) {
      if (!way.jump) continue;
      const given =
        way.later && !isSameConversation(node)
          ? new Set([...before].filter(lasting))
          : new Set([...before, ...written, ...assumed(way)]);
      const { to, then } = targetOf(node, way.jump, graph);
      arrive(to, given);
      arrive(then, given);
    }
  }
  return known;
}

/** A reminder at a question that is still open, before the answers of the conversation are dropped. */
function isSameConversation({ step: { later } }: Node): boolean {
  return later?.unanswered === true && (later.ms ?? CONVERSATION_MS) < CONVERSATION_MS;
}

/** What a condition speaks of was given where it holds. */
function assumed({ jump }: Way): string[] {
  return jump?.when === undefined ? [] : namesIn(jump.when).map(({ name }) => name);
}

/** The steps at which other flows enter each flow, by flow. */
export function enteredFromOutside(graph: Graph): ReadonlyMap<string, ReadonlySet<string>> {
  const entered = new Map<string, Set<string>>();
  for (const node of graph.values())
    for (const { jump } of node.ways) {
      const { to } = jump ? targetOf(node, jump, graph) : { to: null };
      if (to && to.flow !== node.flow)
        entered.set(to.flow.id, (entered.get(to.flow.id) ?? new Set()).add(to.name));
    }
  return entered;
}
