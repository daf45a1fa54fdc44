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
  readonly locationRequest?: { readonly bodyMax: number };
}

/** Meta's Cloud API pages, read 2026; where page and OpenAPI schema differ (list body), the smaller. */
export const WHATSAPP: Limits = {
  textMax: 4096,
  buttons: { max: 3, titleMax: 20, bodyMax: 1024 },
  list: { max: 10, titleMax: 24, descriptionMax: 72, buttonMax: 20, bodyMax: 1024 },
  locationRequest: { bodyMax: 1024 },
};

/** Meta's Messenger pages, read 2026. «Send location» is gone from quick replies. */
export const MESSENGER: Limits = {
  textMax: 2000,
  quickReplies: { max: 13, titleMax: 20, bodyMax: 2000 },
};

/** Wherever nothing but text can be shown: terminal, bridges. */
export const PLAIN_TEXT: Limits = { textMax: 4096 };
