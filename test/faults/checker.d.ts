/** A message of a person. */
export interface Input {
  readonly conversation: string;
  /** 0, 1, 2 … in the order in which they were accepted. */
  readonly position: number;
  /** Unique within the conversation; without spaces. */
  readonly word: string;
  /** When it was first answered 200, ms since 1970; null: never, so that nothing is promised. */
  readonly acceptedAt: number | null;
}

/** A reply that reached the person, whatever the sender was told of it. */
export interface Delivery {
  readonly conversation: string;
  readonly outbox: string;
  readonly text: string;
  readonly at: number;
}

export interface History {
  readonly inputs: readonly Input[];
  /** In the order in which they arrived. */
  readonly deliveries: readonly Delivery[];
  /** When a node answered 200 to the status of an outbox entry. */
  readonly statuses: readonly { readonly outbox: string; readonly at: number }[];
  /** While these lasted, the last writes of a store may have died with its master; ms since 1970. */
  readonly failovers?: readonly { readonly from: number; readonly to: number }[];
  /** How long an unclear send has to wait for its status. */
  readonly graceMs: number;
}

export interface Verdict {
  /** No violation: the counts of `lost` … `doubles` are all 0. */
  readonly ok: boolean;
  readonly accepted: number;
  /** Accepted messages with a reply. */
  readonly delivered: number;
  /** Accepted messages without one. */
  readonly lost: number;
  /** Messages with two different replies. */
  readonly consumedTwice: number;
  readonly outOfOrder: number;
  /** Replies that do not follow from the message before. */
  readonly wrongMemory: number;
  /** Replies to what nobody said. */
  readonly unknown: number;
  /** Sent again though the status had been taken, or before it could have come. */
  readonly doubles: number;
  /** Sent again after the whole grace period, without any status: allowed. */
  readonly ambiguousDoubles: number;
  /** Sent again because the master that knew of it died: allowed. */
  readonly failoverDoubles: number;
  /** «Sorry that this answer comes late», once in ten minutes for each person: allowed. */
  readonly lateApologies: number;
  /** The first twenty, in words. */
  readonly findings: readonly string[];
}

export declare function judge(history: History): Verdict;
