import { z } from 'zod';

const optionSchema = z.strictObject({
  /** Stable and language-free: `flow/step/option`; 1–200 characters, no spaces at the edges. */
  id: z.string().min(1).max(200),
  label: z.string().min(1),
  detail: z.string().optional(),
});

/** The one menu; each channel renders it as its limits allow. */
const menuSchema = z.strictObject({
  /** What opens a list on platforms that fold it, e.g. «Choose». */
  button: z.string().min(1),
  /** What leads to the options that a platform has no room for, e.g. «More»; its id is `moreId`. */
  more: z.string().min(1).optional(),
  /** How many options come before the first that is shown: those were on an earlier page. */
  from: z.int().min(0).optional(),
  /** `numbers`: written out with numbers even where buttons would fit (the second rung of the ladder). */
  style: z.enum(['auto', 'numbers']).default('auto'),
  options: z.array(optionSchema).min(1),
});

/** The approved message of a WhatsApp account that opens a conversation again. */
const templateSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9_]{1,512}$/, 'must be the name of a template: small letters, digits and _'),
  /** What stands in for {{1}}, {{2}} … of its body. */
  parameters: z.array(z.string()).default([]),
});

/** A picture or recording beside the flows, which Lotse uploads itself. */
const MEDIA_FILE = /^media\/(?:[\w-]+\/)*[\w-]+\.(?:png|jpe?g|ogg|opus|mp3|m4a|aac|amr)$/i;

export function isMediaFile(url: string): boolean {
  return MEDIA_FILE.test(url);
}

export function isWebLink(url: string): boolean {
  return /^https:\/\/[^\s/]/i.test(url);
}

const linkSchema = z.strictObject({
  label: z.string().min(1),
  url: z.url({ protocol: /^https?$/ }),
});

/** WGS 84 degrees. */
const locationSchema = z.strictObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  name: z.string().optional(),
  address: z.string().optional(),
});

/** Somebody to call or write to; numbers in E.164. */
const contactSchema = z.strictObject({
  name: z.string().min(1),
  phones: z.array(z.string().regex(/^\+\d{3,15}$/, 'must be a phone number such as +4982112345')).min(1),
  url: z.url({ protocol: /^https?$/ }).optional(),
});

/** One thing Lotse says, already in the person's language, free of any platform. */
export const messageSchema = z.strictObject({
  text: z.string().min(1),
  /** BCP 47 tag of the language the text really is in. */
  language: z.string(),
  menu: menuSchema.optional(),
  /** Pictures and recordings that belong to the text, by link. */
  media: z
    .array(
      z.strictObject({
        type: z.enum(['image', 'audio', 'video', 'document']),
        /** A web address, or a file beside the flows such as `media/en/welcome.ogg`. */
        url: z.union([z.url(), z.string().regex(MEDIA_FILE)]),
      }),
    )
    .optional(),
  /** The platform's approved template to use where its time window is closed. */
  template: templateSchema.optional(),
  /** A page to open, as a button where the platform has one. Not beside a menu. */
  link: linkSchema.optional(),
  /** A place on the map, sent after the text. */
  location: locationSchema.optional(),
  /** Cards for the address book, sent after the text. */
  contacts: z.array(contactSchema).min(1).max(5).optional(),
  /** Asks the platform to offer «send my location» where it can. */
  request: z.literal('location').optional(),
});

export type Message = z.infer<typeof messageSchema>;
/** What may go with a text. */
export type MessageExtras = Partial<Omit<Message, 'text' | 'language'>>;

/** The option that leads to a menu's next page; `from`: how many options come before it. */
export function moreId(from: number): string {
  return `_/more/${String(from)}`;
}

export type Menu = z.infer<typeof menuSchema>;
export type MenuOption = z.infer<typeof optionSchema>;
