/**
 * Who may run the linked WhatsApp session: two browsers with one session throw each other out. A lease that runs
 * out by itself `LEASE_MS` after it was last acquired or renewed. Every method rejects only where nobody can be
 * asked (store or disk away).
 */
export interface Ownership {
  /** True: it is ours from now on, or has been all along. False: somebody else has it. */
  acquire(): Promise<boolean>;
  /** Extends what is ours by `LEASE_MS`. False: it is not ours any more; stop the browser. */
  renew(): Promise<boolean>;
  /** Lets somebody else have it at once; does nothing if it is not ours. */
  release(): Promise<void>;
}

/** Without renewal a lease ends after so long. */
export const LEASE_MS = 60_000;

/** How often a holder renews. */
export const RENEW_MS = 15_000;
