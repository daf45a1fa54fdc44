import type { AnswerType } from '../../engine/answer.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { graphOf, optionsOf, type Node } from './graph.ts';
import { usesOf } from './uses.ts';
import { warning } from './warning.ts';

/** Answers that are declared, or even kept, though nothing needs them. */
export const unneededAnswers: Rule = (checked) => {
  const graph = graphOf(checked);
  return checked.loaded.flatMap(({ flow, source }) => {
    const nodes = [...(flow?.steps.keys() ?? [])].flatMap(
      (name) => graph.get(`${flow?.id ?? ''}/${name}`) ?? [],
    );
    const used = new Set(nodes.flatMap((node) => usesOf(node).map(({ answer }) => answer)));
    const written = new Set(nodes.flatMap(({ step }) => step.writes.map(({ answer }) => answer)));
    return [...(flow?.answers.keys() ?? [])].flatMap((name) => {
      if (used.has(name)) return [];
      const at = ['answers', name];
      return written.has(name)
        ? [
            warning(
              source,
              'kept-without-need',
              at,
              `'${name}' is asked and kept, but nothing uses it; what nobody needs must not be kept: use it, or do not ask for it`,
              { key: true },
            ),
          ]
        : [
            warning(
              source,
              'unused-answer',
              at,
              `'${name}' is declared, but no step asks for it or uses it; remove it`,
              {
                key: true,
              },
            ),
          ];
    });
  });
};

/** Shorter ones explain nothing. Characters. */
const PURPOSE_MIN = 10;

/** Purposes that say too little to ask a person for their data. */
export const vaguePurposes: Rule = (checked) =>
  checked.loaded.flatMap(({ flow, source }) =>
    [...(flow?.answers ?? [])].flatMap(([name, { purpose }]) =>
      purpose.trim().length >= PURPOSE_MIN
        ? []
        : [
            warning(
              source,
              'vague-purpose',
              ['answers', name, 'purpose'],
              `'${purpose}' does not tell people why '${name}' is kept; say what it is for, e.g. to show offers near the person`,
            ),
          ],
    ),
  );

const NUMBERS: ReadonlySet<AnswerType['type']> = new Set(['integer', 'number']);

/** `min` and `max` that let nothing through, or mean nothing. */
export const ranges: Rule = (checked) =>
  checked.loaded.flatMap(({ flow, source }) =>
    [...(flow?.answers ?? [])].flatMap(([name, { type, min, max }]): Finding[] => {
      const at = ['answers', name, min === null ? 'max' : 'min'];
      if (!NUMBERS.has(type))
        return min === null && max === null
          ? []
          : [
              warning(
                source,
                'range',
                at,
                `min and max mean nothing for an answer of the type ${type}; remove them, or make it an integer or number`,
                { key: true },
              ),
            ];
      if (min === null || max === null || min <= max) return [];
      const message = `no number is at least ${String(min)} and at most ${String(max)}, so every answer would be refused; exchange the two`;
      return [source.finding('range', at, message)];
    }),
  );

/** Answers of the type choice that are typed: any text would be taken for one. */
export const typedChoices: Rule = (checked) =>
  [...graphOf(checked).values()].flatMap((node: Node) =>
    !node.step.waits || optionsOf(node.step).length > 0
      ? []
      : node.step.writes
          .filter(({ answer }) => node.flow.answers.get(answer)?.type === 'choice')
          .map(({ path, answer }) =>
            warning(
              node.source,
              'typed-choice',
              ['steps', node.name, ...path],
              `'${answer}' is a choice, but this question has no options, so any text is taken; add options, or declare it as text`,
            ),
          ),
  );
