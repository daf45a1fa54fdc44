import { matchExactly, matchLoosely } from '../match.ts';
import type { MenuOption } from '../message.ts';
import type { Outcome, Turn } from '../model.ts';
import { PHRASES_FLOW, type Phrase } from '../phrases.ts';

/** Options whose labels are Lotse's own: option id -> phrase. */
export type FixedOptions = Readonly<Record<string, Phrase>>;

export const YES_NO: FixedOptions = { yes: 'yes.label', no: 'no.label' };

export function fixedOptions(turn: Turn, step: string, options: FixedOptions): MenuOption[] {
  return Object.entries(options).map(([id, phrase]) => ({
    id: `${turn.flow.id}/${step}/${id}`,
    label: turn.phrase(phrase),
  }));
}

/** Asks a step's question with such options, on the second rung of the ladder with numbers. */
export function askFixed(turn: Turn, step: string, path: string, options: FixedOptions): Outcome {
  const { text, language } = turn.text(path);
  const misses = turn.session.asked?.misses ?? 0;
  const menu = turn.menu(fixedOptions(turn, step, options), misses >= 2 ? 'numbers' : 'auto');
  turn.say(text, language, { menu });
  turn.session.asked = { options: Object.keys(options), misses };
  return { type: 'wait' };
}

/** The option that a text names: by number, label, or for yes and no any word for them. */
export function matchFixed(turn: Turn, text: string, options: FixedOptions, exact: boolean): string | null {
  const ids = Object.keys(options);
  const matchable = Object.entries(options).map(([id, phrase]) => ({
    id,
    forms: turn.bot.folded(PHRASES_FLOW, phrase),
  }));
  return exact
    ? matchExactly(text, matchable, ids, turn.language)
    : matchLoosely(text, matchable, turn.language);
}
