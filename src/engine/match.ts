import type { Bot } from './model.ts';
import { fold, menuNumber } from './fold.ts';

export interface Matchable {
  readonly id: string;
  /** Folded label by language. */
  readonly forms: ReadonlyMap<string, string>;
}

/** The option a text names beyond doubt: its number in the menu as shown, or its whole label. */
export function matchExactly(
  text: string,
  options: readonly Matchable[],
  shown: readonly string[],
  language: string,
): string | null {
  const number = menuNumber(text);
  if (number !== null) return shown[number - 1] ?? null;
  const typed = fold(text);
  return typed === '' ? null : only(options, language, (form) => form === typed);
}

/** The option a text most likely names: the one label that begins with it, or else the one that contains it as words. */
export function matchLoosely(text: string, options: readonly Matchable[], language: string): string | null {
  const typed = fold(text);
  if (typed.length < 2) return null;
  return (
    only(options, language, (form) => form.startsWith(typed)) ??
    only(options, language, (form) => ` ${form} `.includes(` ${typed} `))
  );
}

/** The single option that fits, first in the person's own language, then in all. */
function only(
  options: readonly Matchable[],
  language: string,
  fits: (form: string) => boolean,
): string | null {
  const own = options.filter(({ forms }) => fits(forms.get(language) ?? ''));
  const found = own.length > 0 ? own : options.filter(({ forms }) => [...forms.values()].some(fits));
  return found.length === 1 ? (found[0]?.id ?? null) : null;
}

/** The one flow whose opening word stands somewhere in a message; two that fit are no answer. */
export function matchEntry(bot: Bot, text: string): { flow: string; language: string | null } | null {
  const typed = ` ${fold(text)} `;
  const fitting = new Set<string>();
  const languages = new Set<string>();
  for (const [word, meaning] of bot.words)
    if (meaning.type === 'entry' && typed.includes(` ${word} `)) {
      fitting.add(meaning.flow);
      for (const language of bot.wordLanguages.get(word) ?? []) languages.add(language);
    }
  const [flow] = fitting.size === 1 ? fitting : [];
  const [language = null] = languages.size === 1 ? languages : [];
  return flow === undefined ? null : { flow, language };
}
