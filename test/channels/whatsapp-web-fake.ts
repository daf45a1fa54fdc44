import type { ClientSignal, OpenClient, WebClient } from '../../src/channels/whatsapp-web/client.ts';
import type { Ownership } from '../../src/channels/whatsapp-web/ownership.ts';
import type { Clock } from '../../src/channels/clock.ts';

/** Resolves when `condition` holds; looks every so often, with 0 whenever this process has done something else. */
export async function until(condition: () => boolean, limitMs = 10_000, everyMs = 0): Promise<void> {
  const end = Date.now() + limitMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not in time: ${condition.toString()}`);
    await new Promise((resolve) => (everyMs > 0 ? setTimeout(resolve, everyMs) : setImmediate(resolve)));
  }
}

/** Lets everything that needs no time happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export interface TestClock extends Clock {
  /** Moves on, then lets everything happen that this starts. */
  advance(ms: number): Promise<void>;
  /** How many actions wait for their time. */
  waiting(): number;
}

export function stoppedClock(nowMs = 1_800_000_000_000): TestClock {
  const due = new Set<{ atMs: number; action: () => void }>();
  return {
    now: () => nowMs,
    after: (delayMs, action) => {
      const entry = { atMs: nowMs + delayMs, action };
      due.add(entry);
      return () => due.delete(entry);
    },
    async advance(ms) {
      const end = nowMs + ms;
      for (;;) {
        const next = [...due].filter(({ atMs }) => atMs <= end).toSorted((a, b) => a.atMs - b.atMs)[0];
        if (!next) break;
        nowMs = Math.max(nowMs, next.atMs);
        due.delete(next);
        next.action();
        await settle();
      }
      nowMs = end;
      await settle();
    },
    waiting: () => due.size,
  };
}

/** One browser, as the test wants it. */
export interface FakeClient {
  readonly say: (signal: ClientSignal) => void;
  readonly sent: { readonly chat: string; readonly text: string; readonly quoted: string | undefined }[];
  failStart(error: unknown): void;
  readonly destroyed: () => boolean;
}

export interface FakeLibrary {
  readonly open: OpenClient;
  /** Every browser so far, in order. */
  readonly clients: FakeClient[];
  readonly last: () => FakeClient;
  /** What becomes of the next sends. */
  answer: (text: string) => Promise<string | null>;
  account: string | null;
  /** What opening a browser rejects with. */
  broken: unknown;
}

/** A promise that rejects with whatever a library throws, which need not be an error. */
export function rejected(thrown: unknown): Promise<never> {
  return new Promise((_resolve, reject: (thrown: unknown) => void) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- libraries do
    reject(thrown);
  });
}

export function fakeLibrary(): FakeLibrary {
  const library: FakeLibrary = {
    clients: [],
    last: () => {
      const last = library.clients.at(-1);
      if (!last) throw new Error('no browser was opened');
      return last;
    },
    answer: (text) => Promise.resolve(`true_${text}`),
    account: '4915100000000',
    broken: undefined,
    open: (hear) => {
      if (library.broken !== undefined) return rejected(library.broken);
      let destroyed = false;
      let fail: (error: unknown) => void = () => undefined;
      const sent: FakeClient['sent'] = [];
      library.clients.push({
        say: hear,
        sent,
        failStart: (error) => {
          fail(error);
        },
        destroyed: () => destroyed,
      });
      const client: WebClient = {
        initialize: () =>
          new Promise((_resolve, reject) => {
            fail = reject;
          }),
        sendMessage: (chat, text, quoted) => {
          sent.push({ chat, text, quoted });
          return library.answer(text);
        },
        account: () => library.account,
        destroy: () => {
          destroyed = true;
          return Promise.resolve();
        },
      };
      return Promise.resolve(client);
    },
  };
  return library;
}

export interface FakeOwnership extends Ownership {
  /** What acquire and renew say; an error: they reject. */
  says: boolean | Error;
  released: number;
}

export function fakeOwnership(): FakeOwnership {
  const answer = (): Promise<boolean> =>
    ownership.says instanceof Error ? Promise.reject(ownership.says) : Promise.resolve(ownership.says);
  const ownership: FakeOwnership = {
    says: true,
    released: 0,
    acquire: answer,
    renew: answer,
    release: () => {
      ownership.released += 1;
      return Promise.resolve();
    },
  };
  return ownership;
}
