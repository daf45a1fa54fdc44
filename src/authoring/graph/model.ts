import type { Jump } from '../../engine/jump.ts';
import type { Bot, EverywhereStep, Flow, Step } from '../../engine/model.ts';
import { shortened } from './words.ts';

/** What a node stands for. `step`: a step of the flow; `call` and `go`: another flow, which comes back or does not. */
export type NodeType = 'start' | 'everywhere' | 'step' | 'call' | 'go' | 'end';

export interface GraphNode {
  /** Letters, digits and _; the same for the same flow. */
  readonly id: string;
  readonly type: NodeType;
  /** The step's kind, such as `ask`; of other nodes their type. */
  readonly kind: string;
  /** The step's or flow's name. */
  readonly name: string;
  /** The first words of what is said there, in the chosen language; may be empty. */
  readonly text: string;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** Option labels in the chosen language, a condition, or the name of an outcome; may be empty. */
  readonly label: string;
}

/** A flow's state machine, labelled in one language. */
export interface FlowGraph {
  readonly flow: string;
  readonly title: string;
  readonly language: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Characters of a text that are shown. */
const TEXT_MAX = 70;

const END = 'end';

/** Any other way than the step's own goes by its key's name: `none`, `failed` … */
const PLAIN: ReadonlySet<string | number> = new Set(['next', 'branch', 'call', 'go']);

/** `language`: BCP 47 tag; a text without translation is shown as the flow's author wrote it. */
export function flowGraph(bot: Bot, flow: Flow, language: string): FlowGraph {
  const said = (path: string): string =>
    bot.texts.forms(flow.id, path).get(language) ?? flow.texts.get(path) ?? '';
  const nodes = new Map<string, GraphNode>();
  const edges: GraphEdge[] = [];
  const title = said('title');
  const node = (id: string, type: NodeType, kind: string, name: string, text: string): string => {
    nodes.set(id, { id, type, kind, name, text });
    return id;
  };
  const stepId = (name: string): string => `step_${name}`;

  const start = node('start', 'start', 'start', flow.id, title);
  edges.push({ from: start, to: stepId(flow.first), label: '' });
  for (const [word, step] of flow.everywhere) {
    const from = node(`word_${word}`, 'everywhere', 'everywhere', '', shownWord(bot, language, word));
    edges.push({ from, to: stepId(step), label: '' });
  }
  for (const [name, step] of flow.steps) {
    const [text] = step.texts;
    const shown = text ? said(text.path) : written(step);
    node(stepId(name), 'step', step.kind, name, shortened(shown, TEXT_MAX));
  }

  const foreign = new Map<string, string>();
  const other = (type: 'call' | 'go', flowAndStep: string, then: string): string => {
    const key = `${type} ${flowAndStep} ${then}`;
    const id = foreign.get(key) ?? `${type}_${String(foreign.size)}`;
    foreign.set(key, id);
    const [called = ''] = flowAndStep.split('/');
    const named = bot.texts.forms(called, 'title');
    const text = named.get(language) ?? bot.flows.get(called)?.texts.get('title') ?? '';
    return node(id, type, type, flowAndStep, text);
  };
  const end = (): string => node(END, 'end', 'end', '', '');
  const target = (jump: Jump): string => {
    if ('to' in jump) return stepId(jump.to);
    if ('go' in jump) return other('go', jump.go, '');
    const called = other('call', jump.call, jump.then ?? END);
    const back = { from: called, to: jump.then === undefined ? end() : stepId(jump.then), label: '' };
    if (!edges.some(({ from, to }) => from === back.from && to === back.to)) edges.push(back);
    return called;
  };

  for (const [name, step] of flow.steps) {
    const from = stepId(name);
    const labels = optionLabels(step, said);
    const rest = [...labels].flatMap(([option, label]) => (leads(step, option) ? [] : [label]));
    for (const [index, { jump }] of step.jumps.entries())
      edges.push({ from, to: target(jump), label: label(step, index, labels, rest) });
    const chosenElsewhere = labels.size > 0 && rest.length === 0;
    if (!leads(step, null) && !chosenElsewhere) edges.push({ from, to: end(), label: rest.join('\n') });
  }
  return { flow: flow.id, title, language, nodes: [...nodes.values()], edges: merged(edges) };
}

function shownWord(bot: Bot, language: string, word: EverywhereStep): string {
  return bot.shownWords.get(language)?.[word] ?? word;
}

/** What a step without words writes. */
function written({ writes }: Step): string {
  return writes.map(({ answer, value }) => `${answer} = ${JSON.stringify(value)}`).join(', ');
}

/** Options by name, with their labels. */
function optionLabels(step: Step, said: (path: string) => string): ReadonlyMap<string, string> {
  return new Map(
    step.texts.flatMap(({ path }) => {
      const [, option] = /\.options\.([a-z0-9_]+)\.label$/.exec(path) ?? [];
      return option === undefined ? [] : [[option, said(path)] as const];
    }),
  );
}

/** Whether an option (null: the step itself) says where it leads. */
function leads({ jumps }: Step, option: string | null): boolean {
  return jumps.some(({ path }) =>
    option === null ? PLAIN.has(path[0] ?? '') : path[0] === 'options' && path[1] === option,
  );
}

/** What makes the person go this way: the label of an option, a condition, or the name of an outcome. */
function label(
  step: Step,
  index: number,
  labels: ReadonlyMap<string, string>,
  rest: readonly string[],
): string {
  const { path, jump } = step.jumps[index] ?? { path: [], jump: null };
  const [key = '', option = ''] = path;
  const chosen = key === 'options' ? (labels.get(String(option)) ?? String(option)) : null;
  const name = chosen ?? (PLAIN.has(key) ? rest.join('\n') : String(key));
  const before = step.jumps[index - 1];
  const isLast = before?.jump.when !== undefined && listOf(before.path) === listOf(path);
  const condition = jump?.when ?? (isLast ? 'else' : '');
  return [name, condition].filter((part) => part !== '').join(': ');
}

/** Ways of one list differ only in their last part. */
function listOf(path: readonly (string | number)[]): string {
  return path.slice(0, -1).join('/');
}

/** Options that lead from one step to the same place share an arrow. */
function merged(edges: readonly GraphEdge[]): GraphEdge[] {
  const found = new Map<string, GraphEdge>();
  for (const edge of edges) {
    const key = `${edge.from} ${edge.to}`;
    const before = found.get(key);
    const labels = [before?.label ?? '', edge.label].filter((part) => part !== '');
    found.set(key, { ...edge, label: labels.join('\n') });
  }
  return [...found.values()];
}
