import type { SendResult } from '../channels/channel.ts';
import type { CountName } from '../engine/effect.ts';
import type { Accepted } from '../store/store.ts';

/** How one attempt to send ended, as it is counted. `paced`: kept back, as the platform's limits demand. */
export type SendOutcome = 'sent' | 'retry' | 'paced' | 'unclear' | 'permanent' | 'window' | 'opt-out';

/** `lost`: somebody else had the conversation by then, and runs the turn again. */
export type TurnOutcome = 'committed' | 'lost';

export type Stored = 'session' | 'message' | 'reply';

/** What is watched while it runs; a closed list, for each is a name in somebody's tracing system. */
export type SpanName = 'receive' | 'turn' | 'send';

/**
 * What the runtime tells whoever watches it. Called on every message, so nothing here may wait, throw or cost much;
 * channels, flows and outcomes may be named, people never. Durations are seconds.
 */
export interface Meter {
  /** A webhook was answered. `path` is its route, not its address. */
  webhook(path: string, status: number, seconds: number): void;
  /** A message was offered to the store. */
  accepted(channel: string, outcome: Accepted['type']): void;
  /** A turn reached the store; `seconds` from its begin. */
  turned(outcome: TurnOutcome, seconds: number): void;
  sent(channel: string, outcome: SendOutcome, seconds: number): void;
  /** A reply that could not be sent for a day is given up. */
  givenUp(channel: string): void;
  /** Something stored cannot be read, and is passed over: it was sealed with another secret, or is damaged. */
  unreadable(what: Stored): void;
  /** The first reply to a message that found its conversation idle has arrived; `seconds` since it was received. */
  replied(seconds: number): void;
  /** What flows count: `labels` name flows and steps. */
  counted(name: CountName, labels: Readonly<Record<string, string>>): void;
  leaseLost(): void;
  /** Work was left to the sweep: the store could not be reached, or something is wrong here. */
  interrupted(during: 'work' | 'sweep', cause: 'store' | 'fault'): void;
  /** How many conversations this process works on now. */
  holds(conversations: number): void;
  /** Runs `run`, and lets a tracing system see how long it took; `ended` says in a word how. `channel` may be ''. */
  readonly span: <T>(
    name: SpanName,
    channel: string,
    run: () => Promise<T>,
    ended?: (result: T) => string,
  ) => Promise<T>;
}

const nothing = (): void => undefined;

/** Nobody watches. */
export const noMeter: Meter = {
  webhook: nothing,
  accepted: nothing,
  turned: nothing,
  sent: nothing,
  givenUp: nothing,
  unreadable: nothing,
  replied: nothing,
  counted: nothing,
  leaseLost: nothing,
  interrupted: nothing,
  holds: nothing,
  span: (_name, _channel, run) => run(),
};

/** What a result of a channel counts as. */
export function outcomeOf(result: SendResult): SendOutcome {
  switch (result.type) {
    case 'sent':
    case 'unclear':
      return result.type;
    case 'retry':
      return result.reason === 'pace' ? 'paced' : 'retry';
    case 'refused':
      return result.why;
  }
}

/** Seconds since `performance.now()` gave `sinceMs`: unmoved by clocks that are set. */
export function secondsSince(sinceMs: number): number {
  return (performance.now() - sinceMs) / 1000;
}
