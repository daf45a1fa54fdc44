import { z } from 'zod';
import { fold, menuNumber, wordList } from '../../engine/fold.ts';
import type { Flow, Word } from '../../engine/model.ts';
import type { Finding } from '../finding.ts';
import type { Checked, Rule } from '../rule.ts';
import { findingAt } from './texts.ts';

/** One word of a list, with the place it is written at. */
interface Listed {
  readonly word: string;
  readonly language: string;
  /** Of the list's item; of a list written as one text, `offset` instead. */
  readonly index?: number;
  readonly offset?: number;
}

/** Words that open a flow but mean something else already, in whatever language. */
export const collidingWords: Rule = (checked) => {
  const seen = new Map<string, { flow: string; language: string }>();
  return checked.loaded.flatMap(({ flow }) =>
    !flow
      ? []
      : listed(checked, flow, 'entry').flatMap(({ word, language, ...within }): Finding[] => {
          const folded = fold(word);
          const earlier = seen.get(folded);
          if (!earlier) seen.set(folded, { flow: flow.id, language });
          const at = { flow: flow.id, path: 'entry', language };
          const meaning = checked.bot.words.get(folded);
          const crisis = checked.bot.dangerIn(folded);
          const why = otherMeaning(word, folded, flow, meaning, crisis);
          if (why === null) return [];
          const certain = meaning?.type !== 'entry' || earlier?.language === language;
          const severity = certain && !crisis ? 'error' : 'warning';
          const message = `'${word}' (${language}) cannot open '${flow.id}': ${why}; choose another word`;
          return [findingAt(checked, at, { severity, code: 'word-collides', message }, within)];
        }),
  );
};

function otherMeaning(
  word: string,
  folded: string,
  flow: Flow,
  meaning: Word | undefined,
  crisis: { readonly flow: string; readonly phrase: string } | null,
): string | null {
  if (folded === '') return 'it has no letter or digit';
  if (menuNumber(word) !== null) return 'it is a number, and numbers choose options';
  if (crisis && crisis.flow !== flow.id)
    return `it holds the danger phrase '${crisis.phrase.trim()}' of the flow '${crisis.flow}'`;
  if (meaning?.type === 'everywhere') return `it means '${meaning.name}' everywhere`;
  if (meaning?.type === 'language') return `it is the name of a language (${meaning.tag})`;
  if (meaning?.type === 'entry' && meaning.flow !== flow.id) return `it already opens '${meaning.flow}'`;
  return null;
}

/** Shorter single words stand in too many harmless messages. Letters. */
const LETTERS_MIN = 4;

/** Danger phrases that would be found in harmless messages, or take away a word that works everywhere. */
export const commonDangerPhrases: Rule = (checked) => {
  const everywhere = [...checked.bot.words].flatMap(([word, { type }]) =>
    type === 'everywhere' ? [word] : [],
  );
  return checked.loaded.flatMap(({ flow }) =>
    !flow
      ? []
      : listed(checked, flow, 'crisis').flatMap(({ word, language, ...within }): Finding[] => {
          const folded = fold(word);
          const at = { flow: flow.id, path: 'crisis', language };
          const taken = everywhere.find((one) => folded !== '' && ` ${one} `.includes(` ${folded} `));
          if (taken !== undefined) {
            const message = `'${word}' (${language}) stands in '${taken}', which works everywhere: whoever writes that gets '${flow.id}'; choose a longer phrase`;
            return [
              findingAt(checked, at, { severity: 'error', code: 'crisis-too-common', message }, within),
            ];
          }
          if (folded.includes(' ') || folded.length >= LETTERS_MIN) return [];
          const message = `'${word}' (${language}) is found in any message that holds this short word; choose a longer phrase`;
          return [
            findingAt(checked, at, { severity: 'warning', code: 'crisis-too-common', message }, within),
          ];
        }),
  );
};

/** A bot that would answer «I want to die» with a menu. */
export const noDangerPhrases: Rule = ({ bot, loaded }) => {
  const start = loaded.find(({ flow }) => flow?.id === bot.start.id);
  if (bot.crisis.length > 0 || !start) return [];
  const message = `no flow has danger phrases (crisis: [i want to die, …]), so a message about suicide or violence gets a menu; write a flow that answers with emergency numbers`;
  return [{ ...start.source.finding('no-crisis', ['flow'], message), severity: 'warning' }];
};

const written = z.object({
  entry: z.union([z.string(), z.array(z.string())]).catch([]),
  crisis: z.union([z.string(), z.array(z.string())]).catch([]),
});

/** Every word of a list in every language, those of the source with their places. */
function listed(checked: Checked, flow: Flow, path: 'entry' | 'crisis'): Listed[] {
  return [...checked.bot.texts.forms(flow.id, path)].flatMap(([language, list]): Listed[] => {
    if (language !== flow.language) return wordList(list).map((word) => ({ word, language }));
    const own = checked.loaded.find((one) => one.flow === flow);
    const given = written.parse(own?.source.data)[path];
    if (typeof given === 'string')
      return wordList(given).map((word) => ({ word, language, offset: given.indexOf(word) }));
    return given.flatMap((item, index) => wordList(item).map((word) => ({ word, language, index })));
  });
}
