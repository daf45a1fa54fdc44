import type { AnswerType } from '../../engine/answer.ts';
import type { Flow } from '../../engine/model.ts';
import type { Checked, Rule } from '../rule.ts';
import { enteredFromOutside, knownAnswers } from './known-answers.ts';
import { graphOf } from './graph.ts';
import { usesOf } from './uses.ts';
import { warning } from './warning.ts';

/** What tells who or where somebody is. */
const PERSONAL: ReadonlySet<AnswerType['type']> = new Set(['phone', 'email', 'place', 'media']);
const DAYS_MAX = 90;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Answers kept for longer than what they are used for explains. */
export const keptTooLong: Rule = (checked) => {
  const entered = enteredFromOutside(graphOf(checked));
  return checked.loaded.flatMap(({ flow, source }) => {
    if (!flow || [...flow.answers.values()].every(({ keepMs }) => keepMs === null)) return [];
    const again = askedAgain(checked, flow, entered.get(flow.id) ?? new Set());
    return [...flow.answers].flatMap(([name, { type, keepMs }]) => {
      if (keepMs === null) return [];
      const at = ['answers', name, 'keep'];
      const days = keepMs / DAY_MS;
      if (again.has(name))
        return [
          warning(
            source,
            'kept-too-long',
            at,
            `'${name}' is kept for ${String(days)} days, but asked for again each time before it is used; keep: conversation is enough`,
          ),
        ];
      if (days <= DAYS_MAX || !PERSONAL.has(type)) return [];
      const message = `a ${type} tells who or where somebody is, and is kept for ${String(days)} days; keep it for ${String(DAYS_MAX)} at most, better for the conversation only`;
      return [warning(source, 'kept-too-long', at, message)];
    });
  });
};

/** Answers that are used, and nowhere without having been asked for in the same run. */
function askedAgain(checked: Checked, flow: Flow, entered: ReadonlySet<string>): ReadonlySet<string> {
  const known = knownAnswers(checked, flow, entered, () => false);
  const used = new Set<string>();
  const lasting = new Set<string>();
  for (const [node, given] of known)
    for (const { answer, how } of usesOf(node)) {
      used.add(answer);
      const written = how === 'condition' && node.step.writes.some((one) => one.answer === answer);
      if (!given.has(answer) && !written) lasting.add(answer);
    }
  return new Set([...used].filter((answer) => !lasting.has(answer)));
}
