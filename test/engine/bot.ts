import { expect } from '@jest/globals';
import { formatFinding } from '../../src/authoring/finding.ts';
import { loadFlow } from '../../src/authoring/load.ts';
import { sourceTexts } from '../../src/authoring/translations.ts';
import { advance, type Advanced } from '../../src/engine/advance.ts';
import { createBot } from '../../src/engine/bot.ts';
import type { Effect, Question } from '../../src/engine/effect.ts';
import type { Answered, Input, Notice } from '../../src/engine/input.ts';
import { messageSchema, type Message } from '../../src/engine/message.ts';
import type { Bot, Flow } from '../../src/engine/model.ts';
import { PHRASES_FLOW } from '../../src/engine/phrases.ts';
import { newSession, sessionSchema, type Session } from '../../src/engine/session.ts';
import { createTexts, languagesOf } from '../../src/i18n.ts';
import { understanding } from '../../src/understanding/understanding.ts';

/** 2026-11-20T09:00:00Z; tests that let time pass add to it. */
export const NOW = Date.UTC(2026, 10, 20, 9);
export const HOUR = 60 * 60 * 1000;
export const DAY = 24 * HOUR;

/** language -> flow (or `lotse`) -> path -> text, as a translator would give them. */
export type Translations = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>
>;

/** A bot from what authors write: the YAML below a flow's `flow:` and `title:` lines, by flow; `start` begins. */
export function botOf(flows: Readonly<Record<string, string>>, translations: Translations = {}): Bot {
  const loaded = new Map<string, Flow>();
  for (const [id, body] of Object.entries(flows)) {
    const language = /^language:/m.test(body) ? '' : 'language: en\n';
    const { flow, findings } = loadFlow(`${id}.yaml`, id, `flow: ${id}\ntitle: ${id}\n${language}${body}`);
    if (!flow) throw new Error(findings.map(formatFinding).join('\n'));
    loaded.set(id, flow);
  }
  const resources = new Map([...sourceTexts(loaded)].map(([language, files]) => [language, new Map(files)]));
  for (const [language, files] of Object.entries(translations)) {
    const known = resources.get(language) ?? new Map<string, ReadonlyMap<string, string>>();
    for (const [flow, texts] of Object.entries(files)) known.set(flow, new Map(Object.entries(texts)));
    resources.set(language, known);
  }
  const sources = new Map([...loaded.values()].map(({ id, language }) => [id, language]));
  const texts = createTexts(resources, sources.set(PHRASES_FLOW, 'en'));
  return createBot(loaded, loaded.get('start')!, languagesOf([...resources.keys()]), texts, understanding);
}

/** Freezes a value and all in it, so that a change in place throws. */
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

/**
 * One turn, with everything that must hold after any input: the old session untouched, the new one plain JSON
 * of its schema, every message whole, and the same result from the same arguments.
 */
export function step(
  bot: Bot,
  session: Session | null,
  input: Input | Answered | Notice,
  nowMs = NOW,
  channel = 'test',
): Advanced {
  deepFreeze(session);
  deepFreeze(input);
  const result = advance(bot, session, input, nowMs, channel);
  expect(advance(bot, session, input, nowMs, channel)).toEqual(result);
  if (result.session !== null)
    expect(sessionSchema.parse(JSON.parse(JSON.stringify(result.session)))).toEqual(result.session);
  const sent = messagesOf(result.effects);
  for (const message of sent) expect(messageSchema.parse(message)).toEqual(message);
  expect(sent.length).toBeLessThanOrEqual(20);
  return result;
}

export function messagesOf(effects: readonly Effect[]): Message[] {
  return effects.flatMap((effect) => (effect.type === 'send' ? [effect.message] : []));
}

/** A person's side of a conversation; each method answers with what was said to them, messages joined by `\n--\n`. */
export interface Talk {
  session: Session | null;
  bot: Bot;
  effects: readonly Effect[];
  nowMs: number;
  /** Who answers what the flow asks; nobody, if not replaced. */
  outside: (question: Question) => Answered;
  write(text: string): string;
  tap(choice: string, text?: string): string;
  send(input: Input | Notice): string;
  /** The messages of the last turn. */
  messages(): Message[];
  /** Labels of the last menu shown in the last turn. */
  labels(): string[];
  /** Names of what was counted in the last turn. */
  counts(): string[];
  /** `flow/step` where the person is; '' between flows. */
  at(): string;
}

export function talkTo(bot: Bot, session: Session | null = null): Talk {
  const talk: Talk = {
    session,
    bot,
    effects: [],
    nowMs: NOW,
    outside: () => ({ kind: 'unavailable' }),
    write: (text) => talk.send({ kind: 'text', text }),
    tap: (choice, text) =>
      talk.send(text === undefined ? { kind: 'choice', choice } : { kind: 'choice', choice, text }),
    send(input) {
      let next: Input | Notice | Answered | null = input;
      talk.effects = [];
      while (next) {
        const result: Advanced = step(talk.bot, talk.session, next, talk.nowMs);
        talk.session = result.session;
        talk.effects = [...talk.effects, ...result.effects];
        const last = result.effects.at(-1);
        next = last?.type === 'ask' ? talk.outside(last.question) : null;
      }
      return talk
        .messages()
        .map(({ text }) => text)
        .join('\n--\n');
    },
    messages: () => messagesOf(talk.effects),
    labels: () =>
      talk
        .messages()
        .findLast(({ menu }) => menu)
        ?.menu?.options.map(({ label }) => label) ?? [],
    counts: () => talk.effects.flatMap((effect) => (effect.type === 'count' ? [effect.name] : [])),
    at() {
      const frame = talk.session?.frames.at(-1);
      return frame ? `${frame.flow}/${frame.step}` : '';
    },
  };
  return talk;
}

/** A talk whose person's language is known, standing at the first question. */
export function talkIn(language: string, bot: Bot, answer?: Answered): Talk {
  const talk = talkTo(bot, { ...newSession(NOW), language });
  if (answer) talk.outside = () => answer;
  talk.send({ kind: 'entry', ref: '' });
  return talk;
}
