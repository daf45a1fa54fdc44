import { z } from 'zod';
import type { ChannelEvent, Reading } from '../channel.ts';
import { idSchema, itemsSchema, milliseconds, numberSchema, safeWord, textSchema } from '../graph/json.ts';
import { eventsOf, ignored } from './events.ts';

const bodySchema = z.object({ object: z.unknown(), entry: z.array(z.unknown()).min(1) });
const entrySchema = z.object({
  id: idSchema,
  messaging: itemsSchema,
  standby: itemsSchema,
  changes: itemsSchema,
});
const partySchema = z.object({ id: idSchema }).optional().catch(undefined);
const itemSchema = z.record(z.string(), z.unknown());
const envelopeSchema = z.object({ sender: partySchema, recipient: partySchema, timestamp: numberSchema });
const changeSchema = z.object({ field: textSchema });

/**
 * Reads one webhook body of the Messenger Platform (already checked for its signature). Pure. Every item is
 * read by itself, so that a broken one never takes the others along.
 */
export function readMessenger(body: unknown): Reading {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) return { outcome: 'reject', events: [], reason: 'no object with entries' };
  if (parsed.data.object !== 'page') return { outcome: 'reject', events: [], reason: 'object is not page' };
  const events = parsed.data.entry.flatMap(readEntry);
  return { outcome: events.every(isSilent) ? 'ignore' : 'accept', events };
}

function readEntry(entry: unknown): readonly ChannelEvent[] {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) return [ignored('broken entry')];
  const { id, messaging, standby, changes } = parsed.data;
  const events = [
    ...messaging.flatMap((item) => readItem(item, id)),
    ...standby.map(() => ignored('standby: another app has this chat')),
    ...changes.map((change) =>
      ignored(`field ${safeWord(changeSchema.catch({ field: undefined }).parse(change).field)}`),
    ),
  ];
  return events.length > 0 ? events : [ignored('entry without messaging')];
}

function readItem(item: unknown, page: string | undefined): readonly ChannelEvent[] {
  const parsed = itemSchema.safeParse(item);
  const envelope = envelopeSchema.safeParse(item);
  if (!parsed.success || !envelope.success) return [ignored('broken item')];
  const { sender, recipient, timestamp } = envelope.data;
  return eventsOf(parsed.data, {
    account: page ?? recipient?.id ?? '',
    person: sender?.id,
    at: milliseconds(timestamp, 1),
  });
}

/** An echo alone is nothing that happened to a conversation: the page hears itself. */
function isSilent({ kind }: ChannelEvent): boolean {
  return kind === 'ignored' || kind === 'echo';
}
