import type { Turn } from './model.ts';
import { REMINDERS_MAX, type Reminder } from './session.ts';
import { interrupt, leave, openQuestion, position, settle } from './walk.ts';

/** Notes what the person is to be asked later. */
export function setReminder({ session }: Turn, reminder: Reminder): void {
  session.reminders = [...session.reminders, reminder].sort((a, b) => a.at - b.at).slice(0, REMINDERS_MAX);
}

/** Notes where the person goes on who does not answer the question that this turn will end with. */
export function setUnanswered(turn: Turn, reminder: Reminder): void {
  // Once: nobody is written to again and again.
  if (turn.woken) return;
  const { session } = turn;
  const isSame = ({ flow, step, unanswered }: Reminder): boolean =>
    unanswered !== undefined && flow === reminder.flow && step === reminder.step;
  session.reminders = session.reminders.filter((one) => !isSame(one));
  setReminder(turn, { ...reminder, unanswered: null });
}

/**
 * Asks what the person was to be asked later, on top of whatever is open, or instead of the question that was
 * not answered; who wrote «stop», or told the platform so, is left alone. `onlyTemplates`: the others wait.
 */
export function giveReminders(turn: Turn, onlyTemplates: boolean): void {
  const isDue = ({ at, template }: Reminder): boolean =>
    at <= turn.nowMs && (!onlyTemplates || template !== undefined);
  const due = turn.session.reminders.filter(isDue);
  turn.session.reminders = turn.session.reminders.filter((reminder) => !isDue(reminder));
  if (turn.session.stopped || turn.session.quiet) return;
  for (const { flow: id, step, template, unanswered } of due) {
    const flow = turn.bot.flows.get(id);
    const name = flow?.moved.get(step) ?? step;
    if (flow?.steps.has(name) !== true) continue;
    if (unanswered !== undefined && unanswered !== position(turn.session.frames)) continue;
    turn.template = template ?? null;
    if (unanswered !== undefined) {
      leave(turn, flow, name);
      continue;
    }
    settle(turn);
    if (turn.session.frames.length > 0 && !openQuestion(turn)) turn.session.frames = [];
    interrupt(turn, flow, name);
  }
}

/** Binds what comes only if the question stays unanswered to the one that is open now; what was left is dropped. */
export function keepUnanswered(turn: Turn): void {
  const { session, effects } = turn;
  const isOver = !effects.some(({ type }) => type === 'ask');
  if (!isOver || session.reminders.every(({ unanswered }) => unanswered === undefined)) return;
  const here = openQuestion(turn) ? position(session.frames) : null;
  session.reminders = session.reminders.flatMap((reminder) => {
    const { unanswered } = reminder;
    if (unanswered === undefined || unanswered === here) return reminder;
    return unanswered === null && here !== null ? { ...reminder, unanswered: here } : [];
  });
}
