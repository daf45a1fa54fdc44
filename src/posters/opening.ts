import { guessLanguage } from '../engine/bot.ts';
import { fold, wordList } from '../engine/fold.ts';
import { matchEntry } from '../engine/match.ts';
import type { Bot, Flow } from '../engine/model.ts';
import { PHRASES_FLOW } from '../engine/phrases.ts';

/** WhatsApp takes 140 characters from a link. */
const TEXT_MAX = 140;

/** Says nothing in any language, so that the language stays open; not the name of any flow either. */
const NEUTRAL = 'Info';

/** So many words make pairs enough. */
const PAIRED_MAX = 12;

/**
 * What a link writes for the person, so that the bot opens this flow. In one language: a word that tells it, so
 * that nobody is asked for it. In several: a text that leaves it open, so that everybody is asked. Null: no word
 * opens this flow.
 */
export function openingText(bot: Bot, flow: Flow, languages: readonly string[]): string | null {
  const [only] = languages.length === 1 ? languages : [];
  // Words of languages that are not offered open the flow all the same.
  const tags = [...languages, ...bot.texts.forms(flow.id, 'entry').keys()];
  const entries = tags.map((tag) => wordsIn(bot, flow.id, 'entry', tag));
  const words = entries.flat();
  const opens = (text: string): boolean => text.length <= TEXT_MAX && meaning(bot, text).flow === flow.id;
  const fits = (text: string): boolean => opens(text) && meaning(bot, text).language === (only ?? null);
  const greetings = languages.flatMap((tag) =>
    flow === bot.start ? wordsIn(bot, PHRASES_FLOW, 'words.greeting', tag) : [],
  );
  // The first words say best what the flow is about.
  const firsts = entries.flatMap((list) => list.slice(0, 1));
  const candidates =
    only === undefined
      ? [...firsts, ...pairs(firsts), ...words, ...pairs(words), ...greetings]
      : [...greetings, ...words];
  return candidates.find(fits) ?? candidates.find(opens) ?? null;
}

/** Two words behind one that is none: no language is known by both. Other scripts would tell one. */
function pairs(words: readonly string[]): string[] {
  const latin = [...new Set(words)]
    .filter((word) => /^[\p{Script=Latin}\P{L}]+$/u.test(word))
    .slice(0, PAIRED_MAX);
  return latin.flatMap((first) => latin.map((second) => `${NEUTRAL}: ${first}, ${second}`));
}

/** The word that opens a flow, as told to people who read this language; null: there is none. */
export function openingWord(bot: Bot, flow: Flow, language: string): string | null {
  const { text } = bot.texts.say(language, flow.id, 'entry', {});
  const words = flow.texts.has('entry') ? wordList(text) : [];
  return words.find((word) => meaning(bot, word).flow === flow.id) ?? null;
}

function wordsIn(bot: Bot, flow: string, path: string, language: string): string[] {
  return wordList(bot.texts.forms(flow, path).get(language) ?? '');
}

/** Where somebody unknown gets who writes this, and which language they are then taken to speak; null: asked. */
function meaning(bot: Bot, text: string): { flow: string | null; language: string | null } {
  const crisis = bot.dangerIn(fold(text));
  if (crisis) return crisis;
  const word = bot.words.get(fold(text));
  const guessed = guessLanguage(bot, text);
  switch (word?.type) {
    case 'entry':
      return { flow: word.flow, language: guessed };
    case 'everywhere':
      return { flow: word.name === 'greeting' ? bot.start.id : null, language: guessed };
    case 'language':
      return { flow: null, language: word.tag };
    case undefined: {
      const found = matchEntry(bot, text);
      return { flow: found?.flow ?? null, language: guessed ?? found?.language ?? null };
    }
  }
}
