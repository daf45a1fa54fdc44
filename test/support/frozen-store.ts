import { evenClock } from '../../src/store/embedded-clock.ts';
import { createEmbeddedStore } from '../../src/store/embedded.ts';
import type { Store } from '../../src/store/store.ts';

/** An embedded store that goes by the test's clock; `now`: ms since 1970. */
export function openFrozenStore(folder: string, now: () => number): Promise<Store> {
  return createEmbeddedStore({ folder, leaseMs: 30_000, clock: evenClock(now, now) });
}
