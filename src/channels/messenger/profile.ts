import { z } from 'zod';
import { fold, wordList } from '../../engine/fold.ts';
import { matchEntry } from '../../engine/match.ts';
import type { Bot, Everywhere } from '../../engine/model.ts';
import { PHRASES_FLOW } from '../../engine/phrases.ts';
import { localesOf } from './locales.ts';
import { AS_WRITTEN, GET_STARTED } from './payloads.ts';

/** Meta's limits, in UTF-16 units. Of the menu it advises no more than five items. */
const GREETING_MAX = 160;
const TITLE_MAX = 30;
const QUESTION_MAX = 80;
const QUESTIONS_MAX = 4;

/** What the menu beside the input field offers, in this order. */
const MENU: readonly Everywhere[] = ['menu', 'person', 'language', 'help', 'stop'];

const text = z.string();
const postbackSchema = z.object({ type: z.literal('postback'), title: text, payload: text });
const questionSchema = z.object({ question: text, payload: text });

/** What a page shows by itself, before and beside the conversation; as Meta takes and gives it. */
export const profileSchema = z.object({
  get_started: z.object({ payload: text }),
  greeting: z.array(z.object({ locale: text, text })),
  persistent_menu: z.array(
    z.object({
      locale: text,
      composer_input_disabled: z.boolean().default(false),
      call_to_actions: z.array(postbackSchema),
    }),
  ),
  ice_breakers: z.array(z.object({ locale: text, call_to_actions: z.array(questionSchema) })),
});
export type Profile = z.infer<typeof profileSchema>;

export interface MadeProfile {
  readonly profile: Profile;
  /** BCP 47 tags of the bot's languages that Meta does not know. */
  readonly left: readonly string[];
}

/**
 * The profile of a page in every language of its bot; `default` is the start flow's. Greeting and questions come
 * from the start flow. Pure.
 */
export function profileOf(bot: Bot): MadeProfile {
  const own = bot.start.language;
  const tags = bot.languages.map(({ tag }) => tag);
  const places = [
    { locale: 'default', language: own },
    ...tags.flatMap((language) => localesOf(language).map((locale) => ({ locale, language }))),
  ].filter(({ locale }, index, all) => all.findIndex((other) => other.locale === locale) === index);
  const profile: Profile = {
    get_started: { payload: GET_STARTED },
    greeting: places.flatMap(({ locale, language }) => {
      const greeting = greetingIn(bot, language);
      return greeting === '' ? [] : [{ locale, text: greeting }];
    }),
    persistent_menu: places.flatMap(({ locale, language }) => {
      const call_to_actions = menuIn(bot, language);
      return call_to_actions.length === 0
        ? []
        : [{ locale, composer_input_disabled: false, call_to_actions }];
    }),
    ice_breakers: places.flatMap(({ locale, language }) => {
      const call_to_actions = questionsIn(bot, language);
      return call_to_actions.length === 0 ? [] : [{ locale, call_to_actions }];
    }),
  };
  return { profile, left: tags.filter((tag) => localesOf(tag).length === 0) };
}

/** The first lines that Lotse says, as many as there is room for; '' where they are not translated. */
function greetingIn(bot: Bot, language: string): string {
  const said = [...bot.start.steps.values()].find(({ kind }) => kind === 'say');
  const [path] = said?.texts.map((one) => one.path).filter((one) => one.endsWith('.say')) ?? [];
  const found = path === undefined ? null : bot.texts.say(language, bot.start.id, path, {});
  if (found?.language !== language) return '';
  let greeting = '';
  for (const line of found.text.split('\n')) {
    const plain = line.replace(/\*([^*\n]+)\*/gu, '$1').trim();
    const longer = greeting === '' ? plain : `${greeting}\n${plain}`;
    if (longer.length > GREETING_MAX) break;
    greeting = longer;
  }
  return greeting;
}

function menuIn(bot: Bot, language: string): Profile['persistent_menu'][number]['call_to_actions'] {
  return MENU.flatMap((name) => {
    const list = bot.texts.forms(PHRASES_FLOW, `words.${name}`).get(language) ?? '';
    const title = wordList(list)
      .map((word) => capitalised(word, language))
      .find((word) => {
        const meant = bot.words.get(fold(word));
        return word.length <= TITLE_MAX && meant?.type === 'everywhere' && meant.name === name;
      });
    return title === undefined ? [] : [{ type: 'postback' as const, title, payload: AS_WRITTEN }];
  });
}

/** The first options of the menu that conversations begin with. */
function questionsIn(bot: Bot, language: string): Profile['ice_breakers'][number]['call_to_actions'] {
  const { start } = bot;
  const named = start.everywhere.get('menu');
  const [name, step] = [...start.steps].find(
    ([id, one]) => (named === undefined || id === named) && one.texts.some(({ path }) => OPTION.test(path)),
  ) ?? [''];
  const options = step?.texts.flatMap(({ path }) => OPTION.exec(path)?.[1] ?? []) ?? [];
  return options
    .map((option) => {
      const said = bot.texts.say(language, start.id, `steps.${name}.options.${option}.label`, {});
      const leads = step?.jumps.find(({ path }) => path[0] === 'options' && path[1] === option)?.jump;
      const target = leads && 'go' in leads ? leads.go : leads && 'call' in leads ? leads.call : '';
      // As a word, where it is one: who writes a word in their language is answered in it, who taps is not.
      const payload = opens(bot, said.text) === target ? AS_WRITTEN : `${start.id}/${name}/${option}`;
      return { ...said, payload };
    })
    .filter((one) => one.language === language && one.text.length <= QUESTION_MAX)
    .slice(0, QUESTIONS_MAX)
    .map((one) => ({ question: one.text, payload: one.payload }));
}

const OPTION = /\.options\.([^.]+)\.label$/u;

/** The flow that a text opens for somebody who writes it first; null: none. */
function opens(bot: Bot, written: string): string | null {
  const word = bot.words.get(fold(written));
  if (word) return word.type === 'entry' ? word.flow : null;
  return matchEntry(bot, written)?.flow ?? null;
}

function capitalised(word: string, language: string): string {
  const [first = ''] = word;
  return first.toLocaleUpperCase(language) + word.slice(first.length);
}
