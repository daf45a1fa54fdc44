import {
  StoreUnavailable,
  type Arrival,
  type Aside,
  type Lease,
  type Next,
  type Store,
  type Work,
} from '../store/store.ts';
import { deliver } from './deliver.ts';
import { noMeter, secondsSince } from './meter.ts';
import { setAside, TRIES_MAX } from './poison.ts';
import type { Conversation } from './records.ts';
import { takeTurn, type Turn, type TurnTools } from './turn.ts';

export interface WorkTools extends TurnTools {
  readonly store: Store;
  /** Takes over another conversation that was leased on the way; returns at once. */
  readonly begin: (work: Work) => void;
  /** Takes back a lease whose turn the store interrupted: it is to count as no try. */
  readonly owe: (lease: Lease) => void;
  /** The process is about to end: no new turns. */
  readonly stopping: () => boolean;
}

/**
 * A send begins so soon after the store was last asked, or not at all: a process that stood still may have lost its
 * lease without knowing. With its own time-out a send then ends before the lease does.
 */
const SEND_WITHIN_MS = 10_000;

/** Names a session among the dead letters; there is one at most. */
const SESSION = Buffer.alloc(8);

/**
 * Works on one lease until it is given back or lost: turns, commits and sends, as the store says what comes next.
 * `sinceMs`: when the message that began it was received, by `performance.now()`; null: not here, or not now.
 * `leasedMs`: the same clock, when the store was asked for the lease.
 */
export async function finish(
  tools: WorkTools,
  work: Work,
  sinceMs: number | null,
  leasedMs: number,
): Promise<void> {
  let askedMs = leasedMs;
  const { store, log, meter = noMeter } = tools;
  const { lease, alarm, tries } = work;
  const { conversation } = lease;
  let unansweredMs = sinceMs;
  let { stored, aside } = openSession(tools, work);
  let next: Next =
    work.inbox.length > 0 || work.send === null
      ? { type: 'turn', inbox: work.inbox }
      : { type: 'send', entry: work.send };
  for (let first = true; next.type === 'turn' || next.type === 'send'; first = false) {
    const isPoison = first && tries > TRIES_MAX[next.type];
    if (tools.stopping() && next.type === 'turn') {
      await store.release(lease);
      return;
    }
    if (next.type === 'turn') {
      const beganMs = performance.now();
      // Where a turn failed before, each message is tried by itself, so that only one of them is to blame.
      const inbox = tries > 1 ? next.inbox.slice(0, 1) : next.inbox;
      const before = stored;
      const turn: Pick<Turn, 'stored' | 'commit'> & { readonly arrivals?: readonly Arrival[] } = isPoison
        ? setAside(tools, conversation, before, inbox)
        : await meter.span('turn', before?.channel ?? '', () =>
            takeTurn(tools, conversation, before, { inbox, alarm }),
          );
      stored = turn.stored;
      try {
        await hand(tools, turn.arrivals ?? []);
        askedMs = performance.now();
        next = await store.commit(lease, { ...turn.commit, aside: [...aside, ...(turn.commit.aside ?? [])] });
      } catch (error) {
        if (error instanceof StoreUnavailable) tools.owe(lease);
        throw error;
      }
      aside = [];
      meter.turned(next.type === 'lost' ? 'lost' : 'committed', secondsSince(beganMs));
    } else {
      const { id } = next.entry;
      if (performance.now() - askedMs > SEND_WITHIN_MS) {
        log.warn({ conversation, outbox: id }, 'too late to send: whoever has the conversation now does');
        return;
      }
      if (isPoison) log.error({ conversation, outbox: id }, 'a send failed again and again: it is set aside');
      const { settlement, notice } = isPoison
        ? { settlement: { type: 'aside' } as const, notice: null }
        : await deliver(tools, conversation, next.entry);
      if (settlement.type === 'sent' && unansweredMs !== null) {
        meter.replied(secondsSince(unansweredMs));
        unansweredMs = null;
      }
      if (notice) {
        const event = tools.secrets.event(notice.channel, notice.account, notice.id);
        const payload = tools.vault.inbounds.seal(conversation, notice);
        // Before the send is settled, so that the lease in hand takes it up.
        await store.accept({ conversation, id: event, payload });
      }
      askedMs = performance.now();
      next = await store.settle(lease, id, settlement);
      // Whoever has the conversation now must not send it once more.
      if (next.type === 'lost' && settlement.type === 'sent') await store.confirm(conversation, id);
    }
  }
  if (next.type !== 'lost') return;
  meter.leaseLost();
  log.warn({ conversation }, 'lease lost: another node has the conversation');
}

/** To other conversations. */
async function hand({ store, begin }: WorkTools, arrivals: readonly Arrival[]): Promise<void> {
  for (const arrival of arrivals) {
    const accepted = await store.accept(arrival);
    if (accepted.type === 'leased') begin(accepted.work);
    if (accepted.type === 'full') throw new StoreUnavailable('the new conversation is full');
  }
}

/** An unreadable session is set aside, and the person begins anew. */
function openSession(
  { vault, log, meter = noMeter }: WorkTools,
  { lease: { conversation }, session }: Work,
): { readonly stored: Conversation | null; readonly aside: readonly Aside[] } {
  if (session === null) return { stored: null, aside: [] };
  const stored = vault.conversations.open(conversation, session);
  if (stored) return { stored, aside: [] };
  log.error({ conversation }, 'session unreadable: it is set aside, and the conversation begins anew');
  meter.unreadable('session');
  return { stored: null, aside: [{ kind: 'session', id: SESSION, payload: session }] };
}
