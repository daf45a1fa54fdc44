import { z } from 'zod';
import { addressSchema, partSchema, type Address, type Channel } from '../channels/channel.ts';
import { advance, type Advanced } from '../engine/advance.ts';
import type { Effect } from '../engine/effect.ts';
import { inputSchema, type Answered, type Input, type Wake } from '../engine/input.ts';
import type { Bot } from '../engine/model.ts';
import type { Message } from '../engine/message.ts';
import { sessionSchema, type Session } from '../engine/session.ts';
import type { Log } from '../log.ts';
import type { Commit, InboxEntry } from '../store/store.ts';
import type { Backends } from './backends.ts';
import type { Secrets } from './secrets.ts';

/** What waits in an inbox, sealed. */
const inboundSchema = z.object({ channel: z.string(), address: addressSchema, input: inputSchema });
export type Inbound = z.infer<typeof inboundSchema>;

/** What waits in an outbox, sealed. */
export const outboundSchema = z.object({ channel: z.string(), address: addressSchema, part: partSchema });
export type Outbound = z.infer<typeof outboundSchema>;

/** A conversation nobody touched for so long is forgotten. 90 days, as the starter flows tell people. */
const KEEP_MS = 90 * 24 * 60 * 60 * 1000;

export interface TurnTools {
  readonly bot: () => Bot;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly secrets: Secrets;
  readonly backends: Backends;
  readonly now: () => number;
  readonly log: Log;
}

/** A conversation as it is stored, sealed: the engine's session, and how to reach the person. */
const conversationSchema = z.object({ channel: z.string(), address: addressSchema, session: sessionSchema });
type Conversation = z.infer<typeof conversationSchema>;

/** Reads a stored conversation; an unreadable one is reported, and the person begins anew. */
export function openConversation(
  tools: TurnTools,
  conversation: string,
  sealed: Buffer | null,
): Conversation | null {
  if (sealed === null) return null;
  const parsed = conversationSchema.safeParse(tools.secrets.open(conversation, sealed));
  if (parsed.success) return parsed.data;
  tools.log.error(
    { conversation, issues: places(parsed.error) },
    'session unreadable: the conversation begins anew',
  );
  return null;
}

/** When a reminder could not be given. */
const LATER_MS = 5 * 60 * 1000;

/** A flow that asks more often than this within one turn asks in a circle. */
const QUESTIONS_MAX = 10;

/**
 * Runs the engine over everything that waits, in order, then over reminders that are due; nothing is sent or
 * stored here. Run again with the same arguments after a crash, it names its replies and questions alike.
 */
export async function takeTurn(
  tools: TurnTools,
  conversation: string,
  stored: Conversation | null,
  { inbox, alarm }: { readonly inbox: readonly InboxEntry[]; readonly alarm: boolean },
): Promise<{ readonly stored: Conversation | null; readonly commit: Commit }> {
  const { secrets, log } = tools;
  const outbox: { id: string; payload: Buffer }[] = [];
  let current = stored;

  /** Gives one input to the engine, and the answers to whatever it asks, until it waits for the person. */
  const feed = async (
    channel: Channel,
    address: Address,
    event: Buffer,
    first: Input | Wake,
  ): Promise<void> => {
    let input: Input | Wake | Answered = first;
    let position = 0;
    for (let questions = 1; questions <= QUESTIONS_MAX; questions += 1) {
      const session: Session | null = current?.session ?? null;
      const advanced: Advanced = advance(tools.bot(), session, input, tools.now(), channel.name);
      current = advanced.session && { channel: channel.name, address, session: advanced.session };
      for (const message of messages(advanced.effects, log))
        for (const part of channel.render(message)) {
          const outbound: Outbound = { channel: channel.name, address, part };
          const id = secrets.outbox(conversation, event, position);
          outbox.push({ id, payload: secrets.seal(conversation, outbound) });
          position += 1;
        }
      const asked = advanced.effects.find((effect) => effect.type === 'ask');
      if (!asked) return;
      input = await tools.backends.ask(
        asked.question,
        `${secrets.outbox(conversation, event, position)}.ask`,
      );
    }
    log.error({ conversation }, 'a flow asks in a circle: the turn is ended');
  };

  for (const entry of inbox) {
    const inbound = inboundSchema.safeParse(secrets.open(conversation, entry.payload));
    const channel = inbound.success ? tools.channels.get(inbound.data.channel) : undefined;
    if (inbound.success && channel) await feed(channel, inbound.data.address, entry.id, inbound.data.input);
    else log.error({ conversation }, 'message unreadable, or its channel is off: it is passed over');
  }
  const dueMs = nextReminderMs(current);
  const channel = current && tools.channels.get(current.channel);
  if (alarm && current && channel && dueMs !== null && dueMs <= tools.now())
    await feed(channel, current.address, secrets.event(channel.name, 'reminder', String(dueMs)), {
      kind: 'wake',
    });

  const session = current && secrets.seal(conversation, current);
  const nextMs = nextReminderMs(current);
  // A reminder whose channel is off just now waits, rather than wake the store again and again.
  const alarmAtMs = alarm && nextMs !== null ? Math.max(nextMs, tools.now() + LATER_MS) : nextMs;
  return { stored: current, commit: { session, keepMs: KEEP_MS, consumed: inbox.length, outbox, alarmAtMs } };
}

function nextReminderMs(stored: Conversation | null): number | null {
  return stored?.session.reminders[0]?.at ?? null;
}

/** The messages among the effects; what is counted is logged on the way. */
function messages(effects: readonly Effect[], log: Log): Message[] {
  return effects.flatMap((effect) => {
    if (effect.type === 'count') log.info({ count: effect.name, ...effect.labels }, 'count');
    return effect.type === 'send' ? [effect.message] : [];
  });
}

function places(error: z.ZodError): string[] {
  return error.issues.map((issue) => issue.path.join('.'));
}
