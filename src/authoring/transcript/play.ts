import type { Input } from '../../engine/input.ts';
import type { MenuOption, Message } from '../../engine/message.ts';
import type { Bot } from '../../engine/model.ts';
import { didYouMean } from '../finding.ts';
import { differences } from './compare.ts';
import { begin, hear, wait, type Rendering } from './conversation.ts';
import type { Walked } from './coverage.ts';
import { declared } from './fixtures.ts';
import type { Said } from './format.ts';
import type { Line, Test } from './load.ts';
import { observed } from './observe.ts';
import { inputOf, lastOf, type Habit } from './say.ts';
import type { Difference, State } from './state.ts';

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
  /** Steps that asked outside, `flow/step`. */
  readonly asked: ReadonlySet<string>;
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

  return (test, language, manner) => {
    const state = begin(test.nowMs, language, test.languageKnown);
    const asked = new Set<string>();
    const outside = declared(test.fixtures, asked);
    const setting = { bot: watched, rendering: manner.rendering, outside, steps };
    const entries: Entry[] = [];
    const differ = (found: readonly Difference[]): void => {
      if (found.length > 0) entries.push({ by: 'test', differences: found });
    };
    for (const [index, line] of test.lines.entries()) {
      if (line.type === 'expected') {
        differ(differences(bot, line, test.flow, state));
        continue;
      }
      if (line.said.type === 'wait') {
        const troubles = wait(setting, state, line.said.ms);
        entries.push({ by: 'person', words: '…', meant: meaning(line.said) });
        if (state.steps.length > 0)
          entries.push({ by: 'lotse', steps: state.steps, messages: state.messages });
        differ(troubles.map((trouble) => ({ at: line.at, ...trouble })));
        continue;
      }
      const { options = [] } = state.menu ?? {};
      const at = { flow: test.flow, language: state.language, menu: state.menu, habit: manner.habit };
      const input = inputOf(bot, line.said, at);
      if (input === null) continue;
      const troubles = hear(setting, state, input);
      entries.push({ by: 'person', words: words(input), meant: meaning(line.said) });
      entries.push({ by: 'lotse', steps: state.steps, messages: state.messages });
      differ([
        ...troubles.map((trouble) => ({ at: line.at, ...trouble })),
        ...faults(line, test.lines.slice(index + 1), options, state),
      ]);
    }
    const found = entries.flatMap((entry) => (entry.by === 'test' ? entry.differences : []));
    return { test, language, as: manner.name, entries, differences: found, asked };
  };
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
