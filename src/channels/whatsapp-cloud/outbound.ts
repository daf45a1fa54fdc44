import { z } from 'zod';
import type { Message } from '../../engine/message.ts';
import type { Address, Part } from '../channel.ts';
import { WHATSAPP } from '../limits.ts';
import { present, type Rendering } from '../rendering.ts';

/** Request bodies without recipient, in order. Pure. */
export function whatsappParts(message: Message): readonly Part[] {
  return present(message, WHATSAPP).map(partOf);
}

/**
 * The whole request body. A phone number is preferred, always with `+` (else the business's own country code
 * is put before it); people without one are named by BSUID. Null if the address names nobody.
 */
export function whatsappBody(address: Address, part: Part, outbox: string, replyTo?: string): Part | null {
  const { phone, recipient } = address;
  const to = phone !== undefined ? { to: phone } : recipient !== undefined ? { recipient } : null;
  if (!to) return null;
  return {
    ...part,
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    ...to,
    ...(replyTo === undefined ? {} : { context: { message_id: replyTo } }),
    biz_opaque_callback_data: outbox,
  };
}

const sentSchema = z.object({ messages: z.array(z.object({ id: z.string().min(1) })).min(1) });

/** The id of the message in a good answer. */
export function whatsappIdOf(body: unknown): string | undefined {
  const parsed = sentSchema.safeParse(body);
  return parsed.success ? parsed.data.messages[0]?.id : undefined;
}

function partOf(rendering: Rendering): Part {
  const { text } = rendering;
  switch (rendering.type) {
    case 'text':
    // WhatsApp's limits have no quick replies; should they ever come, their text still arrives.
    case 'quick_replies':
      return { type: 'text', text: { body: text } };
    case 'buttons':
      return interactive('button', text, {
        buttons: rendering.buttons.map((reply) => ({ type: 'reply', reply })),
      });
    case 'list':
      return interactive('list', text, { button: rendering.button, sections: [{ rows: rendering.rows }] });
    case 'location_request':
      return interactive('location_request_message', text, { name: 'send_location' });
  }
}

function interactive(type: string, text: string, action: Part): Part {
  return { type: 'interactive', interactive: { type, body: { text }, action } };
}
