import type { Work } from '../store/store.ts';

/** From so many leases on, of which none ended well, a turn may be what ends them. */
const SUSPECT = 3;

export interface Suspects {
  /** Whether the work may begin now; whoever begins says when it has ended. */
  readonly mayBegin: (work: Work) => boolean;
  readonly ended: (work: Work) => void;
  /** Whether one had to wait since this was last asked. */
  readonly waits: () => boolean;
  /** Resolves when the next may begin. */
  readonly next: () => Promise<void>;
}

const isSuspect = ({ tries, send }: Work): boolean => send === null && tries >= SUSPECT;

/**
 * One suspect at a time: where a turn ends the process, only that turn is to blame, and not all that were leased together
 * with it, after a restart again and again the same.
 */
export function createSuspects(): Suspects {
  let current: { readonly work: Work; readonly over: Promise<void>; readonly end: () => void } | null = null;
  let hasWaited = false;
  return {
    mayBegin(work) {
      if (!isSuspect(work)) return true;
      hasWaited ||= current !== null;
      if (current) return false;
      let end = (): void => undefined;
      const over = new Promise<void>((resolve) => {
        end = resolve;
      });
      current = { work, over, end };
      return true;
    },
    ended(work) {
      if (current?.work !== work) return;
      current.end();
      current = null;
    },
    waits() {
      const waited = hasWaited;
      hasWaited = false;
      return waited;
    },
    next: () => current?.over ?? Promise.resolve(),
  };
}
