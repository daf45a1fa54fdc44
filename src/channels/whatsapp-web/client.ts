/** What is heard from the browser that runs WhatsApp Web. */
export type ClientSignal =
  /** The code to scan with the phone; a new one replaces it after 20 to 60 seconds. */
  | { readonly type: 'qr'; readonly code: string }
  /** Linked or loading: not ready yet, but getting on. */
  | { readonly type: 'progress' }
  | { readonly type: 'ready' }
  /** Logged out, thrown out, crashed: this client is of no use any more. `reason` is a sentence without a full stop. */
  | { readonly type: 'ended'; readonly reason: string }
  /** Something happened in a chat; `data` is as the library gives it, unread. */
  | { readonly type: Happening; readonly data: unknown };

export type Happening = 'message' | 'unreadable' | 'edit' | 'revoke' | 'reaction';

/** The little of whatsapp-web.js that the channel needs. One client is one browser; a new try is a new client. */
export interface WebClient {
  /** Starts the browser and opens WhatsApp Web; rejects when that fails. Call `destroy` all the same. */
  initialize(): Promise<void>;
  /** The platform's id of the message, or null where none was told. Rejects as the library does. */
  sendMessage(chat: string, text: string, quoted?: string): Promise<string | null>;
  /** Our own number, digits only; null until it is linked. */
  account(): string | null;
  /** Ends the browser, also one that is still starting; never rejects. */
  destroy(): Promise<void>;
}

export type OpenClient = (hear: (signal: ClientSignal) => void) => Promise<WebClient>;
