import { z } from 'zod';
import type { Input } from '../../engine/input.ts';
import type { ChannelEvent, Quiet, Receipt } from '../channel.ts';
import { derivedId, idSchema, itemsSchema, milliseconds, numberSchema, textSchema } from '../graph/json.ts';
import { messageInput, messageSchema, postbackInput, postbackSchema } from './content.ts';

const deliverySchema = z.object({ mids: itemsSchema, watermark: numberSchema });
const readSchema = z.object({ watermark: numberSchema });
const reactionSchema = z.object({ mid: idSchema, action: textSchema, emoji: textSchema });
const referralSchema = z.object({ ref: textSchema });
/** Around one item of `messaging[]`: the page, the person if one is named, and the time. */
interface Envelope {
  readonly account: string;
  readonly person: string | undefined;
  readonly at: number;
}

type Read = (content: unknown, envelope: Envelope) => readonly ChannelEvent[];

const reading =
  <Schema extends z.ZodType>(
    schema: Schema,
    make: (content: z.output<Schema>, envelope: Envelope) => readonly ChannelEvent[],
  ): Read =>
  (content, envelope) => {
    const parsed = schema.safeParse(content);
    return parsed.success ? make(parsed.data, envelope) : [ignored('broken item')];
  };

/** What is said about a chat or a page, not in it. A policy notice has no sender: it concerns the page. */
const notice =
  (name: string): Read =>
  (_, envelope) =>
    quiet(envelope, envelope.person ?? (envelope.account || undefined), {
      kind: 'system',
      change: name.replaceAll('-', '_'),
    });

const NOTICES = [
  'account_linking',
  'app_roles',
  'branded_camera',
  'game_play',
  'message_edit',
  'message_request',
  'messaging_feedback',
  'optin',
  'pass_thread_control',
  'payment',
  'policy_enforcement',
  'policy-enforcement',
  'pre_checkout',
  'request_thread_control',
  'take_thread_control',
];

/** One line a key of section 5 of the platform's facts; the first that an item has decides. */
const KEYS: readonly (readonly [string, Read])[] = [
  [
    'message',
    reading(messageSchema, (message, envelope) =>
      message.is_echo === true
        ? [echo(message, envelope)]
        : turn(envelope, message.mid, messageInput(message)),
    ),
  ],
  [
    'postback',
    reading(postbackSchema, (postback, envelope) => turn(envelope, postback.mid, postbackInput(postback))),
  ],
  [
    'referral',
    reading(referralSchema, ({ ref = '' }, envelope) => turn(envelope, undefined, { kind: 'entry', ref })),
  ],
  [
    'delivery',
    reading(deliverySchema, ({ mids, watermark }, envelope) => {
      const targets = mids.flatMap((mid) => idSchema.parse(mid) ?? []);
      return (targets.length > 0 ? targets : ['']).map((target) =>
        receipt(envelope, 'delivered', target, watermark),
      );
    }),
  ],
  ['read', reading(readSchema, ({ watermark }, envelope) => [receipt(envelope, 'read', '', watermark)])],
  [
    'reaction',
    reading(reactionSchema, ({ mid = '', action, emoji = '' }, envelope) =>
      quiet(envelope, envelope.person, {
        kind: 'reaction',
        emoji: action === 'unreact' ? '' : emoji,
        target: mid,
      }),
    ),
  ],
  ...NOTICES.map((name): readonly [string, Read] => [name, notice(name)]),
];

/** What one item of `messaging[]` tells; its envelope is read already. */
export function eventsOf(
  item: Readonly<Record<string, unknown>>,
  envelope: Envelope,
): readonly ChannelEvent[] {
  const known = KEYS.find(([key]) => item[key] !== undefined && item[key] !== null);
  if (!known) return [ignored('unknown event')];
  const [key, read] = known;
  return read(item[key], envelope);
}

function turn(envelope: Envelope, id: string | undefined, input: Input): readonly ChannelEvent[] {
  const { account, person, at } = envelope;
  if (person === undefined) return [ignored('message without sender')];
  const known = id ?? derivedId(account, person, at, JSON.stringify(input));
  return [{ id: known, account, from: person, user: person, address: { psid: person }, at, ...input }];
}

type Unasked = { kind: 'reaction'; emoji: string; target: string } | { kind: 'system'; change: string };

function quiet({ account, at }: Envelope, person: string | undefined, what: Unasked): readonly Quiet[] {
  if (person === undefined) return [ignored(`${what.kind} without sender`)];
  const id = derivedId(account, person, at, JSON.stringify(what));
  return [{ id, account, from: person, user: person, address: { psid: person }, at, ...what }];
}

/** What a page sent itself: Lotse's own messages carry the outbox id as `metadata`, a colleague's do not. */
function echo({ mid, metadata }: z.infer<typeof messageSchema>, { account, person, at }: Envelope): Receipt {
  return {
    kind: 'echo',
    id: mid ?? derivedId(account, at, 'echo', metadata ?? ''),
    account,
    ...(person === undefined ? {} : { from: person }),
    at,
    status: 'sent',
    target: mid ?? '',
    ...(metadata === undefined || metadata === '' ? {} : { outbox: metadata }),
  };
}

/** A watermark speaks of every earlier message, hence of none by id. */
function receipt(
  { account, person, at }: Envelope,
  status: string,
  target: string,
  watermark: number | undefined,
): Receipt {
  const id =
    target === '' ? derivedId(account, person ?? '', watermark ?? at, status) : `${target}.${status}`;
  return {
    kind: 'status',
    id,
    account,
    ...(person === undefined ? {} : { from: person }),
    at: at || milliseconds(watermark, 1),
    status,
    target,
  };
}

export function ignored(reason: string): Quiet {
  return { kind: 'ignored', reason };
}
