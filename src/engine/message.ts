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
  /** `numbers`: written out with numbers even where buttons would fit (the second rung of the ladder). */
  style: z.enum(['auto', 'numbers']).default('auto'),
  options: z.array(optionSchema).min(1),
});

/** One thing Lotse says, already in the person's language, free of any platform. */
export const messageSchema = z.strictObject({
  text: z.string().min(1),
  /** BCP 47 tag of the language the text really is in. */
  language: z.string(),
  menu: menuSchema.optional(),
  /** Pictures and recordings that belong to the text, by link. */
  media: z.array(z.strictObject({ type: z.enum(['image', 'audio']), url: z.url() })).optional(),
  /** The platform's approved template to use where its time window is closed. */
  template: z.string().optional(),
  /** Asks the platform to offer «send my location» where it can. */
  request: z.literal('location').optional(),
});

export type Message = z.infer<typeof messageSchema>;
/** What may go with a text. */
export type MessageExtras = Pick<Message, 'menu' | 'request' | 'media' | 'template'>;
export type Menu = z.infer<typeof menuSchema>;
export type MenuOption = z.infer<typeof optionSchema>;
