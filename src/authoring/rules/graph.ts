import type { Jump } from '../../engine/jump.ts';
import type { Flow, Path, Step } from '../../engine/model.ts';
import type { Checked } from '../rule.ts';
import type { Source } from '../source.ts';

/** One way on from a step. */
export interface Way {
  /** null: the flow ends here. */
  readonly jump: Jump | null;
  /** Where it is written, below `steps.<name>`; of an end that is not written: what lacks it. */
  readonly path: Path;
  /** The option it belongs to; null: it is the step's own. */
  readonly option: string | null;
  /** Whether the step says something on this way, after the answer if it is a question. */
  readonly speaks: boolean;
  /** Taken at another time, as a reminder. */
  readonly later: boolean;
}

/** A step with its place in the whole. */
export interface Node {
  /** `flow/step`. */
  readonly key: string;
  readonly flow: Flow;
  readonly name: string;
  readonly step: Step;
  readonly source: Source;
  readonly ways: readonly Way[];
}

/** Every step of every flow by `flow/step`, in the order of the files. */
export type Graph = ReadonlyMap<string, Node>;

const remembered = new WeakMap<Checked, Graph>();

export function graphOf(checked: Checked): Graph {
  const known = remembered.get(checked);
  if (known) return known;
  const graph = new Map<string, Node>();
  for (const { flow, source } of checked.loaded)
    for (const [name, step] of flow?.steps ?? []) {
      const key = `${flow?.id ?? ''}/${name}`;
      if (flow) graph.set(key, { key, flow, name, step, source, ways: waysOf(step) });
    }
  remembered.set(checked, graph);
  return graph;
}

interface Target {
  readonly to: Node | null;
  readonly then: Node | null;
}

const targets = new WeakMap<Graph, Map<Jump, Target>>();

/** Where a jump of a step leads first; `then`: where a call comes back to. Either may not exist. */
export function targetOf(node: Node, jump: Jump, graph: Graph): Target {
  const all = targets.get(graph) ?? new Map<Jump, Target>();
  const known = all.get(jump);
  if (known) return known;
  const found = findTarget(node, jump, graph);
  targets.set(graph, all.set(jump, found));
  return found;
}

function findTarget(node: Node, jump: Jump, graph: Graph): Target {
  const own = (name: string): Node | null => graph.get(`${node.flow.id}/${name}`) ?? null;
  if ('to' in jump) return { to: own(jump.to), then: null };
  const away = 'call' in jump ? jump.call : jump.go;
  const then = 'call' in jump && jump.then !== undefined ? own(jump.then) : null;
  const [id = '', name] = away.split('/');
  const first = name === undefined ? firstOf(id, graph) : (graph.get(`${id}/${name}`) ?? null);
  return { to: first, then };
}

/** The step a flow begins with. */
export function firstOf(flow: string, graph: Graph): Node | null {
  const found = firsts(graph).get(flow);
  return found ?? null;
}

const begun = new WeakMap<Graph, ReadonlyMap<string, Node>>();

function firsts(graph: Graph): ReadonlyMap<string, Node> {
  const known = begun.get(graph);
  if (known) return known;
  const made = new Map<string, Node>();
  for (const node of graph.values()) if (node.flow.first === node.name) made.set(node.flow.id, node);
  begun.set(graph, made);
  return made;
}

const LABEL = /^steps\.[^.]+\.options\.([^.]+)\.label$/;

const optionIds = new WeakMap<Step, readonly string[]>();

/** The ids of a step's options, in their order. */
export function optionsOf(step: Step): readonly string[] {
  const known = optionIds.get(step);
  if (known) return known;
  const found = step.texts.flatMap(({ path }) => LABEL.exec(path)?.[1] ?? []);
  optionIds.set(step, found);
  return found;
}

/** Ways that a step takes when something did not work; its usual way serves where they are not written. */
const OTHERWISE: ReadonlySet<unknown> = new Set(['none', 'failed', 'declined']);

/** Kinds that say what came of it before they go on, though the author wrote no text for that. */
const TELLS: ReadonlySet<string> = new Set(['find', 'look_up', 'feedback']);

function waysOf(step: Step): Way[] {
  const written = step.jumps.map(({ path, jump }): Way => {
    const [section, option] = path;
    const usual = !OTHERWISE.has(section);
    return {
      jump,
      path,
      option: section === 'options' && typeof option === 'string' ? option : null,
      speaks: usual && (TELLS.has(step.kind) || (!step.waits && step.texts.length > 0)),
      later: section === 'remind',
    };
  });
  const usual = written.some(
    ({ path: [section], later }) => section !== 'options' && !OTHERWISE.has(section) && !later,
  );
  if (usual) return written;
  const speaks = TELLS.has(step.kind) || (!step.waits && step.texts.length > 0);
  const end = { jump: null, speaks, later: false };
  const options = optionsOf(step);
  if (options.length === 0) return [...written, { ...end, path: [], option: null }];
  const ending = options.filter((id) => !written.some(({ option }) => option === id));
  return [...written, ...ending.map((id): Way => ({ ...end, path: ['options', id], option: id }))];
}

/** Where a way stands in the author's file, from its top; `key`: at the key, for what is not written. */
export function placeOf(node: Node, way: Way): { path: (string | number)[]; options: { key: boolean } } {
  const at = ['steps', node.name];
  if (way.jump === null) return { path: [...at, ...way.path], options: { key: true } };
  const key = 'to' in way.jump ? 'to' : 'call' in way.jump ? 'call' : 'go';
  return { path: [...at, ...way.path.filter((part) => part !== key), key], options: { key: false } };
}

/** Groups of steps that lead to one another in a circle (Tarjan, without recursion); a step alone only if it leads to itself. */
export function circles(nodes: Iterable<Node>, next: (node: Node) => readonly Node[]): Node[][] {
  const index = new Map<Node, number>();
  const low = new Map<Node, number>();
  const open: Node[] = [];
  const isOpen = new Set<Node>();
  const found: Node[][] = [];
  const lower = (node: Node, to: number): void => {
    low.set(node, Math.min(low.get(node) ?? to, to));
  };
  const enter = (node: Node): { node: Node; rest: Node[] } => {
    index.set(node, index.size);
    low.set(node, index.size - 1);
    open.push(node);
    isOpen.add(node);
    return { node, rest: [...next(node)] };
  };
  for (const root of nodes) {
    if (index.has(root)) continue;
    const path = [enter(root)];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { node, rest } = top;
      const to = rest.pop();
      if (to) {
        if (!index.has(to)) path.push(enter(to));
        else if (isOpen.has(to)) lower(node, index.get(to) ?? 0);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above) lower(above.node, low.get(node) ?? 0);
      if (low.get(node) !== index.get(node)) continue;
      const group = open.splice(open.lastIndexOf(node));
      for (const one of group) isOpen.delete(one);
      if (group.length > 1 || next(node).includes(node)) found.push(group);
    }
  }
  return found;
}

/** The steps for which `holds` is true, given those that are known to be; one found makes those that lead to it be asked again. */
export function fixpoint(
  graph: Graph,
  holds: (node: Node, known: ReadonlySet<Node>) => boolean,
): ReadonlySet<Node> {
  const known = new Set<Node>();
  const waiting = [...graph.values()];
  const leading = leadingTo(graph);
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (known.has(node) || !holds(node, known)) continue;
    known.add(node);
    waiting.push(...(leading.get(node) ?? []));
  }
  return known;
}

const leadings = new WeakMap<Graph, ReadonlyMap<Node, readonly Node[]>>();

function leadingTo(graph: Graph): ReadonlyMap<Node, readonly Node[]> {
  const known = leadings.get(graph);
  if (known) return known;
  const leading = new Map<Node, Node[]>();
  for (const node of graph.values())
    for (const { jump } of node.ways) {
      const { to, then } = jump ? targetOf(node, jump, graph) : { to: null, then: null };
      for (const one of [to, then]) {
        if (!one) continue;
        const before = leading.get(one);
        if (before) before.push(node);
        else leading.set(one, [node]);
      }
    }
  leadings.set(graph, leading);
  return leading;
}
