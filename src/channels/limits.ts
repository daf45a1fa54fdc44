import type { Message } from '../engine/message.ts';

export type MediaType = NonNullable<Message['media']>[number]['type'];

/** What a platform can show; all lengths in UTF-16 units, the larger count wherever a platform counts otherwise. */
export interface Limits {
  readonly textMax: number;
  readonly buttons?: { readonly max: number; readonly titleMax: number; readonly bodyMax: number };
  readonly list?: {
    readonly max: number;
    readonly titleMax: number;
    readonly descriptionMax: number;
    readonly buttonMax: number;
    readonly bodyMax: number;
  };
  readonly quickReplies?: { readonly max: number; readonly titleMax: number; readonly bodyMax: number };
  /** A button that opens a page. */
  readonly link?: { readonly titleMax: number; readonly bodyMax: number };
  readonly locationRequest?: { readonly bodyMax: number };
  /** Whether a place is a message of its own, with a map. */
  readonly location?: boolean;
  /** Cards for the address book, so many in one message. */
  /** `call`: not for the address book, but with buttons that call. */
  readonly contacts?: {
    readonly max: number;
    readonly call?: {
      readonly titleMax: number;
      readonly subtitleMax: number;
      readonly buttons: number;
      readonly buttonMax: number;
    };
  };
  /** What is sent as itself, not as a link; with the largest file the platform fetches in bytes, if it tells. */
  readonly media?: Readonly<Partial<Record<MediaType, { readonly bytesMax?: number }>>>;
  /** Approved texts for outside the window, and how long one filled-in value may be. */
  readonly template?: { readonly parameterMax: number };
  /** How long after a person's last message anything may be said; ms. */
  readonly windowMs?: number;
  /** Whether an answer can quote what it answers. */
  readonly quotes?: boolean;
  /** For how long the platform shows that an answer is on its way; ms. */
  readonly typingMs?: number;
}

const MIB = 1024 * 1024;

/** Both of Meta's platforms close 24 hours after a person's last message. */
export const WINDOW_MS = 24 * 60 * 60 * 1000;

/** Meta's Cloud API pages, read 2026; where page and OpenAPI schema differ (list body), the smaller. */
export const WHATSAPP: Limits = {
  textMax: 4096,
  buttons: { max: 3, titleMax: 20, bodyMax: 1024 },
  list: { max: 10, titleMax: 24, descriptionMax: 72, buttonMax: 20, bodyMax: 1024 },
  link: { titleMax: 20, bodyMax: 1024 },
  locationRequest: { bodyMax: 1024 },
  location: true,
  contacts: { max: 5 },
  media: {
    image: { bytesMax: 5 * MIB },
    audio: { bytesMax: 16 * MIB },
    video: { bytesMax: 16 * MIB },
    document: { bytesMax: 100 * MIB },
  },
  template: { parameterMax: 1024 },
  windowMs: WINDOW_MS,
  quotes: true,
  typingMs: 25_000,
};

/** Meta's Messenger pages, read 2026. «Send location» is gone from quick replies; a place has no message type. */
export const MESSENGER: Limits = {
  textMax: 2000,
  quickReplies: { max: 13, titleMax: 20, bodyMax: 2000 },
  link: { titleMax: 20, bodyMax: 640 },
  contacts: { max: 10, call: { titleMax: 80, subtitleMax: 80, buttons: 3, buttonMax: 20 } },
  media: { image: {}, audio: {}, video: {}, document: {} },
  windowMs: WINDOW_MS,
  typingMs: 20_000,
};

/** Wherever nothing but text can be shown: terminal, bridges. */
export const PLAIN_TEXT: Limits = { textMax: 4096 };
