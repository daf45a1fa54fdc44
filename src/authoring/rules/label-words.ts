import type { Word } from '../../engine/model.ts';
import type { Finding } from '../finding.ts';
import type { Checked, Rule } from '../rule.ts';
import { firstOf, graphOf, targetOf, type Graph, type Node } from './graph.ts';
import { findingAt, labelsOf } from './texts.ts';

/** Labels that mean something else when they are written instead of tapped. */
export const labelWords: Rule = (checked) => {
  const graph = graphOf(checked);
  return [...graph.values()].flatMap((node) =>
    [...labelsOf(checked, node)].flatMap(([language, labels]) =>
      labels.flatMap(({ option, path, text, folded }): Finding[] => {
        const crisis = checked.bot.dangerIn(folded);
        const word = checked.bot.words.get(folded);
        if (!crisis && !word) return [];
        const at = { flow: node.flow.id, path, language };
        const targets = leads(node, option, graph);
        const flow = crisis ? firstOf(crisis.flow, graph) : null;
        if (crisis && !targets.some((to) => to.flow === flow?.flow && to.flow !== node.flow)) {
          const message = `'${text}' (${language}) holds the danger phrase '${crisis.phrase.trim()}': who writes it gets the flow '${crisis.flow}' instead of this option; word it in another way`;
          return [findingAt(checked, at, { severity: 'warning', code: 'label-word', message })];
        }
        if (!word || word.type === 'language' || meansTheSame(checked, node, word, targets, graph)) return [];
        const never = word.type === 'everywhere' && (word.name === 'stop' || word.name === 'forget');
        const meaning =
          word.type === 'entry' ? `opens the flow '${word.flow}'` : `means '${word.name}' everywhere else`;
        const message = never
          ? `'${text}' (${language}) ${meaning}, also here: this option can only be tapped; word it in another way`
          : `'${text}' (${language}) ${meaning}, but not at this question, where it is this option; word one of them in another way`;
        const severity = never ? 'error' : 'warning';
        return [findingAt(checked, at, { severity, code: 'label-word', message })];
      }),
    ),
  );
};

/** The steps an option leads to. */
function leads(node: Node, option: string, graph: Graph): Node[] {
  const own = node.ways.filter((way) => way.option === option);
  const ways = own.length > 0 ? own : node.ways.filter((way) => way.option === null);
  return ways.flatMap(({ jump }) => (jump ? (targetOf(node, jump, graph).to ?? []) : []));
}

/** Whether an option leads where its word leads. */
function meansTheSame(
  { bot }: Checked,
  node: Node,
  word: Word,
  targets: readonly Node[],
  graph: Graph,
): boolean {
  if (word.type === 'entry')
    return word.flow === node.flow.id || targets.some(({ flow }) => flow.id === word.flow);
  if (word.type === 'language') return false;
  const { everywhere, first, id } = bot.start;
  const start = word.name === 'start' || word.name === 'menu';
  const name =
    word.name === 'help' || word.name === 'person'
      ? everywhere.get(word.name)
      : start
        ? (everywhere.get('menu') ?? first)
        : undefined;
  if (word.name === 'language') return targets.some(({ step }) => step.kind === 'ask languages');
  const meant = name === undefined ? undefined : graph.get(`${id}/${name}`);
  return meant !== undefined && targets.includes(meant);
}
