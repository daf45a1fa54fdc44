import { conversationSchema, type Conversation } from './records.ts';

/**
 * A conversation as it is stored: most of what a server keeps are conversations in which nothing goes on, so names of
 * fields are left out, and so is the end of the list where it says nothing. The order is fixed for good; new fields
 * come last.
 */
type Compact = readonly unknown[];

const STOPPED = 1;
const QUIET = 2;

export function toCompact({
  channel,
  account,
  address,
  heardMs,
  session,
  held,
  sorryMs,
}: Conversation): Compact {
  const { language, frames, answers, trail, asked, overlay, stopped, quiet, reminders, at } = session;
  const rest = [
    frames.map(({ flow, step, version }) => [flow, step, version]),
    answers,
    trail,
    asked && [asked.misses, ...asked.options],
    overlay,
    (stopped ? STOPPED : 0) + (quiet ? QUIET : 0),
    reminders,
    held,
    sorryMs,
  ];
  while (rest.length > 0 && isEmpty(rest.at(-1))) rest.pop();
  return [channel, account, address, heardMs, at - heardMs, language, ...rest];
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === null || value === 0;
}

/** Null where it is none. Also reads the form of version 0.1, which had names. */
export function fromCompact(value: unknown): Conversation | null {
  const named = isList(value) ? withNames(value) : value;
  const parsed = conversationSchema.safeParse(named);
  return parsed.success ? parsed.data : null;
}

/** Names only: whether the values are what they should be is seen afterwards. */
function withNames([
  channel,
  account,
  address,
  heardMs,
  later,
  language,
  frames = [],
  answers = {},
  trail = [],
  asked = null,
  overlay = null,
  flags = 0,
  reminders = [],
  held = [],
  sorryMs = 0,
]: Compact): unknown {
  const named = (frame: unknown): unknown => {
    const [flow, step, version] = isList(frame) ? frame : [];
    return { flow, step, version };
  };
  const [misses, ...options] = isList(asked) ? asked : [];
  const session = {
    v: 1,
    language,
    frames: isList(frames) ? frames.map(named) : frames,
    answers,
    trail,
    asked: asked === null ? null : { misses, options },
    overlay,
    stopped: (Number(flags) & STOPPED) !== 0,
    quiet: (Number(flags) & QUIET) !== 0,
    reminders,
    at: Number(heardMs) + Number(later),
  };
  return { channel, account, address, heardMs, session, held, sorryMs };
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
