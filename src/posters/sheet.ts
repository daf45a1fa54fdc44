import { plain } from '../authoring/graph/words.ts';
import type { Bot, Flow } from '../engine/model.ts';
import { PHRASES_FLOW, type Phrase } from '../engine/phrases.ts';
import { groupPhone } from '../understanding/phone.ts';
import { messengerLink, whatsappLink } from './links.ts';
import { openingText, openingWord } from './opening.ts';

/** A text, and the BCP 47 tag of the language it is in. */
export interface Worded {
  readonly text: string;
  readonly language: string;
}

/** What one language reads. */
export interface Row {
  /** BCP 47 tag of the language asked for; its script decides on which side the row begins. */
  readonly language: string;
  readonly title: Worded;
  readonly line: Worded;
}

/** One way in. */
export interface Entrance {
  readonly name: 'WhatsApp' | 'Messenger';
  readonly link: string;
  /** For people without a camera, the most telling first. */
  readonly plain: readonly string[];
}

/** What stands on a poster, before anything is drawn. */
export interface Sheet {
  readonly rows: readonly Row[];
  readonly entrances: readonly Entrance[];
  /** Who answers for it, and how they are reached; '' where nobody is named. */
  readonly sender: { readonly name: string; readonly contact: string };
}

/** Where the bot is reached: a number in E.164, a page's name. */
export interface Places {
  readonly number: string | null;
  readonly page: string | null;
}

/** The ways into a flow. None on WhatsApp where no word opens it. */
export function entrancesOf(
  bot: Bot,
  flow: Flow,
  languages: readonly string[],
  { number, page }: Places,
): Entrance[] {
  const text = number === null ? null : openingText(bot, flow, languages);
  const entrances: Entrance[] = [];
  if (number !== null && text !== null)
    entrances.push({
      name: 'WhatsApp',
      link: whatsappLink(number, text),
      plain: [groupPhone(number, 'international'), `wa.me/${number.slice(1)}`],
    });
  if (page !== null)
    entrances.push({ name: 'Messenger', link: messengerLink(page, flow.id), plain: [`m.me/${page}`] });
  return entrances;
}

/** A poster of a flow in these languages, in this order. */
export function sheetOf(bot: Bot, flow: Flow, languages: readonly string[], places: Places): Sheet {
  const entrances = entrancesOf(bot, flow, languages, places);
  const owner = flow.owner ?? bot.owner;
  return {
    rows: languages.map((language) => rowOf(bot, flow, language, entrances)),
    entrances,
    sender: { name: owner?.organization ?? '', contact: owner?.contact ?? '' },
  };
}

function rowOf(bot: Bot, flow: Flow, language: string, entrances: readonly Entrance[]): Row {
  const say = (phrase: Phrase, values: Readonly<Record<string, string>> = {}): Worded =>
    bot.texts.say(language, PHRASES_FLOW, phrase, values);
  const title = flow === bot.start ? say('poster.welcome') : bot.texts.say(language, flow.id, 'title', {});
  const [one = '', other] = entrances.map(({ name }) => name);
  const channel = other === undefined ? one : say('poster.or', { one, other }).text;
  const word = flow === bot.start ? null : openingWord(bot, flow, language);
  const line =
    word === null ? say('poster.write', { channel }) : say('poster.word', { channel, word: plain(word) });
  return { language, title: { ...title, text: plain(title.text) }, line };
}
