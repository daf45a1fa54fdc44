import type { Message } from './message.ts';
import type { Value } from './session.ts';

/**
 * What a flow wants to know or have done before it can go on; the answer comes back as the next input
 * (`Answered`), within the same turn.
 */
export type Question =
  /** Entries of the directory: by topic, free words, and near a place (`withinKm`: 1–500). */
  | {
      readonly kind: 'search';
      readonly topic: string | null;
      readonly words: string | null;
      readonly near: Value | null;
      readonly withinKm: number | null;
      /** 1–5 */
      readonly limit: number;
      readonly language: string;
    }
  /** A live source, such as `jobs`. */
  | {
      readonly kind: 'look_up';
      readonly source: string;
      readonly values: Readonly<Record<string, Value>>;
      readonly limit: number;
      readonly language: string;
    }
  /** A referral to an organisation, to which the person has just agreed. */
  | {
      readonly kind: 'refer';
      readonly to: string;
      readonly values: Readonly<Record<string, Value>>;
      readonly language: string;
    }
  /** A person is to take over the conversation. */
  | { readonly kind: 'handoff'; readonly values: Readonly<Record<string, Value>>; readonly language: string };

/** What a turn wants done. Plain data: the engine never does anything itself. */
export type Effect =
  | { readonly type: 'send'; readonly message: Message }
  /** One event for the statistics; labels name flows and steps, never people. */
  | { readonly type: 'count'; readonly name: CountName; readonly labels: Readonly<Record<string, string>> }
  /** Comes last: the turn goes on with the answer. */
  | { readonly type: 'ask'; readonly question: Question }
  /** Everything stored about this person is to be deleted with this turn. */
  | { readonly type: 'forget' };

export type CountName =
  | 'flow_started'
  | 'flow_ended'
  | 'not_understood'
  | 'crisis'
  | 'stopped'
  | 'forgotten'
  | 'step_gone'
  | 'feedback'
  | 'nothing_found'
  | 'unavailable'
  | 'guard';
