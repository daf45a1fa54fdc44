import { SEEN_MS } from './store.ts';

/** Seen ids of a conversation, packed: 8 bytes of id, 4 of when it came (s, little endian); oldest first. */
const RECORD_BYTES = 12;
const ID_BYTES = 8;

const seconds = (ms: number): number => Math.floor(ms / 1000);

function firstFresh(packed: Buffer, nowMs: number): number {
  let at = 0;
  while (at < packed.length && seconds(nowMs) - packed.readUInt32LE(at + ID_BYTES) > SEEN_MS / 1000)
    at += RECORD_BYTES;
  return at;
}

export function isSeen(packed: Buffer, id: Buffer, nowMs: number): boolean {
  let at = packed.indexOf(id, firstFresh(packed, nowMs));
  while (at !== -1 && at % RECORD_BYTES !== 0) at = packed.indexOf(id, at + 1);
  return at !== -1;
}

/** With this id added, without those that are too old. */
export function remember(packed: Buffer, id: Buffer, nowMs: number): Buffer {
  const record = Buffer.alloc(RECORD_BYTES);
  id.copy(record, 0, 0, ID_BYTES);
  record.writeUInt32LE(seconds(nowMs), ID_BYTES);
  return Buffer.concat([packed.subarray(firstFresh(packed, nowMs)), record]);
}

/** Until when the newest of them is remembered, ms since 1970; 0 when there is none. */
export function lastSeenMs(packed: Buffer): number {
  return packed.length === 0 ? 0 : packed.readUInt32LE(packed.length - 4) * 1000 + SEEN_MS + 1000;
}
