import { advance } from '../../engine/advance.ts';
import { didYouMean } from '../finding.ts';
import type { Input } from '../../engine/input.ts';
import type { MenuOption, Message } from '../../engine/message.ts';
import type { Bot } from '../../engine/model.ts';
import { newSession, sessionSchema, type Session } from '../../engine/session.ts';
import { differences } from './compare.ts';
import type { Walked } from './coverage.ts';
import type { RenderingName, Said } from './format.ts';
import type { Line, Test } from './load.ts';
import { observed } from './observe.ts';
import { inputOf, lastOf, type Habit } from './say.ts';
import { readable } from './said-text.ts';
import { whereIs, type Difference, type State } from './state.ts';

/** How a platform shows messages; given by whoever knows platforms. */
export interface Rendering {
  readonly name: RenderingName;
  /** The name that conditions of flows see as `channel`. */
  readonly channel: string;
  /** Ids of the options that can be tapped; the others have to be written. */
  taps(message: Message): ReadonlySet<string>;
}

/** One way to hold a conversation, e.g. on WhatsApp by tapping. */
export interface Manner {
  readonly name: string;
  readonly rendering: Rendering;
  readonly habit: Habit;
}

/** Where nothing can be tapped, people write the number or the label: both are tried. */
export function mannersOf(rendering: Rendering): Manner[] {
  if (rendering.name !== 'text') return [{ name: rendering.name, rendering, habit: 'tap' }];
  return [
    { name: 'text by number', rendering, habit: 'number' },
    { name: 'text by label', rendering, habit: 'label' },
  ];
}

/** One line of the conversation as it was held. */
export type Entry =
  | { readonly by: 'person'; readonly words: string; readonly meant: string }
  | {
      readonly by: 'lotse';
      readonly steps: readonly string[];
      readonly messages: readonly Message[];
    }
  | { readonly by: 'test'; readonly differences: readonly Difference[] };

/** One test in one language, held in one manner. */
export interface Run {
  readonly test: Test;
  readonly language: string;
  readonly as: string;
  readonly entries: readonly Entry[];
  readonly differences: readonly Difference[];
}

export type Play = (test: Test, language: string, manner: Manner) => Run;

/** Plays tests on a bot, and notes in `walked` what they visit. */
export function createPlay(bot: Bot, walked: Walked): Play {
  const steps: string[] = [];
  const watched = observed(bot, {
    entered(step) {
      steps.push(step);
      walked.steps.add(step);
    },
    left(step, way) {
      walked.ways.add(`${step}#${String(way)}`);
    },
  });

  const hear = (state: State, input: Input, session: Session | null, { rendering }: Manner): void => {
    steps.length = 0;
    const advanced = advance(watched, session, input, state.nowMs, rendering.channel);
    const messages = advanced.effects.flatMap((effect) => (effect.type === 'send' ? [effect.message] : []));
    const counts = advanced.effects.flatMap((effect) => (effect.type === 'count' ? [effect.name] : []));
    state.session = advanced.session;
    state.language = advanced.session?.language ?? state.language;
    Object.assign(state, { messages, counts, steps: [...steps], said: messages.map(readable) });
    const last = messages.findLast(({ menu }) => menu);
    if (last?.menu) state.menu = { options: last.menu.options, taps: rendering.taps(last) };
    else if (!isOpen(state)) state.menu = null;
  };

  return (test, language, manner) => {
    const state = begin(test, language);
    const entries: Entry[] = [];
    const differ = (found: readonly Difference[]): void => {
      if (found.length > 0) entries.push({ by: 'test', differences: found });
    };
    for (const [index, line] of test.lines.entries()) {
      if (line.type === 'expected') {
        differ(differences(bot, line.expectation, line.at, test.flow, state));
        continue;
      }
      if (line.said.type === 'wait') {
        state.nowMs += line.said.ms;
        entries.push({ by: 'person', words: '…', meant: meaning(line.said) });
        continue;
      }
      const { options = [] } = state.menu ?? {};
      const at = { flow: test.flow, language: state.language, menu: state.menu, habit: manner.habit };
      const input = inputOf(bot, line.said, at);
      const session = reread(state.session);
      if (session === undefined || input === null) {
        differ([{ at: line.at, expected: 'a session that can be stored', actual: 'it cannot be read back' }]);
        break;
      }
      hear(state, input, session, manner);
      entries.push({ by: 'person', words: words(input), meant: meaning(line.said) });
      entries.push({ by: 'lotse', steps: state.steps, messages: state.messages });
      differ(faults(line, test.lines.slice(index + 1), options, state));
    }
    const found = entries.flatMap((entry) => (entry.by === 'test' ? entry.differences : []));
    return { test, language, as: manner.name, entries, differences: found };
  };
}

function begin({ nowMs, languageKnown }: Test, language: string): State {
  const session = languageKnown ? { ...newSession(nowMs), language } : null;
  return { session, nowMs, language, menu: null, messages: [], said: [], steps: [], counts: [] };
}

/** As the store would give it back; undefined: it would not. */
function reread(session: Session | null): Session | null | undefined {
  if (session === null) return null;
  const raw: unknown = JSON.parse(JSON.stringify(session));
  return sessionSchema.safeParse(raw).data;
}

/** Whether the menu shown last still belongs to the open question. */
function isOpen(state: State): boolean {
  const here = whereIs(state);
  const first = state.menu?.options[0]?.id ?? '';
  return here !== null && first.startsWith(`${here}/`);
}

/** What no test needs to expect: flows that run in circles, and words that were meant as an option of the question. */
function faults(
  { at, ...line }: Line,
  later: readonly Line[],
  options: readonly MenuOption[],
  state: State,
): Difference[] {
  const following = later.slice(0, nextSaid(later));
  const foreseen = (name: string): boolean =>
    following.some((one) => one.type === 'expected' && one.expectation.count?.includes(name) === true);
  if (state.counts.includes('guard') && !foreseen('guard'))
    return [{ at, expected: 'an answer', actual: 'Lotse was lost: too many steps or messages in one turn' }];
  const typed = line.type === 'said' && line.said.type === 'word' ? line.said.text : '';
  const near = didYouMean(
    typed,
    options.map(({ id }) => lastOf(id)),
  );
  const lost = state.counts.includes('not_understood') && !foreseen('not_understood');
  return lost && typed !== '' && near !== ''
    ? [{ at, expected: `say: ${typed}`, actual: `it was not understood${near}` }]
    : [];
}

function nextSaid(lines: readonly Line[]): number {
  const index = lines.findIndex(({ type }) => type === 'said');
  return index < 0 ? lines.length : index;
}

function words(input: Input): string {
  switch (input.kind) {
    case 'text':
      return input.text;
    case 'choice':
      return `taps «${input.text ?? input.choice}»`;
    case 'location':
      return `sends a location: ${String(input.latitude)}, ${String(input.longitude)}`;
    case 'media':
      return `sends: ${input.media.type}`;
    case 'entry':
      return `opens the chat: ${input.ref}`;
    default:
      return input.kind;
  }
}

function meaning(said: Said): string {
  switch (said.type) {
    case 'word':
    case 'text':
      return said.text;
    case 'tap':
      return said.option;
    case 'wait':
      return `${String(Math.round(said.ms / 60_000))} minutes pass`;
    default:
      return '';
  }
}
