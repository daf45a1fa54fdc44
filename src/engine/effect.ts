import type { Message } from './message.ts';

/** What a turn wants done. Plain data: the engine never does anything itself. */
export type Effect =
  | { readonly type: 'send'; readonly message: Message }
  /** One event for the statistics; labels name flows and steps, never people. */
  | { readonly type: 'count'; readonly name: CountName; readonly labels: Readonly<Record<string, string>> }
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
  | 'guard';
