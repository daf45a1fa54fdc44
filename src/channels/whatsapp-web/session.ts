import type { Log } from '../../log.ts';
import type { Clock } from '../clock.ts';
import type { OpenClient, WebClient } from './client.ts';
import { reasonOf } from './errors.ts';
import type { Ownership } from './ownership.ts';
import { pause } from './pause.ts';
import { holdTenure, type Tenure } from './tenure.ts';

/** Who has the session is asked again after so long. */
const ELSEWHERE_MS = 15_000;
/** After a failure, doubled for each further one. */
const BACKOFF_MS = { first: 1_000, most: 300_000 };
/** Whoever was ready for so long starts over with the first wait. */
const STABLE_MS = 60_000;
/** Without any sign of life for so long a start has failed: the library itself would wait forever. */
const START_MS = 180_000;
/** WhatsApp stops renewing the code after a while without saying so; a new browser gets a new one. */
const QR_MS = 120_000;

export type SessionState =
  | { readonly state: 'starting' | 'ready' | 'elsewhere' | 'off' }
  | { readonly state: 'qr'; readonly code: string }
  | { readonly state: 'waiting'; readonly reason: string };

export interface SessionOptions {
  readonly open: OpenClient;
  readonly ownership: Ownership;
  readonly clock: Clock;
  readonly log: Log;
  /** Called with every new code. */
  readonly showQr: (code: string) => void;
}

export interface Session {
  /** Begins to keep a browser running; returns at once. */
  start(): void;
  /** `since`: milliseconds since 1970 at which this state began. */
  status(): SessionState & { readonly since: number };
  /** The client that can send now; null if there is none. */
  client(): WebClient | null;
  /** Ends the browser and gives the session back; never rejects. */
  stop(): Promise<void>;
}

/** Keeps one browser linked to WhatsApp, as long as this process owns the session. */
export function createSession({ open, ownership, clock, log, showQr }: SessionOptions): Session {
  let current: SessionState & { readonly since: number } = { state: 'off', since: clock.now() };
  let usable: WebClient | null = null;
  let running: Promise<void> | null = null;
  const stopping = new AbortController();

  const become = (next: SessionState): void => {
    current = { ...next, since: next.state === current.state ? current.since : clock.now() };
  };

  /** Runs one browser until it ends; resolves to why, and how long it was ready. ms */
  const oneBrowser = async (tenure: Tenure): Promise<{ reason: string; readyMs: number }> => {
    const ready: { since: number | null } = { since: null };
    let forget = (): void => undefined;
    let client: WebClient | null = null;
    const over = new AbortController();
    const end = (reason: string): void => {
      over.abort(reason);
    };
    const watch = (delayMs: number, reason: string): void => {
      forget();
      forget = clock.after(delayMs, () => {
        end(reason);
      });
    };
    become({ state: 'starting' });
    watch(START_MS, 'WhatsApp Web did not open in time');
    try {
      client = await open((signal) => {
        if (over.signal.aborted) return;
        switch (signal.type) {
          case 'qr':
            become({ state: 'qr', code: signal.code });
            showQr(signal.code);
            watch(QR_MS, 'the code was not scanned in time');
            break;
          case 'progress':
            if (ready.since !== null) break;
            if (current.state !== 'starting') become({ state: 'starting' });
            watch(START_MS, 'WhatsApp Web did not get ready in time');
            break;
          case 'ready':
            forget();
            if (ready.since !== null) break;
            ready.since = clock.now();
            usable = client;
            become({ state: 'ready' });
            log.info('WhatsApp Web is ready');
            break;
          case 'ended':
            end(signal.reason);
            break;
          case 'message':
          case 'unreadable':
          case 'edit':
          case 'revoke':
          case 'reaction':
            break;
        }
      });
      // Opening takes its time, in which Lotse may have been stopped.
      if (!tenure.lost.aborted)
        client.initialize().catch((error: unknown) => {
          end(reasonOf(error));
        });
      await aborted(over.signal, tenure.lost);
    } catch (error) {
      end(reasonOf(error));
    }
    forget();
    usable = null;
    const readyMs = ready.since === null ? 0 : clock.now() - ready.since;
    if (!over.signal.aborted) end('stopped');
    await client?.destroy();
    return { reason: String(over.signal.reason), readyMs };
  };

  /** One browser after the other, until the session is lost or Lotse stops. */
  const keepRunning = async (tenure: Tenure): Promise<void> => {
    const isLost = (): boolean => tenure.lost.aborted;
    for (let failures = 0; !isLost();) {
      const { reason, readyMs } = await oneBrowser(tenure);
      if (isLost()) return;
      failures = readyMs >= STABLE_MS ? 1 : failures + 1;
      const waitMs = Math.min(BACKOFF_MS.first * 2 ** (failures - 1), BACKOFF_MS.most);
      become({ state: 'waiting', reason });
      log.warn({ reason, waitMs }, 'WhatsApp Web is not connected; it is tried again');
      await pause(clock, waitMs, tenure.lost);
    }
  };

  const run = async (): Promise<void> => {
    const isStopping = (): boolean => stopping.signal.aborted;
    while (!isStopping()) {
      let owned = false;
      try {
        owned = await ownership.acquire();
        if (!owned) become({ state: 'elsewhere' });
      } catch (error) {
        const reason = `nobody can tell who has the session: ${reasonOf(error)}`;
        become({ state: 'waiting', reason });
        log.warn({ err: error }, 'WhatsApp Web: nobody can tell who has the session');
      }
      if (!owned) {
        await pause(clock, ELSEWHERE_MS, stopping.signal);
        continue;
      }
      const tenure = holdTenure({ ownership, clock, log, stopping: stopping.signal });
      await keepRunning(tenure);
      await tenure.end();
      if (!isStopping()) {
        become({ state: 'elsewhere' });
        log.warn('WhatsApp Web: another process has the session');
        await pause(clock, ELSEWHERE_MS, stopping.signal);
      }
    }
  };

  return {
    start() {
      running ??= run().catch((error: unknown) => {
        become({ state: 'waiting', reason: `it has stopped: ${reasonOf(error)}` });
        log.error({ err: error }, 'WhatsApp Web has stopped; restart Lotse');
      });
    },
    status: () => current,
    client: () => usable,
    async stop() {
      stopping.abort();
      await running;
      become({ state: 'off' });
    },
  };
}

/** Resolves when one of them is aborted. */
function aborted(...signals: readonly AbortSignal[]): Promise<void> {
  const any = AbortSignal.any([...signals]);
  return new Promise((resolve) => {
    if (any.aborted) resolve();
    any.addEventListener('abort', () => {
      resolve();
    });
  });
}
