import { bodyOf } from './actions.ts';
import { fold, wordList } from '../../engine/fold.ts';
import { phrases } from '../../engine/phrases.ts';
import { isWordList } from '../translations.ts';
import { Answers, type Answer } from './answers.ts';
import { placeOf, type Context } from './context.ts';
import { declareAnswers } from './declare.ts';
import type { Body, Draft, DraftFlow, Target } from './draft.ts';
import type { Export, ExportFlow, ExportNode } from './export.ts';
import type { Ledger } from './ledger.ts';
import { Names, shortSlug, slug } from './names.ts';
import type { Part } from './part.ts';
import { planOf } from './plan.ts';
import { askSteps, type Asked } from './question.ts';
import { failureTarget, splitTarget } from './split.ts';
import { Words, clean } from './words.ts';

/**
 * Turns one flow of an export into one of Lotse's; all that is in no step is in the ledger. `opened`: folded words
 * that open other flows already; those of this one are added.
 */
export function convertFlow(
  exported: Export,
  flow: ExportFlow,
  id: string,
  flowId: Context['flowId'],
  ledger: Ledger,
  opened: Set<string>,
): DraftFlow {
  const from = ledger.entries.length;
  const answers = new Answers(exported.platform);
  const plan = planOf(exported, flow);
  const asked = declareAnswers(exported, flow, plan, answers);
  const context: Context = {
    exported,
    flow,
    id,
    ledger,
    names: new Names(),
    answers,
    plan,
    flowId,
    steps: [],
    entries: new Map(),
    asksLanguage: new Set(),
  };
  const homes = new Map<Part, string>();
  // Questions first: what can be chosen there decides which conditions can be made of it.
  const questions = new Map<string, Asked & { readonly steps: readonly Draft[] }>();
  for (const node of flow.nodes)
    if (node.router?.wait) {
      const step = askSteps(context, node, node.router, asked.get(node.key));
      questions.set(node.key, { ...step, steps: context.steps.splice(0) });
      const told = plan.questions.get(node.key);
      if (told) homes.set(told.action, step.name);
    }
  for (const node of flow.nodes) {
    const question = questions.get(node.key);
    const hinted = plan.hinting.get(node.key);
    if (hinted !== undefined) {
      context.entries.set(node.key, { node: hinted });
      for (const action of node.actions) homes.set(action, questions.get(hinted)?.name ?? '');
      continue;
    }
    const before = context.steps.length;
    const tail = question ? { step: question.entry } : tailOf(context, node);
    const last = [...context.steps.splice(before), ...(question?.steps ?? [])];
    context.entries.set(node.key, chain(context, node, tail, homes));
    context.steps.push(...last);
  }
  const resolve = resolver(context);
  account(context, resolve, homes);
  ledger.settle(from, (node) => `${id}/${resolve({ node }) ?? 'end'}`);
  const steps = settled(context, resolve, flow.nodes[0]);
  return {
    id,
    language: flow.language,
    title: clean(flow.name).replaceAll('{{', '{') || id,
    entry: entryOf(flow, ledger, opened),
    answers: usedOf(answers, steps),
    steps,
  };
}

/** The answers some step asks for, writes or speaks of; others need not be declared. */
function usedOf(answers: Answers, steps: readonly Draft[]): Answer[] {
  const all = JSON.stringify(steps, (_key, value: unknown) =>
    value instanceof Words ? [value.source, ...value.translations.values()] : value,
  );
  const used = new Set(all.match(/\w+/g));
  return [...answers.all.values()].filter(({ name }) => used.has(name));
}

/** Words that mean something everywhere in Lotse, and so open no flow. */
const EVERYWHERE: ReadonlySet<string> = new Set(
  Object.entries(phrases).flatMap(([key, list]) => (isWordList(key) ? wordList(list).map(fold) : [])),
);

/** The words that open the flow, each in one flow only; commas part words in Lotse, so none can stand in one. */
function entryOf(flow: ExportFlow, ledger: Ledger, opened: Set<string>): string[] {
  const place = { flow: flow.name, node: null, at: null };
  const entry: string[] = [];
  for (const keyword of flow.keywords) {
    const word = clean(keyword)
      .replace(/[,،、\s]+/g, ' ')
      .trim();
    const taken = EVERYWHERE.has(fold(word))
      ? 'it means something everywhere in Lotse'
      : 'it opens a flow already';
    if (fold(word) === '')
      ledger.lost(place, [], 'keyword', 'Lotse understands letters and digits', [keyword]);
    else if (EVERYWHERE.has(fold(word)) || opened.has(fold(word)))
      ledger.lost(place, [], `keyword '${word}'`, taken, [keyword]);
    else {
      entry.push(word);
      opened.add(fold(word));
      if (word !== keyword)
        ledger.changed(place, [], `keyword '${word}'`, 'without commas and line ends', [keyword]);
    }
  }
  return entry;
}

function tailOf(context: Context, node: ExportNode): Target {
  const { router, exits } = node;
  if (router && router.categories.length > 0) return splitTarget(context, node, router);
  const [exit, ...more] = exits;
  if (more.length > 0)
    context.ledger.lost(
      placeOf(context, node, null),
      more.map(({ uuid }) => uuid),
      'further exits',
      'nothing decides between them; everybody takes the first',
      more.map(({ to }) => to ?? ''),
    );
  return exit?.to === undefined || exit.to === null ? null : { node: exit.to };
}

/** The steps of a node's actions, one after the other; gives where they begin. */
function chain(context: Context, node: ExportNode, tail: Target, homes: Map<Part, string>): Target {
  const bodies: { readonly name: string; readonly body: Body }[] = [];
  for (const action of node.actions) {
    if (context.plan.asked.has(action)) continue;
    const told = context.plan.told.get(action);
    const type = action.text('type') ?? '';
    const wanted = told
      ? shortSlug(told.text.source)
      : type === 'enter_flow'
        ? slug(action.part('flow')?.text('name') ?? '')
        : (STEP_NAMES[type] ?? '');
    const name = context.names.give(wanted, told ? 'tell' : 'step');
    const body = bodyOf(context, node, action, name);
    if (body) {
      bodies.push({ name, body });
      homes.set(action, name);
    } else context.names.release(name);
  }
  for (const [index, { name, body }] of bodies.entries()) {
    const following = bodies[index + 1];
    const next: Target = following ? { step: following.name } : tail;
    const failed = body.kind === 'handoff' ? failureTarget(node) : undefined;
    context.steps.push({ ...body, ...(failed === undefined ? {} : { failed }), name, next });
  }
  return bodies[0] ? { step: bodies[0].name } : tail;
}

const STEP_NAMES: Readonly<Record<string, string>> = {
  set_run_result: 'note',
  set_contact_field: 'note',
  set_contact_name: 'note',
  add_contact_groups: 'group',
  remove_contact_groups: 'group',
  open_ticket: 'person',
};

type Resolve = (target: Target) => string | null;

/** From a target to the step it comes out at; nodes that became nothing are passed through. */
function resolver({ entries }: Context): Resolve {
  return (target) => {
    const seen = new Set<string>();
    let next = target;
    while (next && 'node' in next) {
      // Nodes in a circle without a single step.
      if (seen.has(next.node)) return null;
      seen.add(next.node);
      next = entries.get(next.node) ?? null;
    }
    return next?.step ?? null;
  };
}

/** Notes what became of every node, action, exit, category and test. */
function account(context: Context, resolve: Resolve, homes: ReadonlyMap<Part, string>): void {
  const { flow, id, ledger, plan } = context;
  ledger.carried(flow.uuid, `flow '${flow.name}'`, id);
  const at = (step: string | null): string => `${id}/${step ?? 'end'}`;
  for (const node of flow.nodes) {
    const here = at(resolve({ node: node.key }));
    ledger.carried(node.uuid, 'node', here);
    for (const action of node.actions) {
      const uuid = action.text('uuid');
      if (uuid !== null && !ledger.knows(uuid))
        ledger.carried(uuid, `action ${action.text('type') ?? ''}`, at(homes.get(action) ?? null));
    }
    for (const { uuid, to } of node.exits) {
      if (to !== null && !plan.byKey.has(to))
        ledger.lost(
          placeOf(context, node, null),
          [uuid],
          'exit',
          'the node it leads to is not in the flow; the flow ends there',
          [to],
        );
      else ledger.carried(uuid, 'exit', to === null ? `${id}, the end` : at(resolve({ node: to })));
    }
    const { categories = [], cases = [] } = node.router ?? {};
    for (const { uuid, name } of categories)
      if (uuid !== null && !ledger.knows(uuid)) ledger.carried(uuid, `category '${name}'`, here);
    for (const one of cases)
      if (one.uuid !== null && !ledger.knows(one.uuid))
        ledger.carried(one.uuid, `test ${one.type} ${one.arguments.join(' ')}`, here);
  }
}

/** Steps in their order, the one where the flow begins first, and every target a step. */
function settled(context: Context, resolve: Resolve, first: ExportNode | undefined): Draft[] {
  const step = (target: Target): Target => {
    const name = resolve(target);
    return name === null ? null : { step: name };
  };
  const steps = context.steps.map((draft): Draft => {
    switch (draft.kind) {
      case 'end':
        return draft;
      case 'branch':
        return { ...draft, ways: draft.ways.map((way) => ({ ...way, to: step(way.to) })) };
      case 'ask': {
        const options =
          draft.options === 'languages'
            ? draft.options
            : draft.options.map((option) => ({ ...option, to: step(option.to) }));
        return { ...draft, options, ways: draft.ways.map((way) => ({ ...way, to: step(way.to) })) };
      }
      case 'remind':
        return { ...draft, next: step(draft.next), to: step(draft.to) };
      case 'handoff':
        return { ...draft, next: step(draft.next), failed: draft.failed && step(draft.failed) };
      default:
        return { ...draft, next: step(draft.next) };
    }
  });
  const begin = first && resolve({ node: first.key });
  const at = steps.findIndex(({ name }) => name === begin);
  if (at < 0) return [{ kind: 'end', name: context.names.give('begin', 'begin') }, ...steps];
  return [...steps.slice(at, at + 1), ...steps.slice(0, at), ...steps.slice(at + 1)];
}
