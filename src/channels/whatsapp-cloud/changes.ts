import { z } from 'zod';
import type { ChannelEvent, Quiet } from '../channel.ts';
import { derivedId, idSchema, milliseconds, numberSchema, textSchema } from '../graph/json.ts';
import { isBsuid, personOf, type Contact, type Person, type Sender } from './person.ts';

type Moved = NonNullable<Extract<Quiet, { kind: 'system' }>['moved']>;

/** The system messages after which a person is found elsewhere; the last is what older accounts say. */
const MOVES = new Set(['user_changed_number', 'user_changed_user_id', 'customer_changed_number']);

/** Meta's own end of the sentence. What stands before it holds a name that people choose themselves. */
const FROM_TO = / changed from (\S+) to \S+$/u;

const systemSchema = z.object({
  system: z.object({
    type: textSchema,
    body: textSchema,
    customer: idSchema,
    wa_id: idSchema,
    new_wa_id: idSchema,
    user_id: idSchema,
    parent_user_id: idSchema,
  }),
});

/** Who moved, as they were until then, and where they are found from now on, if both are told. */
export interface Move {
  readonly person: Person;
  readonly moved?: Moved;
}

/**
 * Reads a system message about a new number or a new BSUID; null for any other. `system` names the new ones, the
 * message the old number, and an old BSUID stands in the sentence only.
 */
export function moveOf(message: unknown, sender: Sender): Move | null {
  const parsed = systemSchema.safeParse(message);
  if (!parsed.success || !MOVES.has(parsed.data.system.type ?? '')) return null;
  const { body = '', customer, wa_id, new_wa_id, user_id, parent_user_id } = parsed.data.system;
  const next = personOf(
    { from: new_wa_id ?? wa_id, from_user_id: user_id, from_parent_user_id: parent_user_id },
    [],
  );
  const told = FROM_TO.exec(body)?.[1] ?? '';
  const given = sender.from_user_id === user_id ? undefined : sender.from_user_id;
  const old = personOf(
    {
      from: customer ?? sender.from ?? (/^\+?\d{5,}$/u.test(told) ? told : undefined),
      from_user_id: given ?? (isBsuid(told) ? told : undefined),
      from_parent_user_id:
        sender.from_parent_user_id === parent_user_id ? undefined : sender.from_parent_user_id,
    },
    [],
  );
  if (!old) return next && { person: next };
  const from = sender.from?.replace(/^\+/u, '') ?? old.from;
  return { person: { ...old, from }, ...movedTo(old, next) };
}

const pairSchema = z.object({ previous: idSchema, current: idSchema });
const updateSchema = pairSchema.extend({
  wa_id: idSchema,
  user_id: pairSchema.optional().catch(undefined),
  parent_user_id: pairSchema.optional().catch(undefined),
  timestamp: numberSchema,
});

/** Reads one item of the field `user_id_update`: a person's BSUID is another one from now on. */
export function readUpdate(item: unknown, account: string, contacts: readonly Contact[]): ChannelEvent {
  const parsed = updateSchema.safeParse(item);
  if (!parsed.success) return { kind: 'ignored', reason: 'broken user_id_update' };
  const { wa_id: from, parent_user_id: parent, timestamp } = parsed.data;
  const own = parsed.data.user_id ?? parsed.data;
  const old = personOf({ from, from_user_id: own.previous, from_parent_user_id: parent?.previous }, contacts);
  if (!old) return { kind: 'ignored', reason: 'user_id_update without a person' };
  const next = personOf({ from, from_user_id: own.current, from_parent_user_id: parent?.current }, contacts);
  const at = milliseconds(timestamp, 1000);
  const change = 'user_id_update';
  const id = derivedId(account, change, old.user, next?.user ?? '', at);
  return { kind: 'system', change, id, account, ...old, at, ...movedTo(old, next) };
}

const preferenceSchema = z.object({
  wa_id: idSchema,
  user_id: idSchema,
  parent_user_id: idSchema,
  category: textSchema,
  value: z.enum(['stop', 'resume']),
  timestamp: numberSchema,
});

/** Reads one item of the field `user_preferences`: what a person told WhatsApp about messages of ours. */
export function readPreference(item: unknown, account: string, contacts: readonly Contact[]): ChannelEvent {
  const parsed = preferenceSchema.safeParse(item);
  if (!parsed.success || (parsed.data.category ?? 'marketing_messages') !== 'marketing_messages')
    return { kind: 'ignored', reason: 'another user_preference than stop or resume' };
  const { wa_id: from, user_id: from_user_id, parent_user_id: from_parent_user_id } = parsed.data;
  const person = personOf({ from, from_user_id, from_parent_user_id }, contacts);
  if (!person) return { kind: 'ignored', reason: 'user_preference without a person' };
  const at = milliseconds(parsed.data.timestamp, 1000);
  const change = 'user_preferences';
  const id = derivedId(account, change, person.user, parsed.data.value, at);
  const wants = parsed.data.value === 'stop' ? 'stop' : 'start';
  return { kind: 'system', change, id, account, ...person, at, wants };
}

/**
 * A conversation that a BSUID names keeps that name where only the number is said to be new: the new BSUID
 * comes in an event of its own, and must find the conversation then.
 */
function movedTo(old: Person, next: Person | null): { readonly moved?: Moved } {
  if (!next) return {};
  const isKept = old.address['recipient'] !== undefined && next.address['recipient'] === undefined;
  const user = isKept ? old.user : next.user;
  if (user === old.user && next.address['phone'] === old.address['phone']) return {};
  return { moved: { user, address: next.address } };
}
