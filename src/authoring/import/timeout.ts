import { placeOf, type Context } from './context.ts';
import type { ExportNode, Router } from './export.ts';
import { targetOf } from './options.ts';

/** Puts a reminder before a question that does not wait for ever; gives the name of the step where people enter. */
export function timeoutStep(
  context: Context,
  node: ExportNode,
  { timeout }: Router,
  question: string,
): string {
  if (!timeout) return question;
  const { seconds, category } = timeout;
  const to = category && targetOf(category);
  const after = spanOf(seconds);
  if (to === null || after === null) {
    const why =
      to === null
        ? `after ${String(seconds)} s without an answer the flow ended; Lotse goes on waiting`
        : `${String(seconds)} s is no time that Lotse can wait`;
    const place = placeOf(context, node, question);
    context.ledger.lost(place, [category?.uuid ?? null], 'time-out', why, [String(seconds)]);
    return question;
  }
  const name = context.names.give(`${question.slice(0, 32)}_wait`, 'wait');
  context.steps.push({ kind: 'remind', name, after, to, next: { step: question } });
  const exact = secondsOf(after) === seconds ? '' : `, instead of ${String(seconds)} s`;
  context.ledger.changed(
    placeOf(context, node, name),
    [category?.uuid ?? null],
    'time-out',
    `who does not answer within ${after}${exact} goes on there once; nobody is written to again before they answer`,
    [String(seconds)],
  );
  return name;
}

const UNITS = [
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

const COUNT_MAX = 999;
const YEAR = 366 * 86_400;

/** `90` -> 2 minutes; the longest unit that is exact, else the next one up; null: none or more than a year. */
function spanOf(seconds: number): string | null {
  if (!(seconds > 0 && seconds <= YEAR)) return null;
  const exact = UNITS.find(([, unit]) => seconds % unit === 0);
  const [name, unit] =
    exact && seconds / exact[1] <= COUNT_MAX
      ? exact
      : (UNITS.findLast((one) => Math.ceil(seconds / one[1]) <= COUNT_MAX) ?? UNITS[0]);
  const count = Math.ceil(seconds / unit);
  return `${String(count)} ${name}${count === 1 ? '' : 's'}`;
}

function secondsOf(span: string): number {
  const [count, name = ''] = span.split(' ');
  return Number(count) * (UNITS.find(([unit]) => name.startsWith(unit))?.[1] ?? 0);
}
