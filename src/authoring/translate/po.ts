import { po, type GetTextTranslation, type GetTextTranslationRecord } from 'gettext-parser';
import { reasonOf } from '../failure.ts';

/** The kinds of comments above an entry; several lines are joined by \n. */
export interface PoComments {
  /** `# …`: people's notes and Lotse's marks. */
  readonly translator?: string;
  /** `#. …`: what the translator should know of the text. */
  readonly extracted?: string;
  /** `#: …`: where the text stands. */
  readonly reference?: string;
  /** `#, …` */
  readonly flag?: string;
  /** `#| …`: what the source was when this was translated. */
  readonly previous?: string;
}

export interface PoEntry {
  /** `msgctxt` */
  readonly path: string;
  /** `msgid` */
  readonly source: string;
  /** `msgid_plural`; Lotse's texts have none, but what others wrote is kept. */
  readonly plural: string | null;
  /** `msgstr`, one unless there is a plural; [''] while missing. */
  readonly forms: readonly string[];
  readonly comments: PoComments;
}

/** A whole PO file, in the order of the file. */
export interface PoFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly headerComments: PoComments;
  readonly entries: readonly PoEntry[];
  /** Entries set aside by `#~`: no text of the flow any more. */
  readonly obsolete: readonly PoEntry[];
  /** Comments below the last entry, as they stand. */
  readonly tail: readonly string[];
  readonly eol: '\n' | '\r\n';
}

type Table = ReturnType<typeof po.parse>;
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The parser's table of a PO file, or what is wrong with it. A file that names no charset is UTF-8.
 * `strict`: refuses entries that stand twice, of which the parser would keep but the last.
 */
export function parsePo(bytes: Buffer, strict: boolean): Parsed<Table> {
  const text = bytes.subarray(0, 3).equals(BOM) ? bytes.subarray(3) : bytes;
  let table: Table;
  try {
    table = po.parse(text, { defaultCharset: 'utf-8', validation: strict });
    // Strict: broken bytes would be replaced, and reach people as question marks.
    if (table.charset === 'utf-8') new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch (error) {
    return {
      ok: false,
      message: `is no gettext PO file: ${reasonOf(error)}; open it in Poedit to see where`,
    };
  }
  // The parser passes over a file that is something else altogether.
  if (text.length > 0 && Object.keys(table.translations).length === 0)
    return { ok: false, message: 'is no gettext PO file: it holds no entry' };
  return { ok: true, value: table };
}

/** Reads a PO file so that writing it loses nothing; refuses what could not be kept. */
export function readPo(bytes: Buffer): Parsed<PoFile> {
  const parsed = parsePo(bytes, true);
  if (!parsed.ok) return parsed;
  const { headers, translations, obsolete = {}, charset } = parsed.value;
  const header = translations['']?.[''];
  const lines = new TextDecoder(charset === 'ascii' ? 'utf-8' : charset).decode(bytes).split(/\r?\n/);
  const file: PoFile = {
    // Typed as always there, but a file of entries alone has none.
    headers: { ...headers },
    headerComments: header?.comments ?? {},
    entries: entriesOf(translations).filter(({ path, source }) => path !== '' || source !== ''),
    obsolete: entriesOf(obsolete),
    tail: tailOf(lines),
    eol: bytes.includes('\r\n') ? '\r\n' : '\n',
  };
  const lost = unreadable(lines, file);
  return lost === null ? { ok: true, value: file } : { ok: false, message: lost };
}

/** gettext, Poedit and Weblate write what a text is (`#.`) above where it stands (`#:`); the compiler does not. */
const REFERENCE_FIRST = /((?:^#:.*\r?\n)+)((?:^#\..*\r?\n)+)/gm;

/** The bytes of a PO file; the same for the same file, and UTF-8. */
export function writePo({ headers, headerComments, entries, obsolete, tail, eol }: PoFile): Buffer {
  const { '': withoutPath = {}, ...withPath } = recordOf(entries);
  const header = { msgid: '', msgstr: [''], comments: { ...headerComments } };
  const translations = { '': { '': header, ...withoutPath }, ...withPath };
  const compiled = po.compile(
    { charset: 'utf-8', headers: { ...headers }, translations, obsolete: recordOf(obsolete) },
    { eol },
  );
  const written = compiled.toString().replace(REFERENCE_FIRST, '$2$1');
  const below = tail.length === 0 ? '' : `${eol}${tail.join(eol)}${eol}`;
  return Buffer.from(`${written}${below}`);
}

export const hasText = ({ forms }: PoEntry): boolean => forms.some((form) => form !== '');

export const isFuzzy = ({ comments }: PoEntry): boolean => flagsOf(comments).includes('fuzzy');

/** The entry with or without `#, fuzzy`; a certain one needs no previous source any more. */
export function markFuzzy(entry: PoEntry, fuzzy: boolean): PoEntry {
  const { previous } = entry.comments;
  const others = flagsOf(entry.comments).filter((flag) => flag !== 'fuzzy');
  const flags = fuzzy ? ['fuzzy', ...others] : others;
  return {
    ...entry,
    comments: {
      ...without(entry.comments, 'previous', 'flag'),
      ...(flags.length > 0 ? { flag: flags.join(', ') } : {}),
      ...(fuzzy && previous !== undefined ? { previous } : {}),
    },
  };
}

export function without(comments: PoComments, ...kinds: readonly (keyof PoComments)[]): PoComments {
  const gone: ReadonlySet<string> = new Set(kinds);
  return Object.fromEntries(Object.entries(comments).filter(([kind]) => !gone.has(kind)));
}

function flagsOf({ flag = '' }: PoComments): string[] {
  return flag
    .split(/[,\n]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** A text as it stands between quotes in a PO file. */
export function quoted(text: string): string {
  const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r' };
  return `"${text.replace(/[\\"\n\t\r]/g, (char) => escapes[char] ?? `\\${char}`)}"`;
}

function entriesOf(record: GetTextTranslationRecord): PoEntry[] {
  return Object.values(record).flatMap((byId) =>
    Object.values(byId).map((entry) => ({
      path: entry.msgctxt ?? '',
      source: entry.msgid,
      plural: entry.msgid_plural ?? null,
      forms: entry.msgstr,
      comments: entry.comments ?? {},
    })),
  );
}

function recordOf(entries: readonly PoEntry[]): GetTextTranslationRecord {
  const byPath = new Map<string, [string, GetTextTranslation][]>();
  for (const { path, source, plural, forms, comments } of entries) {
    const entry: GetTextTranslation = {
      msgctxt: path,
      msgid: source,
      ...(plural === null ? {} : { msgid_plural: plural }),
      msgstr: [...forms],
      comments: { ...comments },
    };
    byPath.set(path, [...(byPath.get(path) ?? []), [source, entry]]);
  }
  return Object.fromEntries([...byPath].map(([path, byId]) => [path, Object.fromEntries(byId)]));
}

/** The parser knows comments only above entries. */
function tailOf(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '' && !/^#(?!~)/.test(line));
  return lines.slice(last + 1).filter((line) => line.trim() !== '');
}

/** What the parser dropped: a comment inside an entry, or an obsolete entry that stands twice. */
function unreadable(
  lines: readonly string[],
  { entries, obsolete, tail, headerComments }: PoFile,
): string | null {
  const notes = (comments: readonly string[]): string[] =>
    comments.map((line) => line.trim()).filter((line) => line !== '');
  const kept = notes(
    [headerComments, ...[...entries, ...obsolete].map(({ comments }) => comments)].flatMap(
      ({ translator = '' }) => translator.split('\n'),
    ),
  );
  const isNote = (line: string): boolean => /^#(?![:.,|~])/.test(line);
  const all = notes(lines.filter(isNote).map((line) => line.slice(1)));
  const below = notes(tail.filter(isNote).map((line) => line.slice(1)));
  if (all.length !== kept.length + below.length)
    return 'has a comment in the middle of an entry, which would be lost; move it above the entry';
  const aside = lines.filter((line) => /^#~\s*msgid\s/.test(line)).length;
  return aside === obsolete.length
    ? null
    : 'has an obsolete entry (#~) twice, of which one would be lost; remove one of the two';
}
