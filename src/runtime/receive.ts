import type { Channel, ChannelEvent, Origin, Receive, Turn } from '../channels/channel.ts';
import { inputSchema } from '../engine/input.ts';
import type { Log } from '../log.ts';
import { StoreUnavailable, type Arrival, type Store, type Work } from '../store/store.ts';
import { noMeter, type Meter } from './meter.ts';
import { conversationOf, type Secrets } from './secrets.ts';
import type { Inbound } from './records.ts';
import type { Vault } from './vault.ts';

export interface ReceiveTools {
  readonly store: Store;
  readonly secrets: Secrets;
  readonly vault: Vault;
  readonly log: Log;
  /** Takes over a conversation that was leased while accepting; returns at once. `sinceMs`: `performance.now()` before that. */
  readonly begin: (work: Work, sinceMs: number) => void;
  readonly meter?: Meter;
  /** So much is under way that nothing more may come in. */
  readonly isFull: () => boolean;
}

/**
 * What a channel calls with the events of one webhook. Everything is stored when it resolves; one failure
 * rejects it all, so that the platform delivers the whole body again and the store drops what it knows.
 */
export function createReceive(tools: ReceiveTools, channel: Channel): Receive {
  const { meter = noMeter } = tools;
  const store = async (events: readonly ChannelEvent[]): Promise<void> => {
    if (tools.isFull()) throw new StoreUnavailable('too many conversations are under work');
    // Platforms promise no order within a body; the time stamps are all there is.
    const turns = events.filter(isTurn).toSorted((a, b) => a.at - b.at);
    const others = events.filter((event) => !isTurn(event));
    const steps = [...others, ...turns].map((event) => accept(tools, channel, event));
    // Every step has its say before one failure is reported: none may be left running unobserved.
    const failed = (await Promise.allSettled(steps)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  };
  return (events) => meter.span('receive', channel.name, () => store(events));
}

async function accept(tools: ReceiveTools, channel: Channel, event: ChannelEvent): Promise<void> {
  const { store, log } = tools;
  if (event.kind === 'status' || event.kind === 'echo') {
    if (event.outbox === undefined) return;
    const failed = event.status === 'failed';
    if (failed) log.warn({ outbox: event.outbox, error: event.error }, 'the platform could not deliver');
    await store.confirm(conversationOf(event.outbox), event.outbox);
    return;
  }
  const changes = event.kind === 'system' ? arrivalsOf(tools, channel, event) : [];
  if (!isTurn(event) && changes.length === 0) {
    log.debug({ channel: channel.name, kind: event.kind }, 'nothing to answer');
    return;
  }
  const turns = isTurn(event) ? [arrival(tools, channel, event, inputSchema.parse(event))] : [];
  for (const one of [...turns, ...changes]) {
    const sinceMs = performance.now();
    const accepted = await store.accept(one);
    tools.meter?.accepted(channel.name, accepted.type);
    if (accepted.type === 'leased') tools.begin(accepted.work, sinceMs);
    if (accepted.type === 'full') throw new StoreUnavailable('the conversation has too many unread messages');
  }
}

/** What a platform's word about a person changes in their conversation. */
function arrivalsOf(
  tools: ReceiveTools,
  channel: Channel,
  event: Extract<ChannelEvent, { kind: 'system' }>,
): Arrival[] {
  const { moved, wants } = event;
  return [
    ...(moved ? [arrival(tools, channel, event, { kind: 'moved', ...moved })] : []),
    ...(wants === undefined
      ? []
      : [arrival(tools, channel, event, { kind: 'wants', messages: wants === 'start' })]),
  ];
}

function arrival(
  { secrets, vault }: ReceiveTools,
  channel: Channel,
  event: Origin,
  input: Inbound['input'],
): Arrival {
  const { account, user, address, id, at } = event;
  const conversation = secrets.conversation(channel.name, account, user);
  const inbound: Inbound = { channel: channel.name, account, address, id, at, input };
  return {
    conversation,
    id: secrets.event(channel.name, account, id),
    payload: vault.inbounds.seal(conversation, inbound),
  };
}

function isTurn(event: ChannelEvent): event is Turn {
  switch (event.kind) {
    case 'status':
    case 'echo':
    case 'reaction':
    case 'system':
    case 'ignored':
      return false;
    case 'text':
    case 'choice':
    case 'location':
    case 'media':
    case 'contacts':
    case 'form':
    case 'entry':
    case 'unsupported':
      return true;
  }
}
