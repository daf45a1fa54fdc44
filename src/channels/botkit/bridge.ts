import type { Server } from 'node:http';
import type { Botkit, BotWorker } from 'botkit';
import { z } from 'zod';
import type { Input } from '../../engine/input.ts';
import type { Part, SendResult } from '../channel.ts';
import type { Limits } from '../limits.ts';
import type { Choice } from '../menus.ts';
import type { Activity } from './activity.ts';

/** Bot Framework's word for one incoming activity and what is needed to answer it. */
export type Context = Parameters<Botkit['handleTurn']>[0];
export type Logic = (context: Context) => Promise<void>;
/** What an adapter needs to reach one person again: plain JSON. */
export type Reference = Parameters<BotWorker['changeContext']>[0];

/** What came in, in Lotse's words; `wants`: told the platform, not us, whether they want messages. */
export type Heard =
  | Input
  | { readonly kind: 'wants'; readonly wants: 'stop' | 'start' }
  | { readonly kind: 'ignored'; readonly reason: string };

/** An adapter that is set up, and where it differs from what adapters usually do. */
export interface Connection {
  /** Any Botkit or Bot Framework adapter. */
  readonly adapter: object;
  /**
   * Reads one webhook, answers `res` and calls `logic`; none: `adapter.processActivity(req, res, logic)`.
   * `req` and `res` are as Express has them, with `req.rawBody`.
   */
  process?(req: BridgeRequest, res: BridgeResponse, logic: Logic): Promise<unknown>;
  /** Makes the context to send in, and calls `logic` with it; none: Botkit's `bot.changeContext(reference)`. */
  resume?(reference: Reference, logic: Logic): Promise<unknown>;
  /** False: cannot be reached at the moment, the message waits. */
  reachable?(reference: Reference): boolean;
  /** What a failed send means, where the HTTP status does not tell; null: it does. */
  outcome?(error: unknown): SendResult | null;
  /** For adapters without webhook: hears whether a message was stored, as nobody waits for an HTTP answer. */
  settled?(activity: Activity, stored: boolean): void;
  /** For adapters without webhook: takes connections of `http` at `path`. */
  attach?(http: Server, path: string): void;
  /** Ends connections and timers; may be called twice, and without `attach`. */
  close?(): void;
}

/**
 * How a Botkit or Bot Framework adapter becomes the channel `botkit-<name>`. Only `name` and `create` are
 * needed; docs/bridges.md is its description for people.
 */
export interface Bridge {
  /** Small letters, digits and hyphens. Part of every conversation's identity: never rename one in use. */
  readonly name: string;
  /** Names of environment variables. Without the needed ones Lotse does not start. */
  readonly settings?: { readonly needed?: readonly string[]; readonly optional?: readonly string[] };
  /** `given`: the settings named above that are set. */
  create(given: Readonly<Record<string, string>>): Connection | Promise<Connection>;
  /** None: text only, 4096 characters, menus as numbered lines. */
  readonly limits?: Pick<Limits, 'textMax' | 'quickReplies'>;
  /** The activity that shows a text and what can be tapped below it; none: `{ text }`. Pure. */
  show?(text: string, replies: readonly Choice[]): Part;
  /** Writes our id of a message into it, so that the other side can drop what it has already. Pure. */
  stamp?(activity: Part, outbox: string): Part;
  /** None: taps, texts, attachments and places as Bot Framework writes them. Pure. */
  read?(activity: Activity): Heard;
  /** The id of an activity, the same when it is delivered again; none: `activity.id`. Pure. */
  idOf?(activity: Activity): string | undefined;
}

/** As much of an Express request as adapters look at. */
export interface BridgeRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly originalUrl: string;
  readonly protocol: string;
  /** Without port. */
  readonly hostname: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly query: Readonly<Record<string, string>>;
  /** JSON or a form, parsed; {} for anything else. */
  readonly body: unknown;
  readonly rawBody: string;
  header(name: string): string | undefined;
  get(name: string): string | undefined;
}

/** As much of an Express response as adapters use. */
export interface BridgeResponse {
  statusCode: number;
  status(code: number): BridgeResponse;
  set(name: string, value: string): BridgeResponse;
  header(name: string, value: string): BridgeResponse;
  setHeader(name: string, value: string): BridgeResponse;
  type(mime: string): BridgeResponse;
  send(body?: unknown): BridgeResponse;
  json(body: unknown): BridgeResponse;
  end(body?: unknown): BridgeResponse;
}

const functionSchema = z.custom<(...args: never[]) => unknown>(
  (value) => typeof value === 'function',
  'must be a function',
);
const namesSchema = z.array(z.string().min(1), 'must be a list of names').optional();
const charactersSchema = z.int().min(20, 'must be a whole number, 20 or more');

/** What an operator's own file exports has been written by hand: it is looked at before it is believed. */
const exportsSchema = z.object({
  name: z
    .string('must be a text')
    .regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be small letters, digits and hyphens, at most 31'),
  create: functionSchema,
  settings: z.object({ needed: namesSchema, optional: namesSchema }).optional(),
  limits: z
    .object({
      textMax: charactersSchema,
      quickReplies: z
        .object({ max: z.int().min(1), titleMax: z.int().min(1), bodyMax: charactersSchema })
        .optional(),
    })
    .optional(),
  show: functionSchema.optional(),
  stamp: functionSchema.optional(),
  read: functionSchema.optional(),
  idOf: functionSchema.optional(),
});

export type ReadBridge =
  | { readonly ok: true; readonly bridge: Bridge }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Looks at what a file exports; every mistake is named. */
export function readBridge(exported: unknown): ReadBridge {
  const parsed = exportsSchema.safeParse(exported);
  if (parsed.success && isBridge(exported)) return { ok: true, bridge: exported };
  const issues = parsed.error?.issues ?? [];
  return { ok: false, problems: issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim()) };
}

/** Types of functions cannot be seen at run time: that they keep the contract is the file's own promise. */
function isBridge(value: unknown): value is Bridge {
  return exportsSchema.safeParse(value).success;
}

/** What `create` returned. */
export function isConnection(value: unknown): value is Connection {
  return (
    typeof value === 'object' &&
    value !== null &&
    'adapter' in value &&
    typeof value.adapter === 'object' &&
    value.adapter !== null
  );
}
