import { z } from 'zod';
import type { Input } from '../../engine/input.ts';
import type { ChannelEvent, Origin } from '../channel.ts';
import { idSchema, itemsSchema, milliseconds, numberSchema, safeWord, textSchema } from '../graph/json.ts';
import type { Happening } from './client.ts';

/** `49151…@c.us`: a phone number. `1203…@lid`: somebody who hides it. Groups, channels and status end otherwise. */
const PERSON = /^([1-9]\d*)@(c\.us|s\.whatsapp\.net|lid)$/u;

const keySchema = z.object({
  _serialized: z.string().min(1),
  fromMe: z.boolean().optional().catch(undefined),
});
const flagSchema = z.boolean().optional().catch(undefined);
const messageSchema = z.object({
  id: keySchema,
  from: textSchema,
  type: textSchema,
  timestamp: numberSchema,
  body: textSchema,
  fromMe: flagSchema,
  isStatus: flagSchema,
  broadcast: flagSchema,
  location: z.unknown().optional(),
  vCards: itemsSchema,
  _data: z.object({ mimetype: textSchema, caption: textSchema }).optional().catch(undefined),
});
type Message = z.infer<typeof messageSchema>;

const locationSchema = z.object({
  latitude: numberSchema.pipe(z.number().min(-90).max(90)),
  longitude: numberSchema.pipe(z.number().min(-180).max(180)),
  name: textSchema,
  address: textSchema,
});

const reactionSchema = z.object({
  id: keySchema,
  msgId: z.object({ _serialized: idSchema }).optional().catch(undefined),
  senderId: textSchema,
  reaction: textSchema,
  timestamp: numberSchema,
});

/** Written by WhatsApp itself, not by a person. An album is followed by its pictures, one by one. */
const NOBODY_WROTE: ReadonlySet<string> = new Set([
  'album',
  'broadcast_notification',
  'call_log',
  'ciphertext',
  'debug',
  'e2e_notification',
  'gp2',
  'group_notification',
  'notification',
  'notification_template',
  'protocol',
  'pinned_message',
  'reaction',
]);

/** The library's word for a kind of media, and ours. */
const MEDIA: ReadonlyMap<string, string> = new Map([
  ['image', 'image'],
  ['video', 'video'],
  ['ptv', 'video'],
  ['audio', 'audio'],
  ['ptt', 'voice'],
  ['document', 'document'],
  ['sticker', 'sticker'],
]);

/** What carries words in its body: typed, or an answer tapped below another bot's menu. */
const WORDS: ReadonlySet<string> = new Set([
  'chat',
  'buttons_response',
  'list_response',
  'template_button_reply',
]);

export interface ReadOptions {
  /** Our own number. */
  readonly account: string;
  /** Older messages are left alone: they come again when a phone is linked anew. Milliseconds since 1970. */
  readonly notBefore: number;
}

/** Reads one happening of whatsapp-web.js. Pure; throws for nothing. */
export function readHappening(kind: Happening, data: unknown, options: ReadOptions): ChannelEvent {
  if (kind === 'reaction') return readReaction(data, options);
  const parsed = messageSchema.safeParse(data);
  if (!parsed.success) return ignored('broken message');
  const message = parsed.data;
  if (message.fromMe === true || message.id.fromMe === true) return ignored('our own message');
  if (message.isStatus === true || message.broadcast === true) return ignored('status or broadcast');
  const origin = originOf(message.id._serialized, message.from, message.timestamp, options.account);
  if (!origin) return ignored('not from one person');
  switch (kind) {
    case 'message':
      return readMessage(message, origin, options.notBefore);
    case 'unreadable':
      // It may still become readable, and then comes under the same id: an answer now would swallow it.
      return ignored('could not be decrypted');
    case 'edit':
    case 'revoke':
      return { ...origin, kind: 'system', change: kind };
  }
}

function readMessage(message: Message, origin: Origin, notBefore: number): ChannelEvent {
  const type = message.type ?? 'unknown';
  if (type === 'revoked') return { ...origin, kind: 'system', change: 'revoke' };
  if (NOBODY_WROTE.has(type)) return ignored(type);
  if (origin.at > 0 && origin.at < notBefore) return ignored('older than this link');
  return { ...origin, ...contentOf(type, message) };
}

function contentOf(type: string, message: Message): Input {
  const { body, vCards, _data } = message;
  if (WORDS.has(type) && body !== undefined && body !== '') return { kind: 'text', text: body };
  const media = MEDIA.get(type);
  if (media !== undefined)
    // The body may hold a small picture instead of words.
    return {
      kind: 'media',
      media: { type: media, id: message.id._serialized, mime: _data?.mimetype, caption: _data?.caption },
    };
  if (type === 'vcard' || type === 'multi_vcard') return { kind: 'contacts', count: vCards.length };
  const place = type === 'location' ? locationSchema.safeParse(message.location) : undefined;
  if (place?.success === true) {
    const { latitude, longitude, name, address } = place.data;
    return { kind: 'location', latitude, longitude, name: name ?? address };
  }
  return { kind: 'unsupported', what: type === 'chat' ? 'text' : safeWord(type) };
}

function readReaction(data: unknown, { account }: ReadOptions): ChannelEvent {
  const parsed = reactionSchema.safeParse(data);
  if (!parsed.success) return ignored('broken reaction');
  const { id, msgId, senderId, reaction, timestamp } = parsed.data;
  if (id.fromMe === true) return ignored('our own reaction');
  const origin = originOf(id._serialized, senderId, timestamp, account);
  if (!origin) return ignored('not from one person');
  return { ...origin, kind: 'reaction', emoji: reaction ?? '', target: msgId?._serialized ?? '' };
}

function originOf(
  id: string,
  chat: string | undefined,
  seconds: number | undefined,
  account: string,
): Origin | null {
  const [, number, server] = PERSON.exec(chat ?? '') ?? [];
  if (chat === undefined || number === undefined) return null;
  // A hidden number's digits could be somebody else's phone number, so they keep their ending.
  const user = server === 'lid' ? chat : number;
  return { id, account, from: user, user, address: { chat }, at: milliseconds(seconds, 1000) };
}

function ignored(reason: string): ChannelEvent {
  return { kind: 'ignored', reason };
}
