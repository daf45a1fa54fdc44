import { advance } from '../engine/advance.ts';
import type { Commit, Aside, InboxEntry } from '../store/store.ts';
import type { Conversation, Outbound } from './records.ts';
import { KEEP_MS, type TurnTools } from './turn.ts';
import { nextReminderMs } from './window.ts';

/**
 * So many leases may end without progress before what they tried is set aside: each may have been a crash that it
 * caused. A reply is seldom to blame, and lost to the person: machines that die one after another must not cost any.
 */
export const TRIES_MAX = { turn: 5, send: 20 } as const;

/**
 * Instead of a turn that cannot be run: the first message goes to the dead letters, where an operator finds it, and the
 * person is told. With an empty inbox it was a reminder: those that are due are dropped.
 */
export function setAside(
  tools: TurnTools,
  conversation: string,
  stored: Conversation | null,
  [poison]: readonly InboxEntry[],
): { readonly stored: Conversation | null; readonly commit: Commit } {
  const nowMs = tools.now();
  tools.log.error({ conversation, tries: TRIES_MAX.turn }, 'a turn failed again and again: it is set aside');
  const { session, channel } = stored ?? {};
  const kept =
    stored && session && !poison
      ? { ...stored, session: { ...session, reminders: session.reminders.filter(({ at }) => at > nowMs) } }
      : stored;
  const alarmAtMs = nextReminderMs(kept, channel === undefined ? null : tools.channels.get(channel), nowMs);
  const aside: Aside[] = poison ? [{ kind: 'message', ...poison }] : [];
  return {
    stored: kept,
    commit: {
      session: kept && tools.vault.conversations.seal(conversation, kept),
      keepMs: KEEP_MS,
      consumed: aside.length,
      outbox: poison ? apology(tools, conversation, kept, poison) : [],
      alarmAtMs,
      aside,
    },
  };
}

/** Made without the flow, which may be what is broken. */
function apology(
  { vault, secrets, channels, bot, log, now }: TurnTools,
  conversation: string,
  stored: Conversation | null,
  poison: InboxEntry,
): Commit['outbox'] {
  const inbound = vault.inbounds.open(conversation, poison.payload);
  const channel = inbound && channels.get(inbound.channel);
  if (!inbound || !channel) return [];
  const { account, address } = inbound;
  try {
    const input = { kind: 'sorry', why: 'fault' } as const;
    const { effects } = advance(
      bot(channel.name, account),
      stored?.session ?? null,
      input,
      now(),
      channel.name,
    );
    const parts = effects.flatMap((effect) => (effect.type === 'send' ? channel.render(effect.message) : []));
    const event = secrets.event(channel.name, account, `fault ${poison.id.toString('hex')}`);
    return parts.map((part, position) => {
      const outbound: Outbound = { channel: channel.name, account, address, part };
      const id = secrets.outbox(conversation, event, position);
      return { id, payload: vault.outbounds.seal(conversation, outbound) };
    });
  } catch (error) {
    // Even without a word to the person, the conversation has to go on.
    log.error({ conversation, err: error }, 'no apology could be made');
    return [];
  }
}
