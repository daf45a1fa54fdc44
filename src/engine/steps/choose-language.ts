import { z } from 'zod';
import { matchExactly, matchLoosely } from '../match.ts';
import { nextSchema, textSchema } from '../jump.ts';
import type { Outcome, Turn } from '../model.ts';
import { references, stepKind } from '../step.ts';
import { fold } from '../fold.ts';

/** The languages as options, each under its own name; the numbers of a menu mean this order. */
export function languageOptions(turn: Turn, prefix: string): { id: string; label: string }[] {
  return turn.bot.languages.map(({ tag, name }) => ({ id: `${prefix}/${tag}`, label: name }));
}

/** The language a text asks for: by number, own name, or name in any loaded language. */
export function matchLanguage(turn: Turn, text: string, exact: boolean): string | null {
  const options = turn.bot.languages.map(({ tag, names }) => ({
    id: tag,
    forms: new Map(names.map((name, index) => [String(index), fold(name)])),
  }));
  const shown = turn.bot.languages.map(({ tag }) => tag);
  return exact ? matchExactly(text, options, shown, '0') : matchLoosely(text, options, '0');
}

/** The text in the person's language; while that is unknown, in every loaded language, one a line. */
export function inEveryLanguage(turn: Turn, say: (language: string) => string): string {
  if (turn.session.language !== null) return say(turn.language);
  return [...new Set(turn.bot.languages.map(({ tag }) => say(tag)))].join('\n');
}

/** `ask: …, options: languages` – the question for the language, asked in all of them while none is known. */
export const chooseLanguage = stepKind(
  'ask languages',
  z
    .strictObject({
      ask: textSchema.meta({ description: 'The question.', examples: ['Which language do you want?'] }),
      options: z.literal('languages').meta({
        description: 'One option for each language there is, under its own name.',
        examples: ['languages'],
      }),
      next: nextSchema.optional(),
    })
    .meta({
      title: 'The question for the language',
      description: 'Asks which language the person wants, in all of them while none is known.',
      examples: [{ ask: 'Which language do you want?', options: 'languages', next: 'menu' }],
    }),
  (data, name) => {
    const path = `steps.${name}.ask`;
    const choose = (turn: Turn, tag: string | null): Outcome | null => {
      if (!turn.bot.languages.some((language) => language.tag === tag)) return null;
      turn.session.language = tag;
      return { type: 'follow', next: data.next ?? [] };
    };
    return {
      waits: true,
      texts: [{ path, source: data.ask }],
      ...references(data.next, ['next']),
      enter(turn) {
        const { language } = turn.text(path);
        const text = inEveryLanguage(turn, (tag) => turn.bot.texts.say(tag, turn.flow.id, path, {}).text);
        const options = languageOptions(turn, `${turn.flow.id}/${name}`);
        const misses = turn.session.asked?.misses ?? 0;
        turn.say(text, language, { menu: turn.menu(options, misses >= 2 ? 'numbers' : 'auto') });
        turn.session.asked = { options: turn.bot.languages.map(({ tag }) => tag), misses };
        return { type: 'wait' };
      },
      receive: (turn, input, strictness) =>
        input.kind === 'text' ? choose(turn, matchLanguage(turn, input.text, strictness === 'exact')) : null,
      tap: choose,
    };
  },
);
