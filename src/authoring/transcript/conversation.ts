import { advance } from '../../engine/advance.ts';
import type { Effect } from '../../engine/effect.ts';
import type { Answered, Input, Notice } from '../../engine/input.ts';
import type { Message } from '../../engine/message.ts';
import type { Bot } from '../../engine/model.ts';
import { newSession, sessionSchema, type Session } from '../../engine/session.ts';
import type { Outside, Trouble } from './fixtures.ts';
import type { RenderingName } from './format.ts';
import { readable } from './said-text.ts';
import { whereIs, type State } from './state.ts';

/** How a platform shows messages; given by whoever knows platforms. */
export interface Rendering {
  readonly name: RenderingName;
  /** The name that conditions of flows see as `channel`. */
  readonly channel: string;
  /** Ids of the options that can be tapped; the others have to be written. */
  taps(message: Message): ReadonlySet<string>;
}

/** A conversation before its first word; `language`: of the person, or while unknown of the test. */
export function begin(nowMs: number, language: string, languageKnown: boolean): State {
  const session = languageKnown ? { ...newSession(nowMs), language } : null;
  return { session, nowMs, language, menu: null, messages: [], said: [], steps: [], counts: [] };
}

/** What a conversation is held with. */
export interface Setting {
  readonly bot: Bot;
  readonly rendering: Rendering;
  readonly outside: Outside;
  /** Filled with `flow/step` by whoever listens to the bot. */
  readonly steps: string[];
}

/** A flow that asks outside more often within one turn asks in a circle. */
const QUESTIONS_MAX = 10;

/** Lets the engine answer one input, until it waits for the person; gives what went wrong on the way. */
export function hear(setting: Setting, state: State, input: Input): Trouble[] {
  Object.assign(state, { messages: [], counts: [], said: [], steps: [] });
  return feed(setting, state, input);
}

/** A reminder of a reminder of … in one wait. */
const WAKES_MAX = 100;

/** Lets time pass, and Lotse write when a reminder is due. */
export function wait(setting: Setting, state: State, ms: number): Trouble[] {
  const endMs = state.nowMs + ms;
  const troubles: Trouble[] = [];
  for (let wakes = 0; wakes < WAKES_MAX; wakes += 1) {
    const dueMs = state.session?.reminders[0]?.at;
    if (dueMs === undefined || dueMs > endMs) break;
    if (wakes === 0) Object.assign(state, { messages: [], counts: [], said: [], steps: [] });
    state.nowMs = Math.max(dueMs, state.nowMs);
    troubles.push(...feed(setting, state, { kind: 'wake' }));
  }
  state.nowMs = endMs;
  return troubles;
}

function feed(setting: Setting, state: State, first: Input | Notice): Trouble[] {
  const { bot, rendering, outside, steps } = setting;
  let input: Input | Notice | Answered = first;
  for (let questions = 0; questions < QUESTIONS_MAX; questions += 1) {
    const session = reread(state.session);
    if (session === undefined) return [UNSTORABLE];
    steps.length = 0;
    const { effects, session: next } = advance(bot, session, input, state.nowMs, rendering.channel);
    take(state, effects, next, rendering, steps);
    const asked = effects.find((effect) => effect.type === 'ask');
    if (!asked) return [];
    const answer = outside(whereIs(state) ?? '', asked.question, state.language);
    if (!('kind' in answer)) return [answer];
    input = answer;
  }
  return [CIRCLE];
}

const UNSTORABLE: Trouble = { expected: 'a session that can be stored', actual: 'it cannot be read back' };
const CIRCLE: Trouble = { expected: 'an answer', actual: 'the flow asks outside in a circle' };

function take(
  state: State,
  effects: readonly Effect[],
  session: Session | null,
  rendering: Rendering,
  steps: readonly string[],
): void {
  const messages = effects.flatMap((effect) => (effect.type === 'send' ? [effect.message] : []));
  state.session = session;
  state.language = session?.language ?? state.language;
  state.messages = [...state.messages, ...messages];
  state.counts = [
    ...state.counts,
    ...effects.flatMap((effect) => (effect.type === 'count' ? [effect.name] : [])),
  ];
  state.said = state.messages.map(readable);
  state.steps = [...state.steps, ...steps];
  const last = messages.findLast(({ menu }) => menu);
  if (last?.menu) state.menu = { options: last.menu.options, taps: rendering.taps(last) };
  else if (!isOpen(state)) state.menu = null;
}

/** undefined: it is not what the store could read again. */
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
