import { dangerFinder } from './danger.ts';
import { fold, wordList } from './fold.ts';
import type { Bot, Everywhere, Flow, Language, Texts, Word } from './model.ts';
import { PHRASES_FLOW, type Phrase } from './phrases.ts';
import type { Understanding } from './understand.ts';

const EVERYWHERE: readonly Everywhere[] = [
  'menu',
  'back',
  'repeat',
  'help',
  'language',
  'person',
  'stop',
  'start',
  'forget',
  'greeting',
];

export function createBot(
  flows: ReadonlyMap<string, Flow>,
  start: Flow,
  languages: readonly Language[],
  texts: Texts,
  understanding: Understanding,
): Bot {
  const words = new Map<string, Word>();
  const wordLanguages = new Map<string, Set<string>>();
  const add = (word: string, language: string, meaning: Word): void => {
    const key = fold(word);
    if (key === '') return;
    if (!words.has(key)) words.set(key, meaning);
    wordLanguages.set(key, (wordLanguages.get(key) ?? new Set()).add(language));
  };
  const lists = (flow: string, path: string): [string, string][] =>
    [...texts.forms(flow, path)].flatMap(([language, list]) =>
      wordList(list).map((word): [string, string] => [language, word]),
    );
  const phraseWords = (path: Phrase): ReadonlySet<string> =>
    new Set(lists(PHRASES_FLOW, path).map(([, word]) => fold(word)));

  for (const name of EVERYWHERE)
    for (const [language, word] of lists(PHRASES_FLOW, `words.${name}`))
      add(word, language, { type: 'everywhere', name });
  for (const { tag, names } of languages) for (const name of names) add(name, tag, { type: 'language', tag });
  for (const flow of flows.values())
    for (const [language, word] of lists(flow.id, 'entry'))
      add(word, language, { type: 'entry', flow: flow.id });
  const crisis = [...flows.keys()].flatMap((flow) =>
    lists(flow, 'crisis').flatMap(([language, phrase]) =>
      spellings(fold(phrase)).map((spelling) => ({ phrase: ` ${spelling} `, flow, language })),
    ),
  );

  const shown = (language: string): Record<string, string> =>
    Object.fromEntries(
      EVERYWHERE.map((name) => {
        const list = texts.say(language, PHRASES_FLOW, `words.${name}`, {}).text;
        return [name, wordList(list)[0] ?? name];
      }),
    );
  const remembered = new Map<string, ReadonlyMap<string, string>>();
  const folded = (flow: string, path: string): ReadonlyMap<string, string> => {
    const key = `${flow} ${path}`;
    const known = remembered.get(key);
    if (known) return known;
    const made = new Map([...texts.forms(flow, path)].map(([language, text]) => [language, fold(text)]));
    remembered.set(key, made);
    return made;
  };
  return {
    flows,
    start,
    owner: start.owner,
    language: languages.some(({ tag }) => tag === start.language)
      ? start.language
      : (languages[0]?.tag ?? start.language),
    texts,
    languages,
    words,
    shownWords: new Map(languages.map(({ tag }) => [tag, shown(tag)])),
    wordLanguages,
    crisis,
    dangerIn: dangerFinder(crisis),
    yes: phraseWords('words.yes'),
    no: phraseWords('words.no'),
    understanding,
    folded,
  };
}

/** In Arabic «and» is written as part of the next word: «and I want to die» begins with another letter. */
function spellings(phrase: string): string[] {
  if (phrase === '') return [];
  return /^\p{Script=Arabic}/u.test(phrase) ? [phrase, `و${phrase}`, `ف${phrase}`] : [phrase];
}

/** Scripts that point to languages: the first loaded one of the list is taken. */
const SCRIPTS: readonly { readonly letters: RegExp; readonly languages: readonly string[] }[] = [
  { letters: /[ټډړښځڅۍېڼګ]/u, languages: ['ps'] },
  { letters: /[ێۆڵڕە]/u, languages: ['ckb', 'ku'] },
  { letters: /[پچژگ]/u, languages: ['fa', 'ur', 'ckb', 'ar'] },
  { letters: /\p{Script=Arabic}/u, languages: ['ar', 'fa', 'ps', 'ckb', 'ur'] },
  { letters: /[іїєґ]/iu, languages: ['uk'] },
  { letters: /[ыэъё]/iu, languages: ['ru', 'uk'] },
  { letters: /\p{Script=Cyrillic}/u, languages: ['uk', 'ru', 'bg'] },
  { letters: /\p{Script=Ethiopic}/u, languages: ['ti', 'am'] },
  { letters: /[ğışİ]/u, languages: ['tr', 'ku'] },
];

/** The language of a first message, as far as a known word or the script tells; else null. */
export function guessLanguage(bot: Bot, text: string): string | null {
  const key = fold(text);
  const known = bot.wordLanguages.get(key) ?? bot.wordLanguages.get(key.split(' ')[0] ?? '');
  const [only] = known?.size === 1 ? known : [];
  if (only !== undefined) return only;
  const loaded = new Set(bot.languages.map(({ tag }) => tag));
  for (const { letters, languages } of SCRIPTS)
    if (letters.test(text)) {
      const found = languages.find((tag) => loaded.has(tag));
      if (found !== undefined) return found;
    }
  return null;
}
