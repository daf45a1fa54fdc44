import { guessLanguage } from './bot.ts';
import type { Effect } from './effect.ts';
import { OWN, answerOverlay, answerOwn, enter, obey, tellContact, yesOrNo } from './everywhere.ts';
import { fold } from './fold.ts';
import type { Answered, Input, Notice } from './input.ts';
import { matchEntry } from './match.ts';
import type { Message } from './message.ts';
import { giveReminders, keepUnanswered } from './reminders.ts';
import { newSession, resume, type Session } from './session.ts';
import type { Bot, Outcome, Step, Turn } from './model.ts';
import { TurnDraft } from './turn.ts';
import { inEveryLanguage } from './steps/choose-language.ts';
import { ask, follow, gone, open, openQuestion, remember, repeat, settle } from './walk.ts';

export interface Advanced {
  /** null: the person asked that everything be deleted. */
  readonly session: Session | null;
  readonly effects: readonly Effect[];
}

/**
 * One input of one person, answered: the new session and what is to be done. Pure: the same arguments give
 * the same result, nothing is read, written or waited for, and `session` is left as it was.
 */
export function advance(
  bot: Bot,
  session: Session | null,
  input: Input | Answered | Notice,
  nowMs: number,
  channel: string,
): Advanced {
  const turn = new TurnDraft(bot, session ? resume(session, nowMs) : newSession(nowMs), nowMs, channel);
  switch (input.kind) {
    case 'wake':
      turn.woken = true;
      giveReminders(turn, input.templates === true);
      break;
    case 'wants':
      turn.session.quiet = !input.messages;
      break;
    case 'sorry':
      apologise(turn, input.why);
      break;
    case 'found':
    case 'done':
    case 'unavailable':
      answered(turn, input);
      break;
    default:
      take(turn, input);
  }
  keepUnanswered(turn);
  const forgotten = turn.effects.some(({ type }) => type === 'forget');
  return { session: forgotten ? null : turn.session, effects: joined(turn.effects) };
}

/** Before anything else is said: whose language is unknown is told so in all of them. */
function apologise(turn: Turn, why: 'late' | 'fault'): void {
  if (turn.session.language === null) turn.say(inEveryLanguage(turn, (tag) => turn.phrase(why, {}, tag)));
  else turn.tell(why);
}

function take(turn: Turn, input: Input): void {
  const text = spoken(input);
  if (text !== null && danger(turn, text)) return;
  if (turn.session.stopped && !resumes(turn, input, text)) return;
  if (input.kind === 'choice') {
    tapped(turn, input.choice, input.text);
    return;
  }
  const settled = settle(turn);
  if (input.kind === 'entry') {
    const flow = turn.bot.flows.get(input.ref);
    if (flow) enter(turn, flow);
    else repeat(turn);
    return;
  }
  if (!settled && text === null) {
    gone(turn);
    return;
  }
  const question = openQuestion(turn);
  const outcome = question && input.kind !== 'text' ? question.receive(turn, input, 'exact') : null;
  if (outcome) conclude(turn, outcome);
  else if (text !== null) written(turn, text, question);
  else {
    turn.tell(unreadable(input));
    repeat(turn);
  }
}

/** What somebody outside answered to the step that asked. */
function answered(turn: Turn, answer: Answered): void {
  const { flow, step } = turn.session.frames.at(-1) ?? { flow: '', step: '' };
  if (answer.kind === 'unavailable') turn.count('unavailable', { flow, step });
  const asking = turn.bot.flows.get(flow)?.steps.get(step);
  const outcome = asking?.receive(turn, answer, 'exact') ?? null;
  if (outcome) conclude(turn, outcome);
  else repeat(turn);
}

/** What was written, be it under a picture. */
function spoken(input: Input): string | null {
  const text = input.kind === 'text' ? input.text : input.kind === 'media' ? input.media.caption : undefined;
  return text === undefined || text.trim() === '' ? null : text;
}

/** Danger words go before everything, for those who wrote «stop» too. */
function danger(turn: Turn, text: string): boolean {
  const found = turn.bot.dangerIn(fold(text));
  turn.session.language ??= found?.language ?? guessLanguage(turn.bot, text);
  const flow = turn.bot.flows.get(found?.flow ?? '');
  if (!flow) return false;
  turn.count('crisis', { flow: flow.id });
  // The next answer is part of this: it must not meet «you asked me to stop».
  turn.session.stopped = false;
  open(turn, flow);
  return true;
}

/** Whether a person who wrote «stop» may be answered; a word on how to go on is never refused. */
function resumes(turn: Turn, input: Input, text: string | null): boolean {
  if (input.kind === 'choice' && input.choice.startsWith(`${OWN}/forget/`)) return true;
  const word = turn.bot.words.get(fold(text ?? ''));
  const name = word?.type === 'everywhere' ? word.name : null;
  if (name === 'start') turn.session.stopped = false;
  if (name === 'start' || name === 'forget') return true;
  if (turn.session.overlay === 'forget' && text !== null && yesOrNo(turn, text) !== null) return true;
  turn.session.overlay = null;
  turn.tell('stop.still');
  return false;
}

function written(turn: Turn, text: string, question: Step | null): void {
  const word = turn.bot.words.get(fold(text));
  const always = word?.type === 'everywhere' && (word.name === 'stop' || word.name === 'forget');
  if (!always && answerOverlay(turn, text)) return;
  if (word && always) {
    obey(turn, word);
    return;
  }
  const input: Input = { kind: 'text', text };
  const exact = question?.receive(turn, input, 'exact') ?? null;
  if (exact) {
    conclude(turn, exact);
    return;
  }
  if (word && !(word.type === 'entry' && question && wantsWords(turn, question))) {
    obey(turn, word);
    return;
  }
  const loose = question?.receive(turn, input, 'loose') ?? null;
  const found = loose?.type === 'follow' ? null : matchEntry(turn.bot, text);
  const flow = turn.bot.flows.get(found?.flow ?? '');
  if (found) turn.session.language ??= found.language;
  if (flow) enter(turn, flow);
  else if (question) conclude(turn, loose ?? { type: 'miss' });
  else if (turn.session.frames.length > 0) gone(turn);
  else open(turn, turn.bot.start);
}

/** A question for free text keeps words that would otherwise open a flow. */
function wantsWords(turn: Turn, question: Step): boolean {
  return question.writes.some(({ answer }) => turn.flow.answers.get(answer)?.type === 'text');
}

/** A tap, on the open menu or on any older one: the person is then where that menu was. */
function tapped(turn: Turn, choice: string, label: string | undefined): void {
  const [id = '', name = '', option = ''] = choice.split('/');
  if (id === OWN) {
    if (!answerOwn(turn, name, option)) repeat(turn);
    return;
  }
  turn.session.overlay = null;
  const flow = turn.bot.flows.get(id);
  const moved = flow?.moved.get(name) ?? name;
  const step = flow?.steps.get(moved);
  if (!flow || !step?.waits) {
    const settled = settle(turn);
    if (label !== undefined && label.trim() !== '') written(turn, label, openQuestion(turn));
    else if (!settled) gone(turn);
    else {
      turn.tell('option.gone');
      repeat(turn);
    }
    return;
  }
  const { frames } = turn.session;
  const depth = frames.map((frame) => frame.flow).lastIndexOf(id);
  turn.session.frames = [
    ...frames.slice(0, Math.max(depth, 0)),
    { flow: id, step: moved, version: flow.version },
  ];
  turn.session.asked = null;
  remember(turn);
  const outcome = step.tap(turn, option);
  if (outcome) conclude(turn, outcome);
  else {
    turn.tell('option.gone');
    repeat(turn);
  }
}

function conclude(turn: Turn, outcome: Outcome): void {
  if (outcome.type === 'follow') follow(turn, outcome.next);
  else if (outcome.type === 'ask') ask(turn, outcome.question);
  else if (outcome.type === 'miss') missed(turn, outcome);
}

/**
 * The ladder: again with a hint, then with numbers, then people who can help. Each rung is an unmet need.
 * Whose language is unknown is told so in all of them, and asked again.
 */
function missed(turn: Turn, miss: Extract<Outcome, { type: 'miss' }>): void {
  const asked = turn.session.asked ?? { options: [], misses: 0 };
  const rung = asked.misses + 1;
  turn.count('not_understood', { flow: turn.frame.flow, step: turn.frame.step, rung: String(rung) });
  if (turn.session.language === null) {
    turn.session.asked = { ...asked, misses: rung };
    turn.say(inEveryLanguage(turn, (tag) => turn.phrase('miss.hint', {}, tag)));
    repeat(turn);
    return;
  }
  if (rung >= 3) {
    turn.session.asked = { ...asked, misses: 0 };
    turn.tell('miss.person');
    tellContact(turn);
    return;
  }
  turn.session.asked = { ...asked, misses: rung };
  const numbers = rung === 2 && asked.options.length > 0;
  turn.tell(miss.need ?? (numbers ? 'miss.numbers' : 'miss.hint'), miss.values);
  repeat(turn);
}

function unreadable(input: Input): 'input.voice' | 'input.media' | 'input.location' | 'input.unsupported' {
  if (input.kind === 'location') return 'input.location';
  if (input.kind !== 'media') return 'input.unsupported';
  return input.media.type === 'audio' || input.media.type === 'voice' ? 'input.voice' : 'input.media';
}

/** Short messages in a row become one: platforms promise no order between two, and count each. Characters. */
const JOINED_MAX = 1000;

function joined(effects: readonly Effect[]): Effect[] {
  const result: Effect[] = [];
  for (const effect of effects) {
    const last = result.findLastIndex(({ type }) => type === 'send');
    const before = result[last];
    const message =
      effect.type === 'send' && before?.type === 'send' ? join(before.message, effect.message) : null;
    if (message) result[last] = { type: 'send', message };
    else result.push(effect);
  }
  return result;
}

function join(first: Message, second: Message): Message | null {
  const { menu, request, link, location, contacts, template = second.template } = first;
  const ends = [menu, request, link, location, contacts].some((one) => one !== undefined);
  if (ends || first.media || second.media || first.language !== second.language) return null;
  const text = `${first.text}\n\n${second.text}`;
  if (text.length > JOINED_MAX) return null;
  return { ...second, text, ...(template ? { template } : {}) };
}
