import { z } from 'zod';
import type { Input } from '../../engine/input.ts';
import { idSchema, isOptionId, itemsSchema, numberSchema, safeWord, textSchema } from '../graph/json.ts';
import { formValues } from './form.ts';

/** What a message says, without who said it. */
export type Content =
  | Input
  | { readonly kind: 'reaction'; readonly emoji: string; readonly target: string }
  | { readonly kind: 'system'; readonly change: string }
  | { readonly kind: 'ignored'; readonly reason: string };

/** Null where the message lacks what its type promises. */
type Read = (message: unknown) => Content | null;

const reading =
  <Schema extends z.ZodType>(schema: Schema, make: (message: z.output<Schema>) => Content): Read =>
  (message) => {
    const parsed = schema.safeParse(message);
    return parsed.success ? make(parsed.data) : null;
  };

const mediaSchema = z.object({
  id: idSchema,
  url: textSchema,
  mime_type: textSchema,
  caption: textSchema,
  voice: z.boolean().optional().catch(undefined),
});

const media = (type: string): Read =>
  reading(z.object({ [type]: mediaSchema }), (message) => {
    const { id, url, mime_type, caption, voice } = message[type] ?? {};
    const heard = voice === true ? 'voice' : type;
    return { kind: 'media', media: { type: heard, id, url, mime: mime_type, caption } };
  });

/** Nobody waits for an answer to a reaction, however broken it is. */
const reactionSchema = z.object({ message_id: idSchema, emoji: textSchema }).optional().catch(undefined);

const referralSchema = z.object({ ref: textSchema, source_id: idSchema }).optional().catch(undefined);

const opened: Read = reading(z.object({ referral: referralSchema }), ({ referral }) => ({
  kind: 'entry',
  ref: referral?.ref ?? referral?.source_id ?? '',
}));

const system =
  (change: string): Read =>
  () => ({ kind: 'system', change });

/** One line a type of section 2 of Meta's reference; whatever is not here was sent by a person all the same. */
const TYPES: ReadonlyMap<string, Read> = new Map<string, Read>([
  [
    'text',
    reading(z.object({ text: z.object({ body: z.string().min(1) }) }), ({ text }) => ({
      kind: 'text',
      text: text.body,
    })),
  ],
  ...['image', 'video', 'audio', 'document', 'sticker'].map((type): [string, Read] => [type, media(type)]),
  [
    'location',
    reading(
      z.object({
        location: z.object({
          latitude: numberSchema.pipe(z.number().min(-90).max(90)),
          longitude: numberSchema.pipe(z.number().min(-180).max(180)),
          name: textSchema,
          address: textSchema,
        }),
      }),
      ({ location: { latitude, longitude, name, address } }) => ({
        kind: 'location',
        latitude,
        longitude,
        name: name ?? address,
      }),
    ),
  ],
  [
    'contacts',
    reading(z.object({ contacts: itemsSchema }), ({ contacts }) => ({
      kind: 'contacts',
      count: contacts.length,
    })),
  ],
  [
    'button',
    reading(
      z.object({ button: z.object({ payload: idSchema, text: textSchema }) }),
      ({ button: { payload, text } }) =>
        payload !== undefined && isOptionId(payload)
          ? { kind: 'choice', choice: payload, text }
          : // A template's button says what the person means to say; its payload may be anything.
            { kind: 'text', text: text ?? payload ?? '' },
    ),
  ],
  ['interactive', (message) => interactive(message)],
  [
    'reaction',
    reading(z.object({ reaction: reactionSchema }), ({ reaction }) =>
      reaction
        ? { kind: 'reaction', emoji: reaction.emoji ?? '', target: reaction.message_id ?? '' }
        : { kind: 'ignored', reason: 'broken reaction' },
    ),
  ],
  [
    'system',
    reading(z.object({ system: z.object({ type: textSchema }).optional().catch(undefined) }), (message) => ({
      kind: 'system',
      change: safeWord(message.system?.type),
    })),
  ],
  ['edit', system('edit')],
  ['revoke', system('revoke')],
  ['request_welcome', opened],
]);

const replySchema = z.object({ id: idSchema, title: textSchema });
const interactiveSchema = z.object({
  interactive: z.object({
    type: textSchema,
    button_reply: replySchema.optional().catch(undefined),
    list_reply: replySchema.optional().catch(undefined),
    nfm_reply: z.object({ response_json: z.unknown().optional() }).optional().catch(undefined),
    call_permission_reply: z.unknown().optional(),
  }),
});

const interactive: Read = reading(
  interactiveSchema,
  ({ interactive: { type, button_reply, list_reply, nfm_reply, call_permission_reply } }) => {
    const { id, title } = button_reply ?? list_reply ?? {};
    if (id !== undefined) return { kind: 'choice', choice: id, text: title };
    if (title !== undefined && title !== '') return { kind: 'text', text: title };
    if (nfm_reply) return { kind: 'form', values: formValues(nfm_reply.response_json) };
    if (type === 'call_permission_reply' || call_permission_reply !== undefined)
      return { kind: 'ignored', reason: 'call permission' };
    return { kind: 'unsupported', what: safeWord(type) };
  },
);

const unreadableSchema = z.object({
  referral: referralSchema,
  unsupported: z.object({ type: textSchema }).optional().catch(undefined),
});

/**
 * Reads what a person sent. A message without what its type promises, or of a type nobody knows, is
 * `unsupported`: its sender waits for an answer. Only an advertisement's first event comes unreadable by design.
 */
export function contentOf(type: string | undefined, message: unknown): Content {
  const known = TYPES.get(type ?? '')?.(message);
  if (known)
    return known.kind === 'text' && known.text === '' ? { kind: 'unsupported', what: 'text' } : known;
  const parsed = unreadableSchema.safeParse(message);
  if (parsed.success && parsed.data.referral && (type === 'unsupported' || type === 'unknown'))
    return opened(message) ?? { kind: 'entry', ref: '' };
  return {
    kind: 'unsupported',
    what: safeWord((parsed.success ? parsed.data.unsupported?.type : undefined) ?? type),
  };
}
