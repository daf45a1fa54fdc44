import { REMINDERS_MAX, type Session } from '../engine/session.ts';

/** One person's two conversations as one: what the present one does not know is taken from the earlier one. */
export function inherit(present: Session, earlier: Session): Session {
  const answers = { ...earlier.answers };
  for (const [flow, given] of Object.entries(present.answers)) answers[flow] = { ...answers[flow], ...given };
  return {
    ...present,
    language: present.language ?? earlier.language,
    stopped: present.stopped || earlier.stopped,
    quiet: present.quiet || earlier.quiet,
    answers,
    reminders: [...present.reminders, ...earlier.reminders]
      .sort((a, b) => a.at - b.at)
      .slice(0, REMINDERS_MAX),
  };
}
