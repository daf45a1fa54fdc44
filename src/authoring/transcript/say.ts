import { fold, wordList } from '../../engine/fold.ts';
import type { Input } from '../../engine/input.ts';
import type { MenuOption } from '../../engine/message.ts';
import type { Bot } from '../../engine/model.ts';
import { fullOption } from './names.ts';
import type { Said } from './format.ts';

/** How a person answers a menu. */
export type Habit = 'tap' | 'number' | 'label';

/** The menu as the person sees it. */
export interface Seen {
  readonly options: readonly MenuOption[];
  /** Ids of what can be tapped in it. */
  readonly taps: ReadonlySet<string>;
}

/** What a person does, in this language and on this menu; null: nothing, time passes. */
export function inputOf(
  bot: Bot,
  said: Said,
  at: { readonly flow: string; readonly language: string; readonly menu: Seen | null; readonly habit: Habit },
): Input | null {
  switch (said.type) {
    case 'word': {
      const options = at.menu?.options ?? [];
      const index = options.findIndex(({ id }) => lastOf(id) === said.text);
      const option = options[index];
      if (option) return chosen(option, index, at);
      return { kind: 'text', text: translated(bot, said.text, at.language) };
    }
    case 'text':
      return { kind: 'text', text: said.text };
    case 'tap': {
      const name = fullOption(said.option, at.flow);
      const option = at.menu?.options.find(({ id }) => id === name || lastOf(id) === name);
      const choice = option?.id ?? name;
      return option ? { kind: 'choice', choice, text: option.label } : { kind: 'choice', choice };
    }
    case 'location':
      return { kind: 'location', latitude: said.latitude, longitude: said.longitude };
    case 'media':
      return { kind: 'media', media: { type: said.media, id: 'test' } };
    case 'open':
      return { kind: 'entry', ref: said.ref };
    case 'wait':
      return null;
  }
}

export function lastOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

function chosen(
  { id, label }: MenuOption,
  index: number,
  { menu, habit }: { readonly menu: Seen | null; readonly habit: Habit },
): Input {
  if (habit === 'label') return { kind: 'text', text: label };
  return habit === 'tap' && menu?.taps.has(id) === true
    ? { kind: 'choice', choice: id, text: label }
    : { kind: 'text', text: String(index + 1) };
}

/**
 * A word that leads somewhere, in another language: the word at the same place in that language's list, or its
 * first. Words that are known as they stand, and all other texts, stay.
 */
function translated(bot: Bot, text: string, language: string): string {
  const key = fold(text);
  const whole = ` ${key} `;
  const crisis = bot.crisis.find(({ phrase }) => phrase === whole);
  const word = bot.words.get(key);
  if (crisis) return sameWord(bot, crisis.flow, 'crisis', key, language, () => true) ?? text;
  if (word?.type === 'everywhere')
    return (
      sameWord(bot, 'lotse', `words.${word.name}`, key, language, (folded) => {
        const other = bot.words.get(folded);
        return other?.type === 'everywhere' && other.name === word.name;
      }) ?? text
    );
  if (word?.type !== 'entry') return text;
  return (
    sameWord(bot, word.flow, 'entry', key, language, (folded) => {
      const other = bot.words.get(folded);
      return other?.type === 'entry' && other.flow === word.flow;
    }) ?? text
  );
}

/** null: it stays as it is. */
function sameWord(
  bot: Bot,
  flow: string,
  path: string,
  key: string,
  language: string,
  means: (folded: string) => boolean,
): string | null {
  const lists = bot.texts.forms(flow, path);
  const own = wordList(lists.get(language) ?? '');
  if (own.some((word) => fold(word) === key)) return null;
  const from = [...lists.values()].map(wordList).find((list) => list.some((word) => fold(word) === key));
  const index = from?.findIndex((word) => fold(word) === key) ?? 0;
  const inOrder = [...own.slice(index, index + 1), ...own];
  return inOrder.find((word) => means(fold(word))) ?? null;
}
