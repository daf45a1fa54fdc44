/**
 * What authors and translators have to keep to; lengths in UTF-16 units. The channels' own numbers stand in
 * `src/channels/limits.ts` with their sources, which authoring may not import; a test holds the two together.
 */
export const LABEL_LIMITS = {
  whatsapp: {
    /** Most options that are shown as buttons; more, or any with a detail, make a list. */
    buttons: 3,
    button: 20,
    row: 24,
    detail: 72,
    /** What opens a list. */
    listButton: 20,
    /** A text with buttons, a list or a request for the location below it. */
    body: 1024,
  },
  messenger: { quickReply: 20, text: 2000 },
} as const;

/** The largest files that go everywhere, which are WhatsApp's, by the key of a `say`. Bytes. */
export const MEDIA_BYTES_MAX = { image: 5 * 1024 * 1024, voice: 16 * 1024 * 1024 } as const;
