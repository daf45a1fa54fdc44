import type { Channel, SendResult } from '../channels/channel.ts';
import type { Log } from '../log.ts';
import type { OutboxEntry, Settlement } from '../store/store.ts';
import { noMeter, outcomeOf, secondsSince, type Meter } from './meter.ts';
import type { Inbound } from './records.ts';
import type { Vault } from './vault.ts';

/** After a send that may have arrived, so long is waited for the platform's word on it; beyond any HTTP time-out. */
const GRACE_MS = 10_000;

/** The first retry comes after a second, each further one after twice as long, up to five minutes. */
const BACKOFF_MS = { first: 1_000, most: 300_000 };

/** What could not be sent for a day is of no use any more, and platforms refuse it. */
const GIVE_UP_MS = 24 * 60 * 60 * 1000;

export interface DeliverTools {
  readonly channels: ReadonlyMap<string, Channel>;
  readonly vault: Vault;
  readonly now: () => number;
  readonly log: Log;
  readonly meter?: Meter;
}

export interface Delivered {
  readonly settlement: Settlement;
  /** What the conversation has to be told of it: that the person wants no messages, or what is to wait. */
  readonly notice: Inbound | null;
}

/** Sends one outbox entry and says how that ended. */
export async function deliver(
  tools: DeliverTools,
  conversation: string,
  entry: OutboxEntry,
): Promise<Delivered> {
  const ended = (settlement: Settlement): Delivered => ({ settlement, notice: null });
  const { meter = noMeter } = tools;
  const outbound = tools.vault.outbounds.open(conversation, entry.payload);
  if (!outbound) {
    tools.log.error({ conversation, outbox: entry.id }, 'reply unreadable: it is set aside');
    meter.unreadable('reply');
    return ended({ type: 'aside' });
  }
  const { channel: name, account, address, part, replyTo } = outbound;
  const channel = tools.channels.get(name);
  const beganMs = performance.now();
  const result: SendResult = channel
    ? await meter.span(
        'send',
        name,
        () => channel.send({ account, address, replyTo }, part, entry.id),
        outcomeOf,
      )
    : { type: 'retry', afterMs: BACKOFF_MS.most, reason: 'the channel is off' };
  meter.sent(name, outcomeOf(result), secondsSince(beganMs));
  const told = {
    conversation,
    outbox: entry.id,
    channel: name,
    attempts: entry.attempts,
    result: result.type,
  };
  if (result.type === 'sent') {
    tools.log.debug(told, 'sent');
    return ended({ type: 'sent' });
  }
  // Keeping to what a platform allows is nothing to worry about.
  const level = result.reason === 'pace' ? 'debug' : 'warn';
  tools.log[level]({ ...told, reason: result.reason }, 'not sent');
  if (result.type === 'refused') {
    const place = { channel: name, account, address, at: 0 };
    const notice: Inbound | null =
      result.why === 'opt-out'
        ? { ...place, id: `${entry.id}.opt-out`, input: { kind: 'wants', messages: false } }
        : result.why === 'window'
          ? { ...place, id: `${entry.id}.held`, input: { kind: 'held', part } }
          : null;
    return { settlement: { type: 'refused' }, notice };
  }
  if (tools.now() - entry.sinceMs > GIVE_UP_MS) {
    tools.log.error(told, 'given up after a day');
    meter.givenUp(name);
    return ended({ type: 'refused' });
  }
  const growth = result.type === 'retry' ? (result.growth ?? 2) : 2;
  const backoffMs = Math.min(BACKOFF_MS.first * growth ** (entry.attempts - 1), BACKOFF_MS.most);
  return ended(
    result.type === 'unclear'
      ? { type: 'unclear', graceMs: Math.max(GRACE_MS, backoffMs) }
      : { type: 'retry', delayMs: Math.max(result.afterMs ?? 0, backoffMs) },
  );
}
