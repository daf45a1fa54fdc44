import { z } from 'zod';
import type { Input } from '../../engine/input.ts';
import { AS_WRITTEN } from './payloads.ts';
import { idSchema, isOptionId, itemsSchema, numberSchema, safeWord, textSchema } from '../graph/json.ts';

const referralSchema = z.object({ ref: textSchema }).optional().catch(undefined);

export const messageSchema = z.object({
  mid: idSchema,
  text: textSchema,
  /** Whatever is not plainly false: to answer oneself would never end. */
  is_echo: z.unknown().transform(Boolean).optional(),
  metadata: textSchema,
  quick_reply: z.object({ payload: textSchema }).optional().catch(undefined),
  sticker_id: idSchema,
  attachments: itemsSchema,
  referral: referralSchema,
});

export const postbackSchema = z.object({
  mid: idSchema,
  title: textSchema,
  payload: textSchema,
  referral: referralSchema,
});

const attachmentSchema = z.object({
  type: textSchema,
  title: textSchema,
  payload: z
    .object({
      url: textSchema,
      sticker_id: idSchema,
      attachment_id: idSchema,
      coordinates: z
        .object({
          lat: numberSchema.pipe(z.number().min(-90).max(90)),
          long: numberSchema.pipe(z.number().min(-180).max(180)),
        })
        .optional()
        .catch(undefined),
    })
    .optional()
    // `null` for links that Facebook cannot preview.
    .catch(undefined),
});
type Attachment = z.infer<typeof attachmentSchema>;

/** What can be looked at or listened to; templates, links and appointments are not. */
const MEDIA = new Set(['image', 'audio', 'video', 'file', 'sticker', 'reel', 'ig_reel', 'post', 'ig_post']);

/** Meta's own examples and Lotse's set-up use this word for the button that opens a chat, with hyphens or underscores. */
const GET_STARTED = new Set(['getstarted', 'getstartedpayload']);

/**
 * What a message says. The payload of a quick reply goes before its text, words before attachments: one
 * message is one input, also where a sticker comes as `image` and `sticker` at once.
 */
export function messageInput(message: z.infer<typeof messageSchema>): Input {
  const { quick_reply, text, referral, sticker_id } = message;
  const payload = quick_reply?.payload ?? '';
  if (payload !== '') return { kind: 'choice', choice: payload, text };
  if (text !== undefined && text !== '') return { kind: 'text', text };
  const attachments = message.attachments.flatMap((attachment) => {
    const parsed = attachmentSchema.safeParse(attachment);
    return parsed.success ? [parsed.data] : [];
  });
  const located = attachments.map(location).find((input) => input !== null);
  if (located) return located;
  const media = attachments.find(({ type }) => MEDIA.has(type ?? ''));
  if (media) return mediaInput(media, sticker_id);
  if (sticker_id !== undefined) return { kind: 'media', media: { type: 'sticker', id: sticker_id } };
  if (referral && attachments.length === 0) return { kind: 'entry', ref: referral.ref ?? '' };
  return { kind: 'unsupported', what: attachments[0] ? safeWord(attachments[0].type) : 'empty' };
}

/** A tapped button. «Get Started» opens the chat; in a new chat it carries what the m.me link carried. */
export function postbackInput({ payload = '', title, referral }: z.infer<typeof postbackSchema>): Input {
  if (payload === AS_WRITTEN && title !== undefined && title !== '') return { kind: 'text', text: title };
  if (isOptionId(payload)) return { kind: 'choice', choice: payload, text: title };
  if (referral || GET_STARTED.has(payload.replace(/[\W_]+/gu, '').toLowerCase()))
    return { kind: 'entry', ref: referral?.ref ?? '' };
  if (payload !== '') return { kind: 'choice', choice: payload, text: title };
  return title !== undefined && title !== ''
    ? { kind: 'text', text: title }
    : { kind: 'unsupported', what: 'postback' };
}

function location({ type, title, payload }: Attachment): Input | null {
  const place = type === 'location' ? payload?.coordinates : undefined;
  return place ? { kind: 'location', latitude: place.lat, longitude: place.long, name: title } : null;
}

function mediaInput({ type = '', payload }: Attachment, stickerId: string | undefined): Input {
  const sticker = payload?.sticker_id ?? stickerId;
  if (sticker !== undefined)
    return { kind: 'media', media: { type: 'sticker', id: sticker, url: payload?.url } };
  return { kind: 'media', media: { type, id: payload?.attachment_id, url: payload?.url } };
}
