import { z } from 'zod';
import { addressSchema, partSchema, type Channel } from '../channels/channel.ts';
import { advance } from '../engine/advance.ts';
import { inputSchema } from '../engine/input.ts';
import type { Bot } from '../engine/model.ts';
import { sessionSchema, type Session } from '../engine/session.ts';
import type { Log } from '../log.ts';
import type { Commit, InboxEntry } from '../store/store.ts';
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
  readonly now: () => number;
  readonly log: Log;
}

/** Reads a stored session; an unreadable one is reported, and the person begins anew. */
export function openSession(tools: TurnTools, conversation: string, sealed: Buffer | null): Session | null {
  if (sealed === null) return null;
  const parsed = sessionSchema.safeParse(tools.secrets.open(conversation, sealed));
  if (parsed.success) return parsed.data;
  tools.log.error(
    { conversation, issues: places(parsed.error) },
    'session unreadable: the conversation begins anew',
  );
  return null;
}

/** Runs the engine over everything that waits, in order; nothing is sent or stored here. */
export function takeTurn(
  tools: TurnTools,
  conversation: string,
  session: Session | null,
  inbox: readonly InboxEntry[],
): { readonly session: Session | null; readonly commit: Commit } {
  const { secrets, log } = tools;
  const outbox: { id: string; payload: Buffer }[] = [];
  let current = session;
  for (const entry of inbox) {
    const inbound = inboundSchema.safeParse(secrets.open(conversation, entry.payload));
    const channel = inbound.success ? tools.channels.get(inbound.data.channel) : undefined;
    if (!inbound.success || !channel) {
      log.error({ conversation }, 'message unreadable, or its channel is off: it is passed over');
      continue;
    }
    const { address, input } = inbound.data;
    const advanced = advance(tools.bot(), current, input, tools.now(), channel.name);
    current = advanced.session;
    let position = 0;
    for (const effect of advanced.effects) {
      if (effect.type === 'count') log.info({ count: effect.name, ...effect.labels }, 'count');
      if (effect.type !== 'send') continue;
      for (const part of channel.render(effect.message)) {
        const outbound: Outbound = { channel: channel.name, address, part };
        const id = secrets.outbox(conversation, entry.id, position);
        outbox.push({ id, payload: secrets.seal(conversation, outbound) });
        position += 1;
      }
    }
  }
  const sealed = current && secrets.seal(conversation, current);
  const commit = { session: sealed, keepMs: KEEP_MS, consumed: inbox.length, outbox, alarmAtMs: null };
  return { session: current, commit };
}

function places(error: z.ZodError): string[] {
  return error.issues.map((issue) => issue.path.join('.'));
}
