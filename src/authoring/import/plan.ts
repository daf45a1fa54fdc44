import type { Export, ExportFlow, ExportNode, Told } from './export.ts';
import type { Part } from './part.ts';

/** Which messages of a flow belong to which questions: RapidPro sends first, and waits in another node. */
export interface Plan {
  readonly byKey: ReadonlyMap<string, ExportNode>;
  /** Message actions -> what they say. */
  readonly told: ReadonlyMap<Part, Told>;
  /** Waiting nodes -> the message they wait for an answer to. */
  readonly questions: ReadonlyMap<string, Told>;
  /** Messages that are questions: their steps are their waiting nodes'. */
  readonly asked: ReadonlySet<Part>;
  /** Waiting nodes -> what they say to an answer they did not expect, before they wait again. */
  readonly hints: ReadonlyMap<string, Told>;
  /** Nodes that became hints. */
  readonly hinting: ReadonlyMap<string, string>;
  /** Waiting nodes that wait again after an answer they did not expect. */
  readonly again: ReadonlySet<string>;
}

export function planOf(exported: Export, flow: ExportFlow): Plan {
  const byKey = new Map(flow.nodes.map((node) => [node.key, node]));
  const told = new Map<Part, Told>();
  for (const { actions } of flow.nodes)
    for (const action of actions) {
      const said = exported.told(flow, action);
      if (said) told.set(action, said);
    }
  const before = new Map<string, ExportNode[]>();
  const ways = new Map<string, number>();
  for (const node of flow.nodes)
    for (const { to } of node.exits) {
      ways.set(to ?? '', (ways.get(to ?? '') ?? 0) + 1);
      if (to !== null && !node.router) before.set(to, [...(before.get(to) ?? []), node]);
    }
  const lastTold = (node: ExportNode): Told | null =>
    told.get(node.actions.findLast((one) => told.has(one)) ?? node.part) ?? null;

  const plan = {
    byKey,
    told,
    questions: new Map<string, Told>(),
    asked: new Set<Part>(),
    hints: new Map<string, Told>(),
    hinting: new Map<string, string>(),
    again: new Set<string>(),
  };
  for (const node of flow.nodes) {
    if (!node.router?.wait) continue;
    const otherwise = node.router.otherwise?.exit?.to ?? null;
    const candidates = (before.get(node.key) ?? []).filter(
      (one) => leadsOnlyTo(one, node.key) && lastTold(one),
    );
    const asking =
      candidates.find((one) => (lastTold(one)?.replies.length ?? 0) > 0) ??
      candidates.find(({ key }) => key !== otherwise) ??
      candidates[0];
    const question = lastTold(node) ?? (asking ? lastTold(asking) : null);
    if (question && !plan.asked.has(question.action)) {
      plan.questions.set(node.key, question);
      plan.asked.add(question.action);
    }
    if (otherwise === null || node.router.cases.length === 0) continue;
    const back = [node.key, ...(asking && asking.actions.length === 1 ? [asking.key] : [])];
    if (back.includes(otherwise)) plan.again.add(node.key);
    const other = byKey.get(otherwise);
    const hint = other && lastTold(other);
    const isHint =
      hint &&
      hint.replies.length === 0 &&
      !plan.asked.has(hint.action) &&
      other.actions.length === 1 &&
      other !== flow.nodes[0] &&
      ways.get(otherwise) === 1 &&
      !other.router &&
      other.exits.length === 1 &&
      back.includes(other.exits[0]?.to ?? '');
    if (!isHint) continue;
    plan.hints.set(node.key, hint);
    plan.hinting.set(other.key, node.key);
    plan.again.add(node.key);
  }
  return plan;
}

function leadsOnlyTo({ exits }: ExportNode, key: string): boolean {
  return exits[0]?.to === key;
}
