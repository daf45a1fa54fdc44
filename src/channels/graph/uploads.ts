import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { SendResult } from '../channel.ts';
import type { GraphAnswer } from './client.ts';

/** WhatsApp keeps what was uploaded for 30 days. */
const KEEP_MS = 25 * 24 * 60 * 60 * 1000;

/** As Meta wants them called; whatever else authors name is refused by `lotse check`. */
const MIME: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.mp3': 'audio/mpeg',
  '.m4a': 'audio/mp4',
  '.aac': 'audio/aac',
  '.amr': 'audio/amr',
};

export interface UploadFile {
  readonly name: string;
  readonly mime: string;
  readonly bytes: Buffer;
}

export type Uploaded =
  { readonly ok: true; readonly id: string } | { readonly ok: false; readonly result: SendResult };

/** The file that a piece of a request names instead of an address or id; null for all others, which are most. */
export function fileIn(content: unknown): string | null {
  const named = typeof content === 'object' && content !== null && 'file' in content ? content.file : null;
  return typeof named === 'string' ? named : null;
}

export interface UploadsOptions {
  /** Where files that flows name lie: `media/en/welcome.ogg` is below it. */
  readonly folder: string;
  readonly upload: (account: string, file: UploadFile) => Promise<GraphAnswer>;
  /** What becomes of the answer; `sent` with the platform's id of the file. */
  readonly result: (answer: GraphAnswer) => SendResult;
  readonly now?: () => number;
}

/** The platform's id of a file of ours, uploaded when it is first sent, and again when it changed or grew old. */
export function createUploads({
  folder,
  upload,
  result,
  now = Date.now,
}: UploadsOptions): (account: string, file: string) => Promise<Uploaded> {
  const known = new Map<string, { readonly untilMs: number; readonly uploaded: Promise<Uploaded> }>();

  const send = async (account: string, file: string): Promise<Uploaded> => {
    const bytes = await readFile(join(folder, file));
    const name = file.replace(/^.*\//u, '');
    const mime = MIME[extname(file).toLowerCase()] ?? 'application/octet-stream';
    const done = result(await upload(account, { name, mime, bytes }));
    if (done.type === 'sent' && done.platformId !== undefined) return { ok: true, id: done.platformId };
    if (done.type === 'refused') return { ok: false, result: done };
    // Nothing has reached the person yet, so that trying again doubles nothing.
    const reason = `upload: ${done.type === 'sent' ? 'no id' : done.reason}`;
    return {
      ok: false,
      result: { type: 'retry', afterMs: done.type === 'retry' ? done.afterMs : null, reason },
    };
  };

  return async (account, file) => {
    const changed = await stat(join(folder, file)).then(
      ({ mtimeMs, size }) => `${String(mtimeMs)} ${String(size)}`,
      () => null,
    );
    if (changed === null) {
      const reason = `the file ${file} is not there`;
      return { ok: false, result: { type: 'refused', reason, why: 'permanent' } };
    }
    const key = `${account} ${file} ${changed}`;
    const before = known.get(key);
    if (before && before.untilMs > now()) return before.uploaded;
    const uploaded = send(account, file);
    known.set(key, { untilMs: now() + KEEP_MS, uploaded });
    const { ok } = await uploaded;
    if (!ok) known.delete(key);
    return uploaded;
  };
}
