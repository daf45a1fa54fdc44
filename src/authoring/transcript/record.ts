import { isDeepStrictEqual } from 'node:util';
import { Document, isScalar, isSeq, visit } from 'yaml';
import { advance } from '../../engine/advance.ts';
import { menuNumber } from '../../engine/fold.ts';
import type { Input } from '../../engine/input.ts';
import type { Bot } from '../../engine/model.ts';
import { begin, hear, type Rendering } from './conversation.ts';
import type { Outside } from './fixtures.ts';
import { loadTests, type Test } from './load.ts';
import { isSound } from './names.ts';
import { runTests } from './run.ts';
import { inputOf, lastOf } from './say.ts';
import { whereIs, type State } from './state.ts';

/** A conversation as it was held, to be made a test of. */
export interface Recorded {
  readonly name: string;
  /** The flow the test file is named after. */
  readonly flow: string;
  /** null: the person's language was not known at the beginning. */
  readonly language: string | null;
  readonly inputs: readonly { readonly input: Input; readonly atMs: number }[];
  /** What was talked on. */
  readonly rendering: Rendering;
}

/** One item of `talk`. */
type Told = { readonly say: unknown } | { readonly expect: Readonly<Record<string, unknown>> };

/**
 * The test of a conversation, as the YAML of a list with one item. Answers that were options are written as
 * option ids, so that the test holds in every language and rendering; where it does not (because of what was
 * typed), it is narrowed to those in which it does. `passes`: in the language it was held in, at least.
 */
export function recordTest(
  bot: Bot,
  recorded: Recorded,
  renderings: readonly Rendering[],
): { readonly yaml: string; readonly passes: boolean } {
  const { talk, language, asked } = tell(bot, recorded);
  const write = (narrowed: object): string =>
    compact({
      test: recorded.name,
      ...narrowed,
      ...(recorded.language === null ? { language_known: false } : {}),
      ...(asked.size > 0 ? { fixtures: Object.fromEntries([...asked].map(nobody)) } : {}),
      talk,
    });
  const tags = bot.languages.map(({ tag }) => tag);
  const names = renderings.map(({ name }) => name);
  const failing = (yaml: string): { languages: Set<string>; as: Set<string> } => {
    const tests = readBack(bot, yaml, recorded.flow);
    if (tests.length === 0) return { languages: new Set([...tags, language]), as: new Set(names) };
    const wrong = runTests(bot, tests, renderings).runs.filter(({ differences }) => differences.length > 0);
    return {
      languages: new Set(wrong.map((run) => run.language)),
      as: new Set(wrong.filter((run) => run.language === language).map((run) => run.as.split(' ')[0] ?? '')),
    };
  };

  const everywhere = write({});
  const wrong = failing(everywhere);
  if (wrong.languages.size === 0) return { yaml: everywhere, passes: true };
  const languages = tags.filter((tag) => !wrong.languages.has(tag));
  if (languages.includes(language)) return { yaml: write({ languages }), passes: true };
  const as = names.filter((name) => !wrong.as.has(name));
  return { yaml: write({ languages: [language], ...(as.length > 0 ? { as } : {}) }), passes: as.length > 0 };
}

/** Lists of short words on one line each, as people write them. */
function compact(test: object): string {
  const document = new Document([test]);
  visit(document, {
    Pair: (_key, { key, value }) => {
      if (isScalar(key) && isSeq(value) && key.value !== 'talk') value.flow = true;
    },
  });
  return document.toString({ lineWidth: 110, flowCollectionPadding: true });
}

/** In the terminal nobody outside is connected. */
function nobody(step: string): [string, string] {
  return [step, 'unavailable'];
}

function readBack(bot: Bot, yaml: string, flow: string): Test[] {
  return loadTests(`${flow}.test.yaml`, flow, yaml).tests.filter((test) => isSound(bot, test));
}

/** The conversation turn by turn, and the language it ended in. */
function tell(
  bot: Bot,
  { flow, language, inputs, rendering }: Recorded,
): { talk: Told[]; language: string; asked: Set<string> } {
  const [first] = inputs;
  const asked = new Set<string>();
  const outside: Outside = (step) => {
    asked.add(step);
    return { kind: 'unavailable' };
  };
  const setting = { bot, rendering, outside, steps: [] };
  const state = begin(first?.atMs ?? 0, language ?? bot.start.language, language !== null);
  const talk: Told[] = [];
  for (const { input, atMs } of inputs) {
    const say = saidOf(bot, input, { ...state, nowMs: atMs }, flow, rendering);
    state.nowMs = atMs;
    if (say === null) continue;
    hear(setting, state, input);
    talk.push({ say }, { expect: expected(state, flow) });
  }
  return { talk, language: state.language, asked };
}

function expected(state: State, flow: string): Record<string, unknown> {
  const here = whereIs(state);
  const menu = state.messages.findLast((message) => message.menu)?.menu;
  const name = here?.startsWith(`${flow}/`) === true ? lastOf(here) : here;
  return {
    ...(name === null ? { ended: true } : { step: name }),
    ...(menu ? { options: menu.options.map(({ id }) => lastOf(id)) } : {}),
  };
}

/** How a test says what a person did; null: no test can. */
function saidOf(bot: Bot, input: Input, state: State, flow: string, rendering: Rendering): unknown {
  switch (input.kind) {
    case 'text':
      return input.text.trim() === '' ? null : writtenAs(bot, input.text, state, flow, rendering);
    case 'choice':
      return { tap: input.choice };
    case 'location':
      return { location: [input.latitude, input.longitude] };
    case 'media':
      return { media: input.media.type };
    case 'entry':
      return { open: input.ref };
    default:
      return null;
  }
}

/** The option's id, where writing did just what tapping it would have done; else the words. */
function writtenAs(
  bot: Bot,
  text: string,
  state: State,
  flow: string,
  { channel }: Rendering,
): string | { text: string } {
  const after = (input: Input): unknown => advance(bot, state.session, input, state.nowMs, channel);
  const written = after({ kind: 'text', text });
  const options = state.menu?.options ?? [];
  const numbered = options[(menuNumber(text) ?? 0) - 1];
  const option = [...(numbered ? [numbered] : []), ...options].find(({ id, label }) =>
    isDeepStrictEqual(after({ kind: 'choice', choice: id, text: label }), written),
  );
  if (option) return lastOf(option.id);
  const at = { flow, language: state.language, menu: state.menu, habit: 'label' } as const;
  const input = inputOf(bot, { type: 'word', text: text.trim() }, at);
  return isDeepStrictEqual(input, { kind: 'text', text }) ? text : { text };
}
