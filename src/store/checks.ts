import type { Arrival, Commit } from './store.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const LONGEST_ID = 100;

/** Never earlier than asked. Throws RangeError for what is no time at all. */
export function inWhole(ms: number): number {
  if (!Number.isFinite(ms)) throw new RangeError(`${String(ms)} is no time in milliseconds`);
  return Math.max(0, Math.ceil(ms));
}

const ID_BYTES = 8;

/** Throws RangeError when the id is no keyed hash: such an arrival is a bug. */
export function checkArrival({ id }: Arrival): void {
  if (id.length !== ID_BYTES)
    throw new RangeError(`the id of an arrival has ${String(id.length)} bytes; it must have 8`);
}

/** Throws RangeError when a commit breaks the contract, before anything is written: such a commit is a bug. */
export function checkCommit({ session, keepMs, consumed, outbox }: Commit): void {
  if (session !== null && !(Number.isInteger(keepMs) && keepMs >= 1 && keepMs <= 400 * DAY_MS))
    throw new RangeError(`keepMs is ${String(keepMs)}; it must be a whole number from 1 ms to 400 days`);
  if (!Number.isInteger(consumed) || consumed < 0)
    throw new RangeError(`consumed is ${String(consumed)}; it must be a whole number from 0 up`);
  const bad = outbox.find(({ id }) => id.length < 1 || Buffer.byteLength(id) > LONGEST_ID);
  if (bad) throw new RangeError(`the outbox id '${bad.id}' must have 1 to ${String(LONGEST_ID)} characters`);
}
