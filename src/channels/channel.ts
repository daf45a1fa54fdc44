import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Input, Media } from '../engine/input.ts';
import type { Message } from '../engine/message.ts';

/** What a channel needs to reach one person again, e.g. `{ phone: '+49…' }`; opaque to everyone else. */
export const addressSchema = z.record(z.string(), z.string());
export type Address = z.infer<typeof addressSchema>;

/** One request's worth of a message, in the channel's own words; plain JSON, kept in the outbox. */
export const partSchema = z.record(z.string(), z.unknown());
export type Part = z.infer<typeof partSchema>;

/** Who sent it, to which of our accounts, and when. */
export interface Origin {
  /** The platform's id of this event; the same again when it is redelivered. */
  readonly id: string;
  /** Our phone number id, page id, or `local`. */
  readonly account: string;
  /** What names the person to people reading a log of `lotse explain`: phone number, BSUID or PSID. */
  readonly from: string;
  /** What names the conversation for good; differs from `from` where a platform has a steadier id. */
  readonly user: string;
  readonly address: Address;
  /** Milliseconds since 1970, by the platform's clock; 0 where it gave none. */
  readonly at: number;
}

/** A person did something that deserves an answer. */
export type Turn = Origin & Input;

/** What happened to something Lotse sent. `outbox` is our own outbox id, where the platform returned it. */
export interface Receipt {
  readonly kind: 'status' | 'echo';
  readonly id: string;
  readonly account: string;
  /** Whom it concerns, or who sent the echo; as in `Origin`, where the platform told. */
  readonly from?: string;
  readonly at: number;
  readonly outbox?: string;
  /** sent, delivered, read, failed, played …; unknown words are kept as they are. */
  readonly status: string;
  /** The platform's id of the message it speaks of. */
  readonly target: string;
  readonly error?: { readonly code: number; readonly title: string };
}

/** Understood, and deliberately not a turn: no answer follows. */
export type Quiet =
  | (Origin & { readonly kind: 'reaction'; readonly emoji: string; readonly target: string })
  | (Origin & {
      readonly kind: 'system';
      readonly change: string;
      /** The person is to be found there from now on: `user` and `address` as in `Origin`. */
      readonly moved?: { readonly user: string; readonly address: Address };
      /** Told the platform, not us: whether they want messages. */
      readonly wants?: 'stop' | 'start';
    })
  | { readonly kind: 'ignored'; readonly reason: string };

export type ChannelEvent = Turn | Receipt | Quiet;

/** One webhook body, read. `reject`: not of the platform's shape at all; still answered 200, nothing stored. */
export type Reading =
  | { readonly outcome: 'accept' | 'ignore'; readonly events: readonly ChannelEvent[] }
  | { readonly outcome: 'reject'; readonly events: readonly []; readonly reason: string };

/** How one send ended. `unclear`: it may have arrived (time-out, connection lost after the request). */
export type SendResult =
  | { readonly type: 'sent'; readonly platformId?: string }
  /** `growth`: by how much each further wait is longer; 2 if not given. */
  | {
      readonly type: 'retry';
      readonly afterMs: number | null;
      readonly growth?: number;
      readonly reason: string;
    }
  | { readonly type: 'unclear'; readonly reason: string }
  | { readonly type: 'refused'; readonly reason: string; readonly why: 'permanent' | 'window' | 'opt-out' };

/**
 * Takes what a webhook brought. Resolves when all of it is stored durably (then answer 200) and rejects when
 * the store cannot be reached (the server answers 503, so that the platform delivers again).
 */
export type Receive = (events: readonly ChannelEvent[]) => Promise<void>;

/** Somebody to send to, and the account of ours that speaks with them. */
export interface Recipient {
  readonly account: string;
  readonly address: Address;
  /** The platform's id of the person's message that is answered, where it is not plain which. */
  readonly replyTo?: string | undefined;
}

/** A picture, recording or document that a person sent, fetched. */
export type Fetched =
  | { readonly type: 'fetched'; readonly mime: string; readonly bytes: Buffer }
  | { readonly type: 'refused'; readonly reason: string };

export interface Channel {
  /** Also the first word of the conversation's identity: never rename one in use. */
  readonly name: string;
  /** How long after a person's last message anything may be sent; none: always. ms */
  readonly windowMs?: number;
  /** Pure: the same message becomes the same parts, in order. At least one part. */
  render(message: Message): readonly Part[];
  /** The approved template that says a message outside the window; null: it has none. Pure. */
  renderTemplate?(message: Message): Part | null;
  /** Sends one part; never throws for what the platform or the network does. `outbox` is at most 100 characters. */
  send(to: Recipient, part: Part, outbox: string): Promise<SendResult>;
  /** Lets the person see that their message `inbound` is read and an answer on its way; never rejects. */
  acting?(to: Recipient, inbound: string): Promise<void>;
  /** Fetches what a person sent, on demand; never rejects. */
  fetch?(account: string, media: Media): Promise<Fetched>;
  /** Adds the channel's own routes, if it is reached over HTTP. */
  routes?(app: FastifyInstance, receive: Receive): void;
  close?(): Promise<void>;
}
