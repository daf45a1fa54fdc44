import { z } from 'zod';
import { isMediaFile, type Message } from '../../engine/message.ts';
import type { Address, Part } from '../channel.ts';
import { fileIn, type Uploaded } from '../graph/uploads.ts';
import { contactName, locationLine, phonesOf, type Contact } from '../extras.ts';
import { MESSENGER } from '../limits.ts';
import { present, type Rendering } from '../rendering.ts';
import { shorten } from '../text.ts';

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

/** The requests that mark what a person wrote as seen and show «typing …» for up to 20 seconds; each goes alone. */
export function messengerActing({ psid }: Address): readonly Part[] {
  if (psid === undefined) return [];
  return ['mark_seen', 'typing_on'].map((sender_action) => ({ recipient: { id: psid }, sender_action }));
}

const sentSchema = z.object({ message_id: z.string().min(1) });

/** The id of the message in a good answer. */
export function messengerIdOf(body: unknown): string | undefined {
  const parsed = sentSchema.safeParse(body);
  return parsed.success ? parsed.data.message_id : undefined;
}

const attachedSchema = z.object({ attachment_id: z.string().min(1) });

/** The id of a file in the answer to its upload. */
export function attachmentIdOf(body: unknown): string | undefined {
  return attachedSchema.safeParse(body).data?.attachment_id;
}

const attachmentSchema = z.object({ type: z.string(), payload: z.unknown() });

/** A part with the platform's id of a file in place of the file; others as they are. */
export async function withUploads(
  account: string,
  part: Part,
  upload: (account: string, file: string) => Promise<Uploaded>,
): Promise<{ readonly ok: true; readonly part: Part } | Extract<Uploaded, { ok: false }>> {
  // Most parts are texts.
  if (part['attachment'] === undefined) return { ok: true, part };
  const { type, payload } = attachmentSchema.parse(part['attachment']);
  const file = fileIn(payload);
  if (file === null) return { ok: true, part };
  const uploaded = await upload(account, file);
  return uploaded.ok ? { ok: true, part: attachment(type, { attachment_id: uploaded.id }) } : uploaded;
}

function partOf(rendering: Rendering): Part {
  switch (rendering.type) {
    case 'text':
    // Messenger's limits have none of these; should they ever come, their text still arrives.
    case 'buttons':
    case 'list':
    case 'location_request':
      return { text: rendering.text };
    case 'location':
      return { text: locationLine(rendering) };
    case 'contacts':
      return attachment('template', {
        template_type: 'generic',
        elements: rendering.contacts.map(card),
      });
    case 'quick_replies':
      return {
        text: rendering.text,
        quick_replies: rendering.replies.map(({ id, title }) => ({
          content_type: 'text',
          title,
          payload: id,
        })),
      };
    case 'link':
      return attachment('template', {
        template_type: 'button',
        text: rendering.text,
        buttons: [{ type: 'web_url', title: rendering.title, url: rendering.url }],
      });
    case 'media':
      return attachment(rendering.media === 'document' ? 'file' : rendering.media, {
        ...(isMediaFile(rendering.url) ? { file: rendering.url } : { url: rendering.url, is_reusable: true }),
      });
  }
}

const CALL = { buttons: 3, buttonMax: 20, ...MESSENGER.contacts?.call };

/** Somebody to call: as many numbers as there is room for are buttons, all stand below the name. */
function card(contact: Contact): Part {
  const { phones, url } = contact;
  const calls = phones
    .slice(0, CALL.buttons - (url === undefined ? 0 : 1))
    .map((phone) => ({ type: 'phone_number', title: phone, payload: phone }));
  const page =
    url === undefined
      ? []
      : [{ type: 'web_url', title: shorten(new URL(url).hostname, CALL.buttonMax, 'en') || '…', url }];
  return { title: contactName(contact), subtitle: phonesOf(contact), buttons: [...calls, ...page] };
}

function attachment(type: string, payload: Part): Part {
  return { attachment: { type, payload } };
}
