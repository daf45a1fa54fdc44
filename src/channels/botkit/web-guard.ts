import { z } from 'zod';
import { createLimit } from '../rate.ts';
import { OPEN, type Socket } from './sockets.ts';

/** The greatest message that is read. */
export const FRAME_BYTES_MAX = 16 * 1024;

const frameSchema = z.object({
  /** `message`, or an event of Botkit's client such as `hello`, which only tells who is connected. */
  type: z.string('must be a text').regex(/^[a-z_]{1,40}$/, 'must be message, hello or another word'),
  /** Whoever knows it is this person, so it must not be guessed. */
  user: z
    .string('must be a text')
    .regex(/^[\w-]{16,64}$/, 'must have 16 to 64 letters, digits, - or _, made by chance'),
  text: z.string('must be a text').max(4096, 'must have at most 4096 characters').optional(),
  id: z
    .string('must be a text')
    .regex(/^[\w-]{1,64}$/, 'must have 1 to 64 letters, digits, - or _')
    .optional(),
  quick_reply: z.object({ payload: z.string('must be a text').max(200) }).optional(),
});

/** At most so many messages of one connection … */
const MESSAGES = 30;
/** … within so long. */
const WITHIN_MS = 10_000;

/**
 * Stands before the adapter's own listeners, which believe what a page sends: they take any name for a person
 * (`__proto__` too), write broken messages to the console, and forget a person whose old window closes.
 * `isCurrent`: whether the adapter would send to this socket what is for the person.
 */
export function guardSocket(socket: Socket, isCurrent: (user: string) => boolean): void {
  const hear = socket.listeners('message').at(-1);
  const forget = socket.listeners('close').at(-1);
  const limit = createLimit(MESSAGES, WITHIN_MS);
  let known: string | null = null;

  const complain = (text: string): void => {
    if (socket.readyState === OPEN) socket.send(JSON.stringify({ type: 'error', text }));
  };

  socket.removeAllListeners('message');
  socket.on('message', (payload: unknown) => {
    const read = readFrame(payload);
    if (!read.ok) complain(read.problem);
    else if (known !== null && known !== read.frame.user)
      complain('user must stay the same on one connection.');
    else if (limit.take('', Date.now()) > 0) complain('Too many messages in a short time; wait a little.');
    else {
      known = read.frame.user;
      hear?.call(socket, JSON.stringify(read.frame));
    }
  });

  if (forget) {
    socket.removeListener('close', asListener(forget));
    socket.on('close', () => {
      if (known !== null && isCurrent(known)) forget.call(socket);
    });
  }

  // A connection that broke is no news: `close` follows.
  socket.removeAllListeners('error');
  socket.on('error', () => undefined);
}

/** `listeners` gives them less precisely than `removeListener` takes them. */
function asListener(listener: ReturnType<Socket['listeners']>[number]): (...args: unknown[]) => void {
  return isListener(listener) ? listener : () => undefined;
}

function isListener(value: unknown): value is (...args: unknown[]) => void {
  return typeof value === 'function';
}

type ReadFrame =
  | { readonly ok: true; readonly frame: z.infer<typeof frameSchema> }
  | { readonly ok: false; readonly problem: string };

/** What is not named in the schema goes no further: adapters take a page's word for more than Lotse does. */
function readFrame(payload: unknown): ReadFrame {
  let data: unknown;
  try {
    data = JSON.parse(String(payload));
  } catch {
    return { ok: false, problem: 'A message must be a JSON object.' };
  }
  const parsed = frameSchema.safeParse(data);
  if (parsed.success) return { ok: true, frame: parsed.data };
  const issue = parsed.error.issues[0];
  const problem =
    issue === undefined || issue.path.length === 0
      ? 'A message must be a JSON object.'
      : `${issue.path.join('.')} ${issue.message}.`;
  return { ok: false, problem };
}
