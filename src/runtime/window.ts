import type { Channel } from '../channels/channel.ts';
import type { Conversation } from './records.ts';

/** A send may wait a little for others before it. */
const MARGIN_MS = 60_000;

/** Whether the platform takes any message to somebody who last wrote then; else templates at most. */
export function isOpen({ windowMs }: Channel, heardMs: number, nowMs: number): boolean {
  return windowMs === undefined || nowMs < heardMs + windowMs - MARGIN_MS;
}

/**
 * When the next reminder can be given, ms since 1970; null: never, or not before the person writes again, which
 * opens the window. A channel that is off keeps its reminders waiting.
 */
export function nextReminderMs(
  stored: Conversation | null,
  channel: Channel | null | undefined,
  nowMs: number,
): number | null {
  const reminders = stored?.session.reminders ?? [];
  if (!stored || !channel || isOpen(channel, stored.heardMs, nowMs)) return reminders[0]?.at ?? null;
  const sayable = reminders.filter(({ template }) => template && 'renderTemplate' in channel);
  return sayable[0]?.at ?? null;
}
