import type { Everywhere, Flow, Turn, Word } from './model.ts';
import { fold, menuNumber } from './fold.ts';
import { inEveryLanguage, languageOptions, matchLanguage } from './steps/choose-language.ts';
import { goBack, interrupt, open, openMenu, place, repeat } from './walk.ts';

/** Flow name of Lotse's own questions in option ids: `_/language/ar`, `_/forget/yes`. */
export const OWN = '_';

/** Does what a word means that works everywhere. */
export function obey(turn: Turn, word: Word): void {
  switch (word.type) {
    case 'everywhere':
      command(turn, word.name);
      return;
    case 'language':
      turn.session.language = word.tag;
      repeat(turn);
      return;
    case 'entry':
      enter(turn, turn.bot.flows.get(word.flow) ?? turn.bot.start);
  }
}

/**
 * Opens a flow by word or link. Whose language is unknown is asked for it first; not in danger, and not where
 * conversations begin, which ask by themselves.
 */
export function enter(turn: Turn, flow: Flow): void {
  const asksFirst = turn.session.language === null && turn.bot.languages.length > 1;
  if (!asksFirst || flow === turn.bot.start || flow.texts.has('crisis')) {
    open(turn, flow);
    return;
  }
  place(turn, flow);
  askLanguage(turn);
}

function command(turn: Turn, name: Everywhere): void {
  const own = name === 'help' || name === 'person' ? turn.bot.start.everywhere.get(name) : undefined;
  if (own !== undefined) {
    interrupt(turn, turn.bot.start, own);
    return;
  }
  switch (name) {
    case 'menu':
    case 'start':
      openMenu(turn);
      return;
    case 'help':
      turn.tell('help');
      repeat(turn);
      return;
    case 'person':
      tellContact(turn);
      repeat(turn);
      return;
    case 'back':
      goBack(turn);
      return;
    case 'repeat':
    case 'greeting':
      repeat(turn);
      return;
    case 'language':
      askLanguage(turn);
      return;
    case 'forget':
      askForget(turn);
      return;
    case 'stop':
      stop(turn);
  }
}

/** Whom to turn to: the owner of the flow the person is in. */
export function tellContact(turn: Turn): void {
  const owner = turn.flow.owner ?? turn.bot.owner;
  if (owner) turn.tell('person.contact', owner);
  else turn.tell('person.none');
}

function askLanguage(turn: Turn): void {
  turn.session.overlay = 'language';
  const text = inEveryLanguage(turn, (tag) => turn.phrase('language.ask', {}, tag));
  turn.say(text, turn.language, { menu: turn.menu(languageOptions(turn, `${OWN}/language`)) });
}

function askForget(turn: Turn): void {
  turn.session.overlay = 'forget';
  const options = [
    { id: `${OWN}/forget/yes`, label: turn.phrase('forget.yes') },
    { id: `${OWN}/forget/no`, label: turn.phrase('forget.no') },
  ];
  turn.tell('forget.ask', {}, { menu: turn.menu(options) });
}

function stop(turn: Turn): void {
  Object.assign(turn.session, { stopped: true, frames: [], asked: null, overlay: null, trail: [] });
  turn.count('stopped');
  turn.tell('stop.done');
}

/** Takes the answer to a question of Lotse's own; false: it was none, and the question is dropped. */
export function answerOverlay(turn: Turn, text: string): boolean {
  const overlay = turn.session.overlay;
  turn.session.overlay = null;
  if (overlay === null) return false;
  const answer =
    overlay === 'language'
      ? (matchLanguage(turn, text, true) ?? matchLanguage(turn, text, false))
      : yesOrNo(turn, text);
  if (answer !== null) return answerOwn(turn, overlay, answer);
  if (overlay === 'forget' || turn.session.language !== null || turn.bot.words.has(fold(text))) return false;
  // Nothing is known of the language, and asking again would not help: better the first one than silence.
  return answerOwn(turn, overlay, turn.bot.language);
}

/** A tap on an option of Lotse's own, also on an old one. */
export function answerOwn(turn: Turn, question: string, answer: string): boolean {
  if (question === 'more') {
    turn.menuFrom = Number(answer) || 0;
    if (turn.session.overlay === 'language') askLanguage(turn);
    else repeat(turn);
    return true;
  }
  turn.session.overlay = null;
  if (question === 'language' && turn.bot.languages.some(({ tag }) => tag === answer)) {
    turn.session.language = answer;
    repeat(turn);
    return true;
  }
  if (question !== 'forget') return false;
  if (answer === 'yes') {
    turn.tell('forget.done');
    turn.count('forgotten');
    turn.effects.push({ type: 'forget' });
  } else if (turn.session.stopped) turn.tell('stop.still');
  else repeat(turn);
  return true;
}

/** The answer to «shall I delete everything?»; null: it is none. */
export function yesOrNo(turn: Turn, text: string): string | null {
  const typed = fold(text);
  const labelled = (path: string): boolean => [...turn.bot.folded('lotse', path).values()].includes(typed);
  const number = menuNumber(text);
  if (number === 1 || turn.bot.yes.has(typed) || labelled('forget.yes')) return 'yes';
  return number === 2 || turn.bot.no.has(typed) || labelled('forget.no') ? 'no' : null;
}
