const MB = 1024 * 1024;

/**
 * The most that is taken, in bytes: WhatsApp's own limits, but documents (100 MB there) only to 25 MB, for they are
 * held in memory.
 */
const BYTES_MAX = { image: 5 * MB, audio: 16 * MB, video: 16 * MB, document: 25 * MB } as const;
const STICKER_BYTES_MAX = 512_000;

type Kind = keyof typeof BYTES_MAX;

/** How a file of a type begins; `at`: after so many bytes. */
interface Start {
  readonly bytes: Buffer;
  readonly at?: number;
}

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
const ZIP: readonly Start[] = [{ bytes: ascii('PK\x03\x04') }];
const OLE: readonly Start[] = [{ bytes: Buffer.from('d0cf11e0a1b11ae1', 'hex') }];
const RIFF: readonly Start[] = [{ bytes: ascii('RIFF') }, { bytes: ascii('WEBP'), at: 8 }];
const OFFICE = 'application/vnd.openxmlformats-officedocument.';
const OPEN = 'application/vnd.oasis.opendocument.';

/** All that is taken: what WhatsApp takes, and open documents. Types with a known beginning must have it. */
const TYPES: ReadonlyMap<string, { readonly kind: Kind; readonly starts: readonly Start[] }> = new Map(
  (
    [
      ['image/jpeg', 'image', [{ bytes: Buffer.from('ffd8ff', 'hex') }]],
      ['image/png', 'image', [{ bytes: ascii('\x89PNG\r\n\x1a\n') }]],
      ['image/webp', 'image', RIFF],
      ['audio/ogg', 'audio', [{ bytes: ascii('OggS') }]],
      ['audio/mpeg', 'audio', []],
      ['audio/mp4', 'audio', []],
      ['audio/aac', 'audio', []],
      ['audio/amr', 'audio', []],
      ['video/mp4', 'video', []],
      ['video/3gpp', 'video', []],
      ['application/pdf', 'document', [{ bytes: ascii('%PDF-') }]],
      ['text/plain', 'document', []],
      ['application/msword', 'document', OLE],
      ['application/vnd.ms-excel', 'document', OLE],
      ['application/vnd.ms-powerpoint', 'document', OLE],
      [`${OFFICE}wordprocessingml.document`, 'document', ZIP],
      [`${OFFICE}spreadsheetml.sheet`, 'document', ZIP],
      [`${OFFICE}presentationml.presentation`, 'document', ZIP],
      [`${OPEN}text`, 'document', ZIP],
      [`${OPEN}spreadsheet`, 'document', ZIP],
      [`${OPEN}presentation`, 'document', ZIP],
    ] as const
  ).map(([mime, kind, starts]) => [mime, { kind, starts }]),
);

/** `image/JPEG; q=1` -> `image/jpeg`; '' for what is no type at all. */
export function essence(type: string | undefined): string {
  const [first = ''] = (type ?? '').split(';');
  const name = first.trim().toLowerCase();
  return /^[a-z]+\/[a-z0-9.+-]{1,90}$/u.test(name) ? name : '';
}

/** The most bytes that are taken of a type (an `essence`); null: none of it is. */
export function bytesMax(mime: string, sticker: boolean): number | null {
  const type = TYPES.get(mime);
  if (!type) return null;
  return sticker ? Math.min(STICKER_BYTES_MAX, BYTES_MAX[type.kind]) : BYTES_MAX[type.kind];
}

/** Whether a file begins as its type says; true for types that have no beginning of their own. */
export function beginsAs(mime: string, bytes: Buffer): boolean {
  const starts = TYPES.get(mime)?.starts ?? [];
  return starts.every(({ bytes: start, at = 0 }) => bytes.subarray(at, at + start.length).equals(start));
}
