import { z } from 'zod';
import { isMediaFile, type Message } from '../../engine/message.ts';
import type { Address, Part } from '../channel.ts';
import { fileIn, type Uploaded } from '../graph/uploads.ts';
import { contactName, type Contact } from '../extras.ts';
import { WHATSAPP, type MediaType } from '../limits.ts';
import { present, type Rendering } from '../rendering.ts';

/** Request bodies without recipient, in order. Pure. */
export function whatsappParts(message: Message): readonly Part[] {
  return present(message, WHATSAPP).map(partOf);
}

/** WhatsApp's own message ids; those that Lotse made up for events without one mean nothing to it. */
const isMessageId = (id: string): boolean => id.startsWith('wamid.');

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
    ...(replyTo !== undefined && isMessageId(replyTo) ? { context: { message_id: replyTo } } : {}),
    biz_opaque_callback_data: outbox,
  };
}

/**
 * The request that marks a message, and all before it, as read and shows «typing …» until the answer comes or
 * 25 seconds are over. Null for an id that is none of WhatsApp's.
 */
export function whatsappActing(inbound: string): Part | null {
  if (!isMessageId(inbound)) return null;
  return {
    messaging_product: 'whatsapp',
    status: 'read',
    message_id: inbound,
    typing_indicator: { type: 'text' },
  };
}

const sentSchema = z.object({ messages: z.array(z.object({ id: z.string().min(1) })).min(1) });

/** The id of the message in a good answer. */
export function whatsappIdOf(body: unknown): string | undefined {
  const parsed = sentSchema.safeParse(body);
  return parsed.success ? parsed.data.messages[0]?.id : undefined;
}

const uploadedSchema = z.object({ id: z.string().min(1) });

/** The id of a file in the answer to its upload. */
export function uploadedIdOf(body: unknown): string | undefined {
  return uploadedSchema.safeParse(body).data?.id;
}

/** A part with the platform's id of a file in place of the file; others as they are. */
export async function withUploads(
  account: string,
  part: Part,
  upload: (account: string, file: string) => Promise<Uploaded>,
): Promise<{ readonly ok: true; readonly part: Part } | Extract<Uploaded, { ok: false }>> {
  const type = String(part['type']);
  const file = fileIn(part[type]);
  if (file === null) return { ok: true, part };
  const uploaded = await upload(account, file);
  return uploaded.ok ? { ok: true, part: { type, [type]: { id: uploaded.id } } } : uploaded;
}

function partOf(rendering: Rendering): Part {
  switch (rendering.type) {
    case 'text':
    // WhatsApp's limits have no quick replies; should they ever come, their text still arrives.
    case 'quick_replies':
      return { type: 'text', text: { body: rendering.text } };
    case 'buttons':
      return interactive('button', rendering.text, {
        buttons: rendering.buttons.map((reply) => ({ type: 'reply', reply })),
      });
    case 'list':
      return interactive('list', rendering.text, {
        button: rendering.button,
        sections: [{ rows: rendering.rows }],
      });
    case 'link':
      return interactive('cta_url', rendering.text, {
        name: 'cta_url',
        parameters: { display_text: rendering.title, url: rendering.url },
      });
    case 'location_request':
      return interactive('location_request_message', rendering.text, { name: 'send_location' });
    case 'location': {
      const { type, ...location } = rendering;
      return { type, location };
    }
    case 'contacts':
      return { type: 'contacts', contacts: rendering.contacts.map(card) };
    case 'media':
      return { type: rendering.media, [rendering.media]: file(rendering.media, rendering.url) };
  }
}

function interactive(type: string, text: string, action: Part): Part {
  return { type: 'interactive', interactive: { type, body: { text }, action } };
}

/** WhatsApp wants one more name beside the whole one. */
function card(contact: Contact): Part {
  const name = contactName(contact);
  return {
    name: { formatted_name: name, first_name: name },
    phones: contact.phones.map((phone) => ({ phone })),
    ...(contact.url === undefined ? {} : { urls: [{ url: contact.url }] }),
  };
}

/** A document without a name is shown as «Untitled», and opened by nobody. */
function file(media: MediaType, link: string): Part {
  if (isMediaFile(link)) return { file: link };
  const name = media === 'document' ? fileName(link) : '';
  return name === '' ? { link } : { link, filename: name };
}

function fileName(link: string): string {
  const last = new URL(link).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch (error) {
    if (error instanceof URIError) return last;
    throw error;
  }
}
