import type { Message } from '../../engine/message.ts';
import type { Session } from '../../engine/session.ts';
import type { Place } from './load.ts';
import type { Seen } from './say.ts';

/** Where a conversation stands, and what came of the last input. */
export interface State {
  session: Session | null;
  nowMs: number;
  /** The person's language; before one is known, the one the test runs in. */
  language: string;
  /** The menu that can be answered. */
  menu: Seen | null;
  messages: readonly Message[];
  /** Everything that was to be read, message by message. */
  said: readonly string[];
  /** Every step that was entered, `flow/step`. */
  steps: readonly string[];
  counts: readonly string[];
}

/** An expectation that was not met. */
export interface Difference {
  readonly at: Place;
  readonly expected: string;
  readonly actual: string;
}

/** `flow/step` where the person is; null: nowhere, the conversation is over. */
export function whereIs({ session }: State): string | null {
  const frame = session?.frames.at(-1);
  return frame ? `${frame.flow}/${frame.step}` : null;
}
