import type { Question } from './effect.ts';
import type { Flow, Step, Turn } from './model.ts';
import { TRAIL_MAX, endConversation, type Frame } from './session.ts';
import type { Jump } from './jump.ts';

/** More than this in one turn is a mistake in the flow; the person gets an apology instead of a flood. */
const TRANSITIONS_MAX = 100;
const MESSAGES_MAX = 20;
const DEPTH_MAX = 16;

/** The question that waits for the person; null between flows, and when it is gone from its flow. */
export function openQuestion(turn: Turn): Step | null {
  const frame = turn.session.frames.at(-1);
  const step = frame && turn.bot.flows.get(frame.flow)?.steps.get(frame.step);
  return step?.waits === true ? step : null;
}

/** Starts a flow anew, at a step of it or its first. */
export function open(turn: Turn, flow: Flow, step = flow.first): void {
  place(turn, flow, step);
  run(turn);
}

/** Puts the person before a step that has yet to be entered. */
export function place(turn: Turn, flow: Flow, step = flow.first): void {
  turn.session.frames = [frameAt(flow, step)];
  turn.session.asked = null;
  turn.count('flow_started', { flow: flow.id });
}

/** Runs a step on top of the open question, which is asked again afterwards. */
export function interrupt(turn: Turn, flow: Flow, step: string): void {
  turn.session.asked = null;
  if (turn.session.frames.length >= DEPTH_MAX) turn.session.frames = [];
  turn.session.frames.push(frameAt(flow, step));
  run(turn);
}

/** Goes on at another step of a flow the person is in, instead of at the open question. */
export function leave(turn: Turn, flow: Flow, step: string): void {
  const { frames } = turn.session;
  const depth = frames.map((frame) => frame.flow).lastIndexOf(flow.id);
  turn.session.frames = [...frames.slice(0, Math.max(depth, 0)), frameAt(flow, step)];
  turn.session.asked = null;
  run(turn);
}

/** Where «menu» leads. */
export function openMenu(turn: Turn): void {
  endConversation(turn.session);
  turn.session.trail = [];
  open(turn, turn.bot.start, turn.bot.start.everywhere.get('menu'));
}

/** Asks the open question again; between flows, begins. */
export function repeat(turn: Turn): void {
  if (turn.session.frames.length === 0) open(turn, turn.bot.start);
  else run(turn);
}

/** Returns to the question before the open one. */
export function goBack(turn: Turn): void {
  const { session } = turn;
  if (session.trail.at(-1) === position(session.frames)) session.trail.pop();
  const earlier = session.trail.pop();
  if (earlier !== undefined)
    session.frames = earlier.split('>').flatMap((at): Frame[] => {
      const [id = '', step = ''] = at.split('/');
      const flow = turn.bot.flows.get(id);
      return flow ? [frameAt(flow, flow.moved.get(step) ?? step)] : [];
    });
  session.asked = null;
  repeat(turn);
}

/** Notes the question the person is at, for «back». */
export function remember({ session }: Turn): void {
  const here = position(session.frames);
  if (session.trail.at(-1) !== here) session.trail = [...session.trail, here].slice(-TRAIL_MAX);
}

/** Takes the first jump that holds, and walks on until the flow waits for the person or is over. */
export function follow(turn: Turn, next: readonly Jump[]): void {
  if (jump(turn, turn.choose(next))) run(turn);
}

/** Hands a question to whoever is outside; the turn goes on with the answer. */
export function ask(turn: Turn, question: Question): void {
  turn.effects.push({ type: 'ask', question });
}

/** Renames steps that moved. False: the open question is not in its flow any more. */
export function settle(turn: Turn): boolean {
  for (const frame of turn.session.frames) {
    const flow = turn.bot.flows.get(frame.flow);
    frame.step = flow?.moved.get(frame.step) ?? frame.step;
  }
  return turn.session.frames.length === 0 || openQuestion(turn) !== null;
}

/** Enters steps one after the other until one waits. */
function run(turn: Turn): void {
  const { session } = turn;
  // What is asked next is the flow's: an answer to it must not be taken for one to a question of Lotse's own.
  session.overlay = null;
  for (let transitions = 0; transitions < TRANSITIONS_MAX; transitions += 1) {
    const frame = session.frames.at(-1);
    if (!frame) {
      endConversation(session);
      session.trail = [];
      return;
    }
    const step = turn.bot.flows.get(frame.flow)?.steps.get(frame.step);
    if (!step) {
      gone(turn);
      return;
    }
    const outcome = step.enter(turn);
    if (turn.effects.filter(({ type }) => type === 'send').length > MESSAGES_MAX) break;
    if (outcome.type === 'wait') {
      remember(turn);
      return;
    }
    if (outcome.type === 'ask') {
      ask(turn, outcome.question);
      return;
    }
    if (outcome.type === 'miss' || !jump(turn, turn.choose(outcome.next))) return;
  }
  guard(turn, 'too many steps or messages in one turn');
}

/** Moves to where a jump leads; none: the flow is over and its caller goes on. False: it led nowhere. */
function jump(turn: Turn, to: Jump | null): boolean {
  const { session } = turn;
  session.asked = null;
  const frame = turn.frame;
  if (to === null) {
    turn.count('flow_ended', { flow: frame.flow });
    session.frames.pop();
    return true;
  }
  if ('to' in to) {
    frame.step = to.to;
    frame.version = turn.flow.version;
    return true;
  }
  const [id = '', step] = ('call' in to ? to.call : to.go).split('/');
  const flow = turn.bot.flows.get(id);
  if (!flow || (step !== undefined && !flow.steps.has(step))) return guard(turn, `no flow or step '${id}'`);
  if ('go' in to) session.frames = [];
  else if (to.then === undefined) session.frames.pop();
  else frame.step = to.then;
  if (session.frames.length >= DEPTH_MAX)
    return guard(turn, `flows call one another ${String(DEPTH_MAX)} deep`);
  session.frames.push(frameAt(flow, step ?? flow.first));
  turn.count('flow_started', { flow: id });
  return true;
}

/** The step is not in the flow any more: apologise, and begin the flow again, or at the menu. */
export function gone(turn: Turn): void {
  const { flow: id = '', step = '' } = turn.session.frames.at(-1) ?? {};
  turn.count('step_gone', { flow: id, step });
  turn.tell('step.gone');
  const flow = turn.bot.flows.get(id) ?? turn.bot.start;
  open(turn, flow);
}

/** A mistake in a flow that no check found: the person gets one apology, the operator the place. */
function guard(turn: Turn, why: string): false {
  const { flow = '', step = '' } = turn.session.frames.at(-1) ?? {};
  turn.effects.length = 0;
  turn.count('guard', { flow, step, why });
  turn.tell('fault');
  Object.assign(turn.session, { frames: [], asked: null, overlay: null });
  return false;
}

function frameAt(flow: Flow, step: string): Frame {
  return { flow: flow.id, step, version: flow.version };
}

/** Where the person is, as one word. */
export function position(frames: readonly Frame[]): string {
  return frames.map(({ flow, step }) => `${flow}/${step}`).join('>');
}
