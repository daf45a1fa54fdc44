import type { Log } from '../../log.ts';
import type { Clock } from '../clock.ts';
import { LEASE_MS, RENEW_MS, type Ownership } from './ownership.ts';

/** The time during which the session is ours. */
export interface Tenure {
  /** Aborted when it is ours no longer, or Lotse stops. */
  readonly lost: AbortSignal;
  /** Stops renewing and gives it back; never rejects. */
  end(): Promise<void>;
}

export interface TenureOptions {
  readonly ownership: Ownership;
  readonly clock: Clock;
  readonly log: Log;
  readonly stopping: AbortSignal;
}

/** Renews what was just acquired until it is lost, `stopping` is aborted, or `end` is called. */
export function holdTenure({ ownership, clock, log, stopping }: TenureOptions): Tenure {
  const control = new AbortController();
  let sureUntil = clock.now() + LEASE_MS;
  let cancel = (): void => undefined;

  const renew = async (): Promise<void> => {
    const at = clock.now();
    let kept: boolean;
    try {
      kept = await ownership.renew();
      if (kept) sureUntil = at + LEASE_MS;
    } catch (error) {
      // Until the lease runs out nobody else can have it; the browser needs time to end before.
      kept = clock.now() < sureUntil - RENEW_MS;
      log.warn({ err: error }, 'WhatsApp Web: the session could not be renewed');
    }
    if (control.signal.aborted) return;
    if (kept) next();
    else control.abort();
  };
  const next = (): void => {
    cancel = clock.after(RENEW_MS, () => void renew());
  };
  next();

  return {
    lost: AbortSignal.any([control.signal, stopping]),
    async end() {
      control.abort();
      cancel();
      try {
        await ownership.release();
      } catch (error) {
        log.warn({ err: error }, 'WhatsApp Web: the session could not be given back; it is free in a minute');
      }
    },
  };
}
