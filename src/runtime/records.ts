import { z } from 'zod';
import { addressSchema, partSchema } from '../channels/channel.ts';
import { inputSchema } from '../engine/input.ts';
import { sessionSchema } from '../engine/session.ts';

/** Which conversation of ours this is: every record says so, for only their ids are hashes. */
const place = { channel: z.string(), account: z.string(), address: addressSchema };

/** A conversation as it is stored, sealed: the engine's session, and how to reach the person. */
export const conversationSchema = z.object({
  ...place,
  /** When the person last wrote, ms since 1970; platforms close their window a day later. */
  heardMs: z.number(),
  session: sessionSchema,
});
export type Conversation = z.infer<typeof conversationSchema>;

/** What happened to a conversation itself, rather than in it. */
const changeSchema = z.discriminatedUnion('kind', [
  /** The person is to be found there from now on. */
  z.object({ kind: z.literal('moved'), user: z.string(), address: addressSchema }),
  /** What another conversation left to this one. */
  z.object({ kind: z.literal('inherited'), heardMs: z.number(), session: sessionSchema }),
  z.object({ kind: z.literal('wants'), messages: z.boolean() }),
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
  return input.kind === 'moved' || input.kind === 'inherited' || input.kind === 'wants';
}

/** What waits in an outbox, sealed. */
export const outboundSchema = z.object({ ...place, part: partSchema, replyTo: z.string().optional() });
export type Outbound = z.infer<typeof outboundSchema>;
