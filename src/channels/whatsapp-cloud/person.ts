import { z } from 'zod';
import type { Origin } from '../channel.ts';
import { idSchema } from '../graph/json.ts';

/** A business-scoped user id, also of the parent form `US.ENT.…`; a phone number has no letters. */
const BSUID = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/u;

export function isBsuid(id: string): boolean {
  return BSUID.test(id);
}

export const contactSchema = z.object({
  wa_id: idSchema,
  user_id: idSchema,
  parent_user_id: idSchema,
});
export type Contact = z.infer<typeof contactSchema>;

export const senderSchema = z.object({
  from: idSchema,
  from_user_id: idSchema,
  from_parent_user_id: idSchema,
});
export type Sender = z.infer<typeof senderSchema>;

export type Person = Pick<Origin, 'from' | 'user' | 'address'>;

/**
 * Who wrote. People with a username have no phone number here, people of before April 2026 no BSUID; the
 * BSUID names the conversation where there is one, since numbers come and go from webhooks. A lone contact
 * stands for a message without a sender; among several nobody guesses, for an answer must reach nobody else.
 */
export function personOf(sender: Sender, contacts: readonly Contact[]): Person | null {
  const isScoped = sender.from !== undefined && isBsuid(sender.from);
  const given = isScoped ? undefined : sender.from?.replace(/^\+/u, '');
  const scoped = sender.from_user_id ?? (isScoped ? sender.from : undefined);
  const contact = contactOf(given, scoped, contacts);
  const phone = given ?? contact?.wa_id;
  const bsuid = scoped ?? contact?.user_id ?? sender.from_parent_user_id ?? contact?.parent_user_id;
  const from = phone ?? bsuid;
  if (from === undefined) return null;
  return {
    from,
    user: bsuid ?? from,
    address: {
      ...(phone === undefined ? {} : { phone: `+${phone}` }),
      ...(bsuid === undefined ? {} : { recipient: bsuid }),
    },
  };
}

function contactOf(
  phone: string | undefined,
  bsuid: string | undefined,
  contacts: readonly Contact[],
): Contact | undefined {
  const own = contacts.find(
    ({ wa_id, user_id }) =>
      (phone !== undefined && wa_id === phone) || (bsuid !== undefined && user_id === bsuid),
  );
  if (own) return own;
  const [lone] = contacts;
  if (contacts.length !== 1 || lone === undefined) return undefined;
  const strange =
    (phone !== undefined && lone.wa_id !== undefined) || (bsuid !== undefined && lone.user_id !== undefined);
  return strange ? undefined : lone;
}
