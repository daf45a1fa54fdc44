import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Input } from '../../engine/input.ts';
import type { ChannelEvent } from '../channel.ts';
import { isOptionId, numberSchema, safeWord, textSchema } from '../graph/json.ts';
import { activitySchema, type Activity } from './activity.ts';
import type { Bridge, Heard } from './bridge.ts';

/** Lotse's account where an adapter names none. */
const ACCOUNT = 'bot';

export interface Arrived {
  readonly activity: Activity;
  readonly event: ChannelEvent;
}

/** What one activity tells; null if it is none. `reference`: JSON, what the adapter needs to answer. */
export function readActivity(bridge: Bridge, raw: unknown, reference: string): Arrived | null {
  const parsed = activitySchema.safeParse(raw);
  if (!parsed.success) return null;
  const activity = parsed.data;
  return { activity, event: eventOf(bridge, activity, reference) };
}

function eventOf(bridge: Bridge, activity: Activity, reference: string): ChannelEvent {
  const { type, from, recipient, conversation, timestamp } = activity;
  if (type !== 'message') return { kind: 'ignored', reason: `activity ${safeWord(type)}` };
  if (from?.id === undefined) return { kind: 'ignored', reason: 'activity without sender' };
  // What people tell Lotse is not for the others in a group.
  if (conversation?.isGroup === true) return { kind: 'ignored', reason: 'group conversation' };
  const heard = bridge.read ? bridge.read(activity) : readInput(activity);
  if (heard.kind === 'ignored') return heard;
  const origin = {
    // Without an id there is no telling a message that came twice from one that was written twice.
    id: (bridge.idOf ? bridge.idOf(activity) : activity.id) ?? randomUUID(),
    account: recipient?.id ?? ACCOUNT,
    from: from.id,
    user: from.id,
    address: { reference },
    at: timestamp === undefined ? 0 : milliseconds(timestamp),
  };
  return heard.kind === 'wants'
    ? { ...origin, kind: 'system', change: 'wants', wants: heard.wants }
    : { ...origin, ...heard };
}

const attachmentSchema = z.object({
  contentType: z.string(),
  contentUrl: textSchema,
});
const placeSchema = z.object({
  latitude: numberSchema.pipe(z.number().min(-90).max(90)),
  longitude: numberSchema.pipe(z.number().min(-180).max(180)),
  name: textSchema,
});
const replySchema = z.object({ payload: textSchema });

/** A tap, a text, a place or an attachment, as Bot Framework writes them. Pure. */
function readInput({ text = '', value, attachments, entities, channelData }: Activity): Heard {
  const reply = replySchema.safeParse(channelData['quick_reply']).data?.payload;
  const tapped = [reply, typeof value === 'string' ? value : undefined, text].find(isTap);
  if (tapped !== undefined) return { kind: 'choice', choice: tapped, ...(text === '' ? {} : { text }) };
  if (text.trim() !== '') return { kind: 'text', text };
  const place = entities.map(placeOf).find((input) => input !== null);
  if (place) return place;
  const media = attachments.map(mediaOf).find((input) => input !== null);
  return media ?? { kind: 'unsupported', what: 'empty' };
}

/** Some adapters give a tap as if it had been typed; the second part of an id is no number, as in a date. */
function isTap(word: string | undefined): word is string {
  return word !== undefined && isOptionId(word) && /^[A-Za-z0-9_][\w-]*\/[a-z][a-z0-9_]*\//u.test(word);
}

function placeOf(entity: unknown): Input | null {
  const { data } = z.object({ geo: placeSchema }).safeParse(entity);
  const place = data?.geo ?? placeSchema.safeParse(entity).data;
  return place ? { kind: 'location', ...place } : null;
}

function mediaOf(attachment: unknown): Input | null {
  const parsed = attachmentSchema.safeParse(attachment);
  if (!parsed.success || parsed.data.contentUrl === undefined) return null;
  return { kind: 'media', media: mediaAt(parsed.data.contentUrl, parsed.data.contentType) };
}

/** A file that lies somewhere, in Lotse's words. */
export function mediaAt(url: string, mime = ''): { type: string; url: string; mime?: string } {
  const type = /^(image|audio|video)\//u.exec(mime)?.[1] ?? 'document';
  return { type, url, ...(mime === '' ? {} : { mime }) };
}

function milliseconds(time: Date | string): number {
  const at = new Date(time).getTime();
  return Number.isNaN(at) ? 0 : at;
}
