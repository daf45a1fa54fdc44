import { isDeepStrictEqual } from 'node:util';
import type { Bot } from '../../engine/model.ts';
import { fullName, type Line } from './load.ts';
import { lastOf } from './say.ts';
import { holds, isSaid } from './said-text.ts';
import { whereIs, type Difference, type State } from './state.ts';

/** Everything in which the conversation is not as expected. `home`: the flow that names without one belong to. */
export function differences(
  bot: Bot,
  { expectation, at, keys }: Extract<Line, { type: 'expected' }>,
  home: string,
  state: State,
): Difference[] {
  const found: Difference[] = [];
  const differ = (expected: string, actual: string): void => {
    const [key = ''] = expected.split(':');
    found.push({ at: keys.get(key) ?? at, expected, actual });
  };
  const here = whereIs(state);
  const visited = [...state.steps, ...(here !== null && !state.steps.includes(here) ? [here] : [])];
  const { step, text = [], contains = [], not_text = [], options, language, count = [], ended } = expectation;

  if (step !== undefined && !visited.includes(fullName(step, home)))
    differ(`step: ${fullName(step, home)}`, `step: ${visited.join(' > ') || 'none'}`);
  for (const wanted of text)
    if (!isSaid(bot, wanted, state)) differ(`text: ${quoted(bot, wanted, state)}`, 'it was not said');
  for (const wanted of contains)
    if (!holds(state.said, wanted)) differ(`contains: ${JSON.stringify(wanted)}`, 'it was not said');
  for (const unwanted of not_text)
    if (isSaid(bot, unwanted, state)) differ(`not_text: ${JSON.stringify(unwanted)}`, 'it was said');
  if (options) {
    const shown = state.messages.findLast(({ menu }) => menu)?.menu?.options ?? [];
    const ids = shown.map(({ id }) => lastOf(id));
    if (!isDeepStrictEqual(ids, options))
      differ(`options: ${options.join(', ') || 'none'}`, `options: ${ids.join(', ') || 'none'}`);
  }
  for (const [name, value] of Object.entries(expectation.answers ?? {})) {
    const [flow = '', answer = ''] = fullName(name, home).split('/');
    const kept = state.session?.answers[flow]?.[answer]?.value ?? null;
    if (!isDeepStrictEqual(kept, value))
      differ(`answers: ${name}: ${JSON.stringify(value)}`, `answers: ${name}: ${JSON.stringify(kept)}`);
  }
  if (language !== undefined && state.session?.language !== language)
    differ(`language: ${language}`, `language: ${state.session?.language ?? 'unknown'}`);
  for (const name of count)
    if (!state.counts.includes(name))
      differ(`count: ${name}`, `count: ${state.counts.join(', ') || 'nothing'}`);
  if (ended !== undefined && ended !== (here === null))
    differ(`ended: ${String(ended)}`, here === null ? 'ended: true' : `still at ${here}`);
  return found;
}

/** The text as expected, with a word on where its translation comes from. */
function quoted(bot: Bot, wanted: string, { language }: State): string {
  const source = bot.start.language;
  return `${JSON.stringify(wanted)}${language === source ? '' : `, as translated into ${language}`}`;
}
