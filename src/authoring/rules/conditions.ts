import type { ASTNode } from '@marcbachmann/cel-js';
import { didYouMean, type Finding } from '../finding.ts';
import type { Checked, Rule } from '../rule.ts';
import { graphOf, optionsOf, type Node } from './graph.ts';
import { namesIn, nodesIn } from './uses.ts';
import { warning } from './warning.ts';

/** Conditions that decide nothing: always the same, or asked a second time after they did not hold. */
export const uselessConditions: Rule = (checked) =>
  [...graphOf(checked).values()].flatMap(({ step, source, name }) => {
    const seen = new Map<string, string>();
    return step.conditions.flatMap(({ path, source: condition }): Finding[] => {
      const list = `${path.slice(0, -2).join('.')} ${condition}`;
      const again = seen.has(list);
      seen.set(list, condition);
      const constant = namesIn(condition).length === 0;
      if (!again && !constant) return [];
      const message = again
        ? `'${condition}' did not hold further up in this list, so this way is never taken; remove it or change the condition`
        : `'${condition}' asks for nothing, so it is always the same; compare an answer, or leave the condition out`;
      return [warning(source, 'useless-condition', ['steps', name, ...path], message)];
    });
  });

/** Comparisons with a language that is not loaded, or with an option that no question has. */
export const neverTrue: Rule = (checked) =>
  [...graphOf(checked).values()].flatMap((node) =>
    node.step.conditions.flatMap(({ path, source: condition }) =>
      nodesIn(condition).flatMap((part) =>
        comparisons(part).flatMap(({ name, value, offset }): Finding[] => {
          const possible = name === 'language' ? languages(checked) : valuesOf(node, name);
          if (!possible || possible.has(value)) return [];
          const known = [...possible].map((one) => `'${one}'`).join(', ');
          const message = `${name} is never '${value}'; it can be ${known}${didYouMean(value, possible)}`;
          return [warning(node.source, 'never-true', ['steps', node.name, ...path], message, { offset })];
        }),
      ),
    ),
  );

interface Comparison {
  readonly name: string;
  readonly value: string;
  readonly offset: number;
}

/** `name == "value"`, `"value" != name`, `name in ["value", …]`. */
function comparisons(part: ASTNode): Comparison[] {
  if (part.op !== '==' && part.op !== '!=' && part.op !== 'in') return [];
  const [left, right] = part.args;
  const pairs =
    part.op === 'in'
      ? right.op === 'list'
        ? right.args.map((item): [ASTNode, ASTNode] => [left, item])
        : []
      : ([
          [left, right],
          [right, left],
        ] as const);
  return pairs.flatMap(([name, value]) =>
    name.op === 'id' && value.op === 'value' && typeof value.args === 'string'
      ? [{ name: name.args, value: value.args, offset: value.start }]
      : [],
  );
}

const languages = ({ bot }: Checked): ReadonlySet<string> => new Set(bot.languages.map(({ tag }) => tag));

/** What an answer can be, where only options and `set` write it; null: anything. */
function valuesOf({ flow }: Node, answer: string): ReadonlySet<string> | null {
  const values = new Set<string>();
  for (const step of flow.steps.values())
    for (const write of step.writes) {
      if (write.answer !== answer) continue;
      const options = step.waits ? optionsOf(step) : [];
      if (step.waits && options.length === 0) return null;
      for (const option of options) values.add(option);
      if (!step.waits && typeof write.value !== 'string') return null;
      if (!step.waits && typeof write.value === 'string') values.add(write.value);
    }
  return values.size === 0 ? null : values;
}
