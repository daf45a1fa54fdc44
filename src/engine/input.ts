import { z } from 'zod';

/** A picture, voice note, film, document or sticker; only named here, never fetched by the engine. */
const mediaSchema = z.object({
  /** The platform's word: image, audio, voice, video, document, file, sticker … */
  type: z.string(),
  id: z.string().optional(),
  url: z.string().optional(),
  mime: z.string().optional(),
  caption: z.string().optional(),
});

/**
 * What a person can do to a conversation, free of any platform. It is stored in the inbox between the
 * webhook and the turn, hence a schema: what comes back from the store is parsed again.
 */
export const inputSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string() }),
  /** A tap: `choice` is the option id that Lotse gave out, `text` the label the person saw. */
  z.object({ kind: z.literal('choice'), choice: z.string(), text: z.string().optional() }),
  /** WGS 84 degrees: latitude -90…90, longitude -180…180. */
  z.object({
    kind: z.literal('location'),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    name: z.string().optional(),
  }),
  z.object({ kind: z.literal('media'), media: mediaSchema }),
  z.object({ kind: z.literal('contacts'), count: z.int().min(0) }),
  z.object({ kind: z.literal('form'), values: z.record(z.string(), z.unknown()) }),
  /** The chat was opened by a link, poster or advertisement; `ref` is what the link carried, often ''. */
  z.object({ kind: z.literal('entry'), ref: z.string() }),
  z.object({ kind: z.literal('unsupported'), what: z.string() }),
]);

export type Input = z.infer<typeof inputSchema>;
export type Media = z.infer<typeof mediaSchema>;

/** The answer to a `Question` of the flow; never from a person. */
export type Answered =
  /** To `search` and `look_up`: texts as they are to be shown, best first; [] if there is nothing. */
  | {
      readonly kind: 'found';
      readonly results: readonly { readonly text: string; readonly language: string }[];
    }
  /** To `refer` and `handoff`: it has been handed over. */
  | { readonly kind: 'done' }
  /** Whoever should answer is not connected, or did not. */
  | { readonly kind: 'unavailable' };

/** Whether somebody outside answered, rather than the person. */
export function isAnswered(input: Input | Answered): input is Answered {
  return input.kind === 'found' || input.kind === 'done' || input.kind === 'unavailable';
}

/** What happens to a conversation without the person having written. */
export type Notice =
  /** Reminders are due; `templates`: only those that have a template may be given. */
  | { readonly kind: 'wake'; readonly templates?: boolean }
  /** An apology is due: for an answer that comes late, or for a message that cannot be answered at all. */
  | { readonly kind: 'sorry'; readonly why: 'late' | 'fault' }
  /** The person told the platform whether they want messages that they did not ask for. */
  | { readonly kind: 'wants'; readonly messages: boolean };
