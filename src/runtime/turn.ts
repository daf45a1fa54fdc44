import type { Address, Channel, Part } from '../channels/channel.ts';
import { advance } from '../engine/advance.ts';
import type { Effect } from '../engine/effect.ts';
import type { Answered, Input, Notice } from '../engine/input.ts';
import { mediaOf } from '../engine/media.ts';
import type { Message } from '../engine/message.ts';
import type { Bot } from '../engine/model.ts';
import type { Log } from '../log.ts';
import type { Arrival, Aside, Commit, InboxEntry } from '../store/store.ts';
import type { Asker, Backends } from './backends.ts';
import { inherit } from './inherit.ts';
import { noMeter, type Meter } from './meter.ts';
import { isChange, type Change, type Conversation, type Inbound, type Outbound } from './records.ts';
import type { Secrets } from './secrets.ts';
import type { Vault } from './vault.ts';
import { isOpen, nextReminderMs } from './window.ts';

/** A conversation nobody touched for so long is forgotten. 90 days, as the starter flows tell people. */
export const KEEP_MS = 90 * 24 * 60 * 60 * 1000;

export interface TurnTools {
  /** The bot of one of our accounts: where its conversations begin, and in which languages. */
  readonly bot: (channel: string, account: string) => Bot;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly secrets: Secrets;
  readonly vault: Vault;
  readonly backends: Backends;
  readonly now: () => number;
  readonly log: Log;
  /** Who watches; nobody if left out. */
  readonly meter?: Meter;
}

/** When a reminder could not be given. */
const LATER_MS = 5 * 60 * 1000;

/** An answer that comes later than this is sorry for it, though not more than once in so long. */
const LATE_MS = 10 * 60 * 1000;

/** Of what waits for the person to write the latest count. */
const HELD_MAX = 10;

/** A flow that asks more often than this within one turn asks in a circle. */
const QUESTIONS_MAX = 10;

export interface Turn {
  readonly stored: Conversation | null;
  readonly commit: Commit;
  /** For other conversations: to be accepted before the commit, again as often as the turn is run again. */
  readonly arrivals: readonly Arrival[];
}

/**
 * Runs the engine over everything that waits, in order, then over reminders that are due; nothing is sent or
 * stored here. Run again with the same arguments after a crash, it names its replies and questions alike.
 */
export async function takeTurn(
  tools: TurnTools,
  conversation: string,
  stored: Conversation | null,
  { inbox, alarm }: { readonly inbox: readonly InboxEntry[]; readonly alarm: boolean },
): Promise<Turn> {
  const { secrets, vault, log, meter = noMeter } = tools;
  const outbox: { id: string; payload: Buffer }[] = [];
  const arrivals: Arrival[] = [];
  const aside: Aside[] = [];
  let current = stored;

  /** Gives one input to the engine, and the answers to whatever it asks, until it waits for the person. */
  const feed = async (at: Fed, first: Input | Notice): Promise<void> => {
    const { channel, account, address, event, inbound, heardMs } = at;
    let input: Input | Notice | Answered = first;
    let position = 0;
    for (let questions = 1; questions <= QUESTIONS_MAX; questions += 1) {
      const bot = tools.bot(channel.name, account);
      const advanced = advance(bot, current?.session ?? null, input, tools.now(), channel.name);
      current = advanced.session && {
        channel: channel.name,
        account,
        address,
        heardMs,
        session: advanced.session,
        held: current?.held ?? [],
        sorryMs: current?.sorryMs ?? 0,
      };
      for (const part of at.show(messages(advanced.effects, log, meter))) {
        const quoted = inbox.length > 1 && position === 0 ? inbound : undefined;
        const outbound: Outbound = { channel: channel.name, account, address, part, replyTo: quoted };
        const id = secrets.outbox(conversation, event, position);
        outbox.push({ id, payload: vault.outbounds.seal(conversation, outbound) });
        position += 1;
      }
      const asked = advanced.effects.find((effect) => effect.type === 'ask');
      if (!asked) return;
      // Whoever is asked may take seconds: the person sees that something is happening.
      if (inbound !== undefined) void channel.acting?.({ account, address }, inbound);
      input = await tools.backends.ask(
        asked.question,
        `${secrets.outbox(conversation, event, position)}.ask`,
        askerOf(channel, account),
      );
    }
    log.error({ conversation }, 'a flow asks in a circle: the turn is ended');
  };

  /** What waited for the person to write goes before the answer. */
  const sayHeld = (entry: InboxEntry, { channel, account, address }: Inbound): void => {
    for (const [index, part] of (current?.held ?? []).entries()) {
      const outbound: Outbound = { channel, account, address, part };
      const id = secrets.outbox(
        conversation,
        secrets.event(channel, account, `held ${entry.id.toString('hex')}`),
        index,
      );
      outbox.push({ id, payload: vault.outbounds.seal(conversation, outbound) });
    }
    current = current && { ...current, held: [] };
  };

  const change = (entry: InboxEntry, { channel, account, address }: Inbound, input: Change): void => {
    if (input.kind === 'moved') {
      if (!current) return;
      const { heardMs, session, held } = current;
      const inherited: Change = { kind: 'inherited', heardMs, session, held };
      const heir = secrets.conversation(channel, account, input.user);
      const inbound: Inbound = {
        channel,
        account,
        address: input.address,
        id: '',
        at: current.heardMs,
        input: inherited,
      };
      const id = secrets.event(channel, account, `moved ${entry.id.toString('hex')}`);
      if (heir !== conversation)
        arrivals.push({ conversation: heir, id, payload: vault.inbounds.seal(heir, inbound) });
      // A conversation that keeps its name keeps what it knew of the person, too: a new number, the same BSUID.
      const known = { ...current.address, ...input.address };
      current = heir === conversation ? { ...current, address: known } : null;
    } else if (input.kind === 'inherited') {
      const session = current ? inherit(current.session, input.session) : input.session;
      const heardMs = Math.max(current?.heardMs ?? 0, input.heardMs);
      const held = [...input.held, ...(current?.held ?? [])];
      const sorryMs = current?.sorryMs ?? 0;
      current = { channel, account, address: current?.address ?? address, heardMs, session, held, sorryMs };
    } else if (input.kind === 'held') {
      if (current) current = { ...current, held: [...current.held, input.part].slice(-HELD_MAX) };
    }
  };

  for (const entry of inbox) {
    const read = vault.inbounds.open(conversation, entry.payload);
    const channel = read ? tools.channels.get(read.channel) : undefined;
    if (!read || !channel) {
      log.error({ conversation }, 'message unreadable, or its channel is off: it is set aside');
      meter.unreadable('message');
      aside.push({ kind: 'message', ...entry });
      continue;
    }
    const { account, address, id, at, input } = read;
    const written = isChange(input) ? 0 : at > 0 ? Math.min(at, tools.now()) : tools.now();
    const heardMs = Math.max(current?.heardMs ?? 0, written);
    const show = (said: readonly Message[]): Part[] => said.flatMap((message) => channel.render(message));
    const fed = { channel, account, address, event: entry.id, inbound: id, heardMs, show };
    if (!isChange(input)) {
      sayHeld(entry, read);
      const nowMs = tools.now();
      if (nowMs - written > LATE_MS && nowMs - (current?.sorryMs ?? 0) > LATE_MS) {
        const event = secrets.event(channel.name, account, `late ${entry.id.toString('hex')}`);
        await feed({ channel, account, address, event, heardMs, show }, { kind: 'sorry', why: 'late' });
        current = current && { ...current, sorryMs: nowMs };
      }
    }
    if (!isChange(input) || input.kind === 'wants') await feed(fed, input);
    else change(entry, read, input);
  }

  const channel = current && tools.channels.get(current.channel);
  const dueMs = nextReminderMs(current, channel, tools.now());
  if (alarm && current && channel && dueMs !== null && dueMs <= tools.now()) {
    const { account, address, heardMs } = current;
    const open = isOpen(channel, heardMs, tools.now());
    // Outside the window the one template stands for all that the reminder says.
    const show = (said: readonly Message[]): Part[] =>
      open
        ? said.flatMap((message) => channel.render(message))
        : said
            .flatMap((message): Part[] => {
              const part = channel.renderTemplate?.(message);
              return part ? [part] : [];
            })
            .slice(0, 1);
    const event = secrets.event(channel.name, account, `reminder ${String(dueMs)}`);
    await feed({ channel, account, address, event, heardMs, show }, { kind: 'wake', templates: !open });
  }

  if (!current) vault.conversations.forget(conversation);
  const session = current && vault.conversations.seal(conversation, current);
  const nextMs = nextReminderMs(current, current && tools.channels.get(current.channel), tools.now());
  // A reminder that could not be given just now waits, rather than wake the store again and again.
  const alarmAtMs = alarm && nextMs !== null ? Math.max(nextMs, tools.now() + LATER_MS) : nextMs;
  const commit = { session, keepMs: KEEP_MS, consumed: inbox.length, outbox, alarmAtMs, aside };
  return { stored: current, commit, arrivals };
}

function askerOf(channel: Channel, account: string): Asker {
  return {
    channel: channel.name,
    account,
    async fetch(value) {
      const media = typeof value === 'string' ? mediaOf(value) : null;
      if (!media) return { type: 'refused', reason: 'it is no picture or recording' };
      const fetched = await channel.fetch?.(account, media);
      return fetched ?? { type: 'refused', reason: `${channel.name} fetches nothing` };
    },
  };
}

/** One input on its way to the engine. */
interface Fed {
  readonly channel: Channel;
  readonly account: string;
  readonly address: Address;
  /** What replies are named after. */
  readonly event: Buffer;
  /** The platform's id of the person's message; none for reminders. */
  readonly inbound?: string;
  readonly heardMs: number;
  readonly show: (said: readonly Message[]) => readonly Part[];
}

/** The messages among the effects; what is counted is logged and metered on the way. */
function messages(effects: readonly Effect[], log: Log, meter: Meter): Message[] {
  return effects.flatMap((effect) => {
    if (effect.type === 'count') {
      log.info({ count: effect.name, ...effect.labels }, 'count');
      meter.counted(effect.name, effect.labels);
    }
    return effect.type === 'send' ? [effect.message] : [];
  });
}
