import { z } from 'zod';
import type { ChannelEvent, Reading, Receipt } from '../channel.ts';
import {
  derivedId,
  idSchema,
  itemsSchema,
  milliseconds,
  numberSchema,
  safeWord,
  textSchema,
} from '../graph/json.ts';
import { moveOf, readPreference, readUpdate } from './changes.ts';
import { contentOf } from './content.ts';
import { contactSchema, personOf, senderSchema, type Contact } from './person.ts';

const bodySchema = z.object({ object: z.unknown(), entry: z.array(z.unknown()).min(1) });
const entrySchema = z.object({ changes: itemsSchema });
const changeSchema = z.object({ field: z.unknown().optional(), value: z.unknown().optional() });
/** A list, or the one thing that would stand in it. */
const listSchema = z
  .array(z.unknown())
  .or(z.unknown().transform((value) => (value === undefined || value === null ? [] : [value])));
const valueSchema = z.object({
  metadata: z.object({ phone_number_id: idSchema }).optional().catch(undefined),
  contacts: itemsSchema,
  messages: itemsSchema,
  statuses: itemsSchema,
  errors: itemsSchema,
  user_id_update: listSchema.optional(),
  user_preferences: listSchema.optional(),
});
type Value = z.infer<typeof valueSchema>;

const messageSchema = senderSchema.extend({
  id: idSchema,
  timestamp: numberSchema,
  type: textSchema,
  group_id: z.unknown().optional(),
});
const errorSchema = z.object({ code: numberSchema.pipe(z.int()), title: textSchema });
const statusSchema = z.object({
  id: idSchema,
  status: z.string().min(1),
  timestamp: numberSchema,
  recipient_type: textSchema,
  recipient_id: idSchema,
  recipient_user_id: idSchema,
  recipient_parent_user_id: idSchema,
  biz_opaque_callback_data: idSchema,
  errors: itemsSchema,
});

/**
 * Reads one webhook body of the WhatsApp Cloud API (already checked for its signature). Pure. Every item is
 * read by itself, so that a broken one never takes the others along. `ignore`: nothing in it was said in a
 * conversation; what it tells about a person (field `user_id_update`, `user_preferences`) is an event all the same.
 */
export function readWhatsapp(body: unknown): Reading {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) return { outcome: 'reject', events: [], reason: 'no object with entries' };
  if (parsed.data.object !== 'whatsapp_business_account')
    return { outcome: 'reject', events: [], reason: 'object is not whatsapp_business_account' };
  const events = parsed.data.entry.flatMap(readEntry);
  if (events.length === 0)
    return { outcome: 'reject', events: [], reason: 'no message, status or error inside' };
  return { outcome: events.every(isAside) ? 'ignore' : 'accept', events };
}

function readEntry(entry: unknown): readonly ChannelEvent[] {
  const parsed = entrySchema.safeParse(entry);
  return parsed.success ? parsed.data.changes.flatMap(readChange) : [ignored('broken entry')];
}

type Read = (value: Value, account: string, contacts: readonly Contact[]) => readonly ChannelEvent[];

/** The fields that tell of people; `messages` is where they speak. */
const FIELDS: ReadonlyMap<string, Read> = new Map<string, Read>([
  [
    'messages',
    ({ messages, statuses, errors }, account, contacts) => [
      ...messages.map((message) => readMessage(message, account, contacts)),
      ...statuses.map((status) => readStatus(status, account, contacts)),
      ...errors.map((error) => ignored(`platform error ${String(errorOf(error)?.code ?? 'unknown')}`)),
    ],
  ],
  [
    'user_id_update',
    ({ user_id_update = [] }, account, contacts) =>
      user_id_update.map((item) => readUpdate(item, account, contacts)),
  ],
  [
    'user_preferences',
    ({ user_preferences = [] }, account, contacts) =>
      user_preferences.map((item) => readPreference(item, account, contacts)),
  ],
]);

function readChange(change: unknown): readonly ChannelEvent[] {
  const parsed = changeSchema.safeParse(change);
  if (!parsed.success) return [ignored('broken change')];
  const { field = 'messages' } = parsed.data;
  const read = typeof field === 'string' ? FIELDS.get(field) : undefined;
  if (!read) return [ignored(`field ${safeWord(typeof field === 'string' ? field : undefined)}`)];
  const value = valueSchema.safeParse(parsed.data.value);
  if (!value.success) return [ignored('broken change')];
  const contacts = value.data.contacts.flatMap((contact) => {
    const known = contactSchema.safeParse(contact);
    return known.success ? [known.data] : [];
  });
  return read(value.data, value.data.metadata?.phone_number_id ?? '', contacts);
}

function readMessage(message: unknown, account: string, contacts: readonly Contact[]): ChannelEvent {
  const parsed = messageSchema.safeParse(message);
  if (!parsed.success) return ignored('broken message');
  const { id, timestamp, type, group_id, ...sender } = parsed.data;
  if (group_id !== undefined && group_id !== null)
    return ignored('group message: a private answer would tell who wrote there');
  const content = contentOf(type, message);
  if (content.kind === 'ignored') return content;
  const move = content.kind === 'system' ? moveOf(message, sender) : null;
  const person = move?.person ?? personOf(sender, contacts);
  if (!person) return ignored('message without sender');
  const at = milliseconds(timestamp, 1000);
  const known = id ?? derivedId(account, person.user, at, JSON.stringify(content));
  return { id: known, account, ...person, at, ...content, ...(move?.moved ? { moved: move.moved } : {}) };
}

function readStatus(status: unknown, account: string, contacts: readonly Contact[]): ChannelEvent {
  const parsed = statusSchema.safeParse(status);
  if (!parsed.success) return ignored('broken status');
  const { id: target = '', status: word, timestamp, biz_opaque_callback_data: outbox, errors } = parsed.data;
  const at = milliseconds(timestamp, 1000);
  const error = errorOf(errors[0]);
  const from = recipientOf(parsed.data, contacts);
  return {
    kind: 'status',
    id: target === '' ? derivedId(account, at, word, outbox ?? '') : `${target}.${word}`,
    account,
    ...(from === undefined ? {} : { from }),
    at,
    status: word,
    target,
    ...(outbox === undefined ? {} : { outbox }),
    ...(error === undefined ? {} : { error }),
  };
}

/** Whom a status is about; nobody for a group. */
function recipientOf(status: z.infer<typeof statusSchema>, contacts: readonly Contact[]): string | undefined {
  if (status.recipient_type === 'group') return undefined;
  const { recipient_id: from, recipient_user_id, recipient_parent_user_id } = status;
  const sender = { from, from_user_id: recipient_user_id, from_parent_user_id: recipient_parent_user_id };
  return personOf(sender, contacts)?.from;
}

function errorOf(error: unknown): Receipt['error'] {
  const parsed = errorSchema.safeParse(error);
  if (!parsed.success) return undefined;
  return { code: parsed.data.code, title: parsed.data.title ?? '' };
}

/** Only what stands in the field `messages` happened in a conversation. */
function isAside(event: ChannelEvent): boolean {
  return event.kind === 'ignored' || (event.kind === 'system' && FIELDS.has(event.change));
}

function ignored(reason: string): ChannelEvent {
  return { kind: 'ignored', reason };
}
