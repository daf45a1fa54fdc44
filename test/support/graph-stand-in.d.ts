/** One call to `/{version}/{id}/messages`, in order of arrival. */
export interface SentRequest {
  readonly path: string;
  readonly authorization?: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read whatever was sent
  readonly body: any;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What becomes of one coming call; without `status` it is answered like a good one. */
export interface PlannedAnswer {
  /** For so many calls; 1 if not given. */
  readonly times?: number;
  readonly status?: number;
  /** A string is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly delayMs?: number;
  /** `request`: the connection is cut once the request is read; `answer`: in the middle of the answer. */
  readonly hangUp?: 'request' | 'answer';
}

export interface GraphStandIn {
  readonly url: string;
  sent(): Promise<SentRequest[]>;
  /** How many `sent` would give. */
  count(): Promise<number>;
  /** Plans the answers to the next calls, one after the other; then all is good again. */
  next(...answers: PlannedAnswer[]): Promise<void>;
  /** Forgets what was sent and planned. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export declare function startGraphStandIn(): Promise<GraphStandIn>;
