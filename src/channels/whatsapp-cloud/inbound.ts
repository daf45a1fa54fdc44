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
import { contentOf } from './content.ts';
import { contactSchema, personOf, senderSchema } from './person.ts';

const bodySchema = z.object({ object: z.unknown(), entry: z.array(z.unknown()).min(1) });
const entrySchema = z.object({ changes: itemsSchema });
const changeSchema = z.object({
  field: textSchema,
  value: z.object({
    metadata: z.object({ phone_number_id: idSchema }).optional().catch(undefined),
    contacts: itemsSchema,
    messages: itemsSchema,
    statuses: itemsSchema,
    errors: itemsSchema,
  }),
});
const fieldSchema = z.object({ field: textSchema });
const messageSchema = senderSchema.extend({
  id: idSchema,
  timestamp: numberSchema,
  type: textSchema,
  group_id: idSchema,
});
const errorSchema = z.object({ code: numberSchema, title: textSchema });
const statusSchema = z.object({
  id: idSchema,
  status: z.string().min(1),
  timestamp: numberSchema,
  biz_opaque_callback_data: idSchema,
  errors: itemsSchema,
});

/**
 * Reads one webhook body of the WhatsApp Cloud API (already checked for its signature). Pure. Every item is
 * read by itself, so that a broken one never takes the others along.
 */
export function readWhatsapp(body: unknown): Reading {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) return { outcome: 'reject', events: [], reason: 'no object with entries' };
  if (parsed.data.object !== 'whatsapp_business_account')
    return { outcome: 'reject', events: [], reason: 'object is not whatsapp_business_account' };
  const events = parsed.data.entry.flatMap(readEntry);
  if (events.length === 0)
    return { outcome: 'reject', events: [], reason: 'no message, status or error inside' };
  return { outcome: events.every(({ kind }) => kind === 'ignored') ? 'ignore' : 'accept', events };
}

function readEntry(entry: unknown): readonly ChannelEvent[] {
  const parsed = entrySchema.safeParse(entry);
  return parsed.success ? parsed.data.changes.flatMap(readChange) : [ignored('broken entry')];
}

function readChange(change: unknown): readonly ChannelEvent[] {
  const { field } = fieldSchema.catch({ field: undefined }).parse(change);
  if (field !== undefined && field !== 'messages') return [ignored(`field ${safeWord(field)}`)];
  const parsed = changeSchema.safeParse(change);
  if (!parsed.success) return [ignored('broken change')];
  const { metadata, messages, statuses, errors, ...rest } = parsed.data.value;
  const account = metadata?.phone_number_id ?? '';
  const contacts = rest.contacts.flatMap((contact) => {
    const read = contactSchema.safeParse(contact);
    return read.success ? [read.data] : [];
  });
  return [
    ...messages.map((message) => readMessage(message, account, contacts)),
    ...statuses.map((status) => readStatus(status, account)),
    ...errors.map((error) => readError(error)),
  ];
}

function readMessage(
  message: unknown,
  account: string,
  contacts: readonly z.infer<typeof contactSchema>[],
): ChannelEvent {
  const parsed = messageSchema.safeParse(message);
  if (!parsed.success) return ignored('broken message');
  const { id, timestamp, type, group_id, ...sender } = parsed.data;
  if (group_id !== undefined) return ignored('group message: a private answer would tell who wrote there');
  const person = personOf(sender, contacts);
  if (!person) return ignored('message without sender');
  const content = contentOf(type, message);
  if (content.kind === 'ignored') return content;
  const at = milliseconds(timestamp, 1000);
  const known = id ?? derivedId(account, person.user, at, JSON.stringify(content));
  return { id: known, account, ...person, at, ...content };
}

function readStatus(status: unknown, account: string): ChannelEvent {
  const parsed = statusSchema.safeParse(status);
  if (!parsed.success) return ignored('broken status');
  const { id: target = '', status: word, timestamp, biz_opaque_callback_data: outbox, errors } = parsed.data;
  const at = milliseconds(timestamp, 1000);
  const error = errorOf(errors[0]);
  return {
    kind: 'status',
    id: target === '' ? derivedId(account, at, word, outbox ?? '') : `${target}.${word}`,
    account,
    at,
    status: word,
    target,
    ...(outbox === undefined ? {} : { outbox }),
    ...(error === undefined ? {} : { error }),
  };
}

function readError(error: unknown): ChannelEvent {
  return ignored(`platform error ${String(errorOf(error)?.code ?? 'unknown')}`);
}

function errorOf(error: unknown): Receipt['error'] {
  const parsed = errorSchema.safeParse(error);
  if (!parsed.success || parsed.data.code === undefined) return undefined;
  return { code: parsed.data.code, title: parsed.data.title ?? '' };
}

function ignored(reason: string): ChannelEvent {
  return { kind: 'ignored', reason };
}
