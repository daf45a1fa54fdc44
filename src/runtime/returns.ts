import type { Lease, Store } from '../store/store.ts';

/** A lease runs out by itself in the end; so long, giving it back brings it forward. */
const WORTH_MS = 30_000;

export interface Returns {
  /** To be called only where nothing was sent since the store last answered. */
  readonly owe: (lease: Lease) => void;
  /** Gives back what is owed, if the store answers; rejects with StoreUnavailable if not. */
  readonly pay: () => Promise<void>;
}

/**
 * Leases whose turn was interrupted because the store was away: given back as soon as it answers, they count as no try
 * of the turn, and nobody waits until they run out.
 */
export function createReturns(store: Pick<Store, 'release'>): Returns {
  let owed: { readonly lease: Lease; readonly untilMs: number }[] = [];
  return {
    owe: (lease) => void owed.push({ lease, untilMs: performance.now() + WORTH_MS }),
    async pay() {
      const nowMs = performance.now();
      owed = owed.filter(({ untilMs }) => untilMs > nowMs);
      // One after another: while the store is still away, the first one finds out.
      for (let next = owed.shift(); next; next = owed.shift()) {
        try {
          await store.release(next.lease);
        } catch (error) {
          owed.unshift(next);
          throw error;
        }
      }
    },
  };
}
