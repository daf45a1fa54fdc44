import { z } from 'zod';

/** WGS 84 degrees; `postcode` where the person wrote one. */
const placeSchema = z.strictObject({
  latitude: z.number(),
  longitude: z.number(),
  name: z.string().optional(),
  postcode: z.string().optional(),
});

/** What a person answered: a text, number, yes/no, ISO date, a position, or the name of a media file. */
const valueSchema = z.union([z.string(), z.number(), z.boolean(), placeSchema]);

const frameSchema = z.strictObject({
  flow: z.string(),
  step: z.string(),
  /** The flow's version when this step was entered. */
  version: z.string(),
});

const reminderSchema = z.strictObject({
  /** ms since 1970 */
  at: z.number(),
  flow: z.string(),
  step: z.string(),
  /** The platform's approved template, for when its time window is closed. */
  template: z.strictObject({ name: z.string(), with: z.array(z.string()).default([]) }).optional(),
  /** Only if this question is still open, as `position` tells; null: the one the turn will end with. */
  unanswered: z.string().nullable().optional(),
});

/** All that is remembered of one conversation. Plain JSON; read back from the store through this schema. */
export const sessionSchema = z.strictObject({
  v: z.literal(1),
  /** BCP 47 tag; null until it was chosen or could be told. */
  language: z.string().nullable(),
  /** Who called whom: the last frame is where the person is. Empty: nothing is going on. */
  frames: z.array(frameSchema).max(16),
  /** flow -> answer -> value; `until` in ms since 1970, null: until the conversation ends. */
  answers: z.record(
    z.string(),
    z.record(z.string(), z.strictObject({ value: valueSchema, until: z.number().nullable() })),
  ),
  /** Earlier questions for «back», oldest first; each `flow/step>flow/step` as the frames stood. */
  trail: z.array(z.string()).max(10),
  /** The open question: the option ids as shown (numbers mean these), and how often it was not understood. */
  asked: z.strictObject({ options: z.array(z.string()), misses: z.int().min(0) }).nullable(),
  /** A question of Lotse's own, laid over the flow's. */
  overlay: z.enum(['language', 'forget']).nullable(),
  /** The person wrote «stop». */
  stopped: z.boolean(),
  /** They told the platform that they want nothing they did not ask for: no reminders. */
  quiet: z.boolean().default(false),
  /** What the person is to be asked later, the soonest first. */
  reminders: z.array(reminderSchema).max(5).default([]),
  /** ms since 1970 of the last input. */
  at: z.number(),
});

export type Session = z.infer<typeof sessionSchema>;
export type Reminder = z.infer<typeof reminderSchema>;
export type Frame = z.infer<typeof frameSchema>;
export type Place = z.infer<typeof placeSchema>;
export type Value = z.infer<typeof valueSchema>;

/** After so long without a message a conversation is over: answers kept for it are dropped. 24 hours. */
export const CONVERSATION_MS = 24 * 60 * 60 * 1000;

/** More reminders than this push out the latest ones. */
export const REMINDERS_MAX = 5;

/** How many earlier questions «back» can reach. */
export const TRAIL_MAX = 10;

export function newSession(nowMs: number): Session {
  return {
    v: 1,
    language: null,
    frames: [],
    answers: {},
    trail: [],
    asked: null,
    overlay: null,
    stopped: false,
    quiet: false,
    reminders: [],
    at: nowMs,
  };
}

/** A copy to work on, without the answers whose time is over. */
export function resume(session: Session, nowMs: number): Session {
  const ended = nowMs - session.at > CONVERSATION_MS;
  const kept = (until: number | null): boolean => (until === null ? !ended : until > nowMs);
  const answers: Session['answers'] = {};
  for (const [flow, named] of Object.entries(session.answers)) {
    const fresh = Object.entries(named).filter(([, answer]) => kept(answer.until));
    if (fresh.length > 0) answers[flow] = Object.fromEntries(fresh);
  }
  const frames = session.frames.map((frame) => ({ ...frame }));
  const asked = session.asked && { ...session.asked };
  return { ...session, frames, answers, asked, trail: [...session.trail], at: nowMs };
}

/** Drops the answers that were kept for this conversation only. */
export function endConversation(session: Session): void {
  for (const [flow, named] of Object.entries(session.answers)) {
    const lasting = Object.entries(named).filter(([, answer]) => answer.until !== null);
    if (lasting.length > 0) session.answers[flow] = Object.fromEntries(lasting);
    else Reflect.deleteProperty(session.answers, flow);
  }
}
