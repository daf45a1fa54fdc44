/** Time as a value, so that tests need not wait. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `action` once, `delayMs` from now, unless the returned function is called before. */
  after(delayMs: number, action: () => void): () => void;
}

/** The machine's own; a waiting action keeps no process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs).unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
