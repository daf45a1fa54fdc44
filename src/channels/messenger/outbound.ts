import { z } from 'zod';
import type { Message } from '../../engine/message.ts';
import type { Address, Part } from '../channel.ts';
import { MESSENGER } from '../limits.ts';
import { present, type Rendering } from '../rendering.ts';

/** Message objects without recipient, in order; quick replies vanish with the next message, so only in the last. Pure. */
export function messengerParts(message: Message): readonly Part[] {
  return present(message, MESSENGER).map(partOf);
}

/** The whole request body; the outbox id comes back in the echo. Null if the address names nobody. */
export function messengerBody(address: Address, part: Part, outbox: string): Part | null {
  const { psid } = address;
  if (psid === undefined) return null;
  return { recipient: { id: psid }, messaging_type: 'RESPONSE', message: { ...part, metadata: outbox } };
}

const sentSchema = z.object({ message_id: z.string().min(1) });

/** The id of the message in a good answer. */
export function messengerIdOf(body: unknown): string | undefined {
  const parsed = sentSchema.safeParse(body);
  return parsed.success ? parsed.data.message_id : undefined;
}

function partOf(rendering: Rendering): Part {
  const { text } = rendering;
  if (rendering.type !== 'quick_replies') return { text };
  const quick_replies = rendering.replies.map(({ id, title }) => ({
    content_type: 'text',
    title,
    payload: id,
  }));
  return { text, quick_replies };
}
