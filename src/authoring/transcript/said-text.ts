import type { Message } from '../../engine/message.ts';
import type { Bot } from '../../engine/model.ts';
import { PHRASES_FLOW, phrases } from '../../engine/phrases.ts';

/** Everything a message lets a person read. */
export function readable({ text, menu }: Message): string {
  const options = (menu?.options ?? []).map(({ label, detail }) =>
    detail === undefined ? label : `${label}\n${detail}`,
  );
  return [text, ...options].join('\n');
}

/** Comparable: line breaks and the stars of bold words do not count. */
function even(text: string): string {
  return text.replace(/[*\s]+/gu, ' ').trim();
}

/** Whether a text, or a part of one, was said as it stands; `{{…}}` stands for any words. */
export function holds(said: readonly string[], text: string): boolean {
  const pieces = even(text)
    .split(/\{\{.*?\}\}/u)
    .map((piece) => piece.trim());
  return said.some((one) => {
    const whole = even(one);
    let from = 0;
    return pieces.every((piece) => {
      const found = whole.indexOf(piece, from);
      from = found + piece.length;
      return found >= 0;
    });
  });
}

/**
 * Whether a text was said, though perhaps in another language. `wanted` is a text of the flows, or a part of
 * one: then its whole translation must have been said. Texts of the steps just visited go first; what is a
 * text of none must have been said as it stands.
 */
export function isSaid(
  bot: Bot,
  wanted: string,
  at: { readonly said: readonly string[]; readonly steps: readonly string[]; readonly language: string },
): boolean {
  const all = textsWith(bot, wanted);
  const near = all.filter((one) => ofSteps(one, at.steps));
  const translated = (one: Named): boolean => translationSaid(bot, one, wanted, at);
  if (near.length > 0) return near.some(translated);
  return all.some(translated) || holds(at.said, wanted);
}

interface Named {
  readonly flow: string;
  readonly path: string;
}

const remembered = new WeakMap<Bot, { sources: [Named, string][]; byPart: Map<string, readonly Named[]> }>();

/** Every text that contains a part; one test asks for the same in each language and rendering. */
function textsWith(bot: Bot, part: string): readonly Named[] {
  const known = remembered.get(bot) ?? { sources: sources(bot), byPart: new Map<string, readonly Named[]>() };
  remembered.set(bot, known);
  const found = known.byPart.get(part);
  if (found) return found;
  const wanted = even(part);
  const made = known.sources.filter(([, source]) => source.includes(wanted)).map(([named]) => named);
  known.byPart.set(part, made);
  return made;
}

function sources(bot: Bot): [Named, string][] {
  const own = Object.entries(phrases).map(([path, source]) => [PHRASES_FLOW, path, source] as const);
  const theirs = [...bot.flows.values()].flatMap(({ id, texts }) =>
    [...texts].map(([path, source]) => [id, path, source] as const),
  );
  return [...theirs, ...own].map(([flow, path, source]) => [{ flow, path }, even(source)]);
}

function ofSteps({ flow, path }: Named, steps: readonly string[]): boolean {
  return path.startsWith('steps.') && steps.includes(`${flow}/${path.split('.')[1] ?? ''}`);
}

function translationSaid(
  bot: Bot,
  { flow, path }: Named,
  wanted: string,
  { said, language }: { readonly said: readonly string[]; readonly language: string },
): boolean {
  const forms = bot.texts.forms(flow, path);
  const source = bot.flows.get(flow)?.language ?? 'en';
  const form = forms.get(language);
  return holds(said, form === undefined || language === source ? wanted : form);
}
