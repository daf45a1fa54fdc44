import { z } from 'zod';
import { addressSchema, partSchema } from '../channels/channel.ts';
import { inputSchema } from '../engine/input.ts';
import { sessionSchema } from '../engine/session.ts';

/** Which conversation of ours this is: every record says so, for only their ids are hashes. */
const place = { channel: z.string(), account: z.string(), address: addressSchema };

/** A conversation: the engine's session, and how to reach the person. */
export const conversationSchema = z.object({
  ...place,
  /** When the person last wrote, ms since 1970; platforms close their window a day later. */
  heardMs: z.number(),
  session: sessionSchema,
  /** What the platform would not take outside its window: said when the person writes again. */
  held: z.array(partSchema).default([]),
  /** When the person was last told that an answer came late; ms since 1970, 0: never. */
  sorryMs: z.number().default(0),
});
export type Conversation = z.infer<typeof conversationSchema>;

/** What happened to a conversation itself, rather than in it. */
const changeSchema = z.discriminatedUnion('kind', [
  /** The person is to be found there from now on. */
  z.object({ kind: z.literal('moved'), user: z.string(), address: addressSchema }),
  /** What another conversation left to this one. */
  z.object({
    kind: z.literal('inherited'),
    heardMs: z.number(),
    session: sessionSchema,
    held: z.array(partSchema).default([]),
  }),
  z.object({ kind: z.literal('wants'), messages: z.boolean() }),
  /** A part that came too late for the platform's window. */
  z.object({ kind: z.literal('held'), part: partSchema }),
]);
export type Change = z.infer<typeof changeSchema>;

/** What waits in an inbox, sealed. `id`: the platform's; `at`: ms since 1970 by its clock, 0 if it gave none. */
export const inboundSchema = z.object({
  ...place,
  id: z.string(),
  at: z.number(),
  input: z.union([inputSchema, changeSchema]),
});
export type Inbound = z.infer<typeof inboundSchema>;

export function isChange(input: Inbound['input']): input is Change {
  return ['moved', 'inherited', 'wants', 'held'].includes(input.kind);
}

/** What waits in an outbox, sealed. */
export const outboundSchema = z.object({ ...place, part: partSchema, replyTo: z.string().optional() });
export type Outbound = z.infer<typeof outboundSchema>;
