/** What the embedded store goes by. */
export interface Clock {
  /** Milliseconds since 1970; rises evenly, also while the machine's clock is set. */
  now(): number;
  /** By how much the machine's clock was set since this was last asked, ms; `now` goes by it from here on. */
  jump(): number;
}

/** Clocks that are kept right by the network wander by less; whoever sets a clock sets it by more. ms */
const WANDER_MS = 1_000;

/**
 * The machine's clock for what people are promised (reminders, how long things are kept), and an even one for leases: one
 * that ran out early would let a reply go out twice.
 */
export function evenClock(machine = Date.now, even = (): number => performance.now()): Clock {
  let origin = machine() - even();
  return {
    now: () => Math.floor(origin + even()),
    jump() {
      const by = Math.round(machine() - (origin + even()));
      if (Math.abs(by) < WANDER_MS) return 0;
      origin += by;
      return by;
    },
  };
}
