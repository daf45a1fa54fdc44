import type { CatalogEntry } from './catalog-entry.ts';
import { codeOf } from './failure.ts';
import { reviewOf } from './translate/marks.ts';

/** An entry while its lines are read; `at`: which of its lines came last. */
interface Draft {
  readonly comments: string[];
  readonly flags: string[];
  at: 'comments' | 'msgctxt' | 'msgid' | 'msgstr';
  msgctxt: string | null;
  msgid: string;
  msgstr: string;
  line: number;
}

const KEYED = /^(msgctxt|msgid|msgstr) "(.*)"$/;
const ORDER = ['comments', 'msgctxt', 'msgid', 'msgstr'] as const;

/**
 * Reads a PO file as Lotse and most tools write it, ten times as fast as the parser that understands them all;
 * null: the file is not that plain (plurals, other charsets, broken lines, obsolete entries, no context, one that stands twice …).
 */
export function readPlainCatalog(bytes: Buffer): CatalogEntry[] | null {
  const text = decoded(bytes);
  if (text === null || text.includes('\r')) return null;
  const read: Reading = { entries: [], seen: new Set(), hasHeader: false };
  let draft: Draft | null = null;
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    if (line === '') {
      // Comments are of the next entry, however far above it.
      if (draft?.at === 'comments') continue;
      if (!finish(draft, read)) return null;
      draft = null;
      continue;
    }
    const first = line.charAt(0);
    if (first === '#') {
      if (draft?.at !== 'comments') {
        if (!finish(draft, read)) return null;
        draft = begun();
      }
      const kind = line.charAt(1);
      if (kind === ',') draft.flags.push(line.slice(2));
      else if (kind === '' || kind === ' ') draft.comments.push(line.slice(1).trim());
      else if (kind !== ':' && kind !== '.' && kind !== '|') return null;
      continue;
    }
    if (first === '"') {
      const value = line.length > 1 && line.endsWith('"') ? unescaped(line.slice(1, -1)) : null;
      if (value === null || !draft || draft.at === 'comments') return null;
      if (draft.at === 'msgctxt') draft.msgctxt = `${draft.msgctxt ?? ''}${value}`;
      else draft[draft.at] += value;
      continue;
    }
    const [, keyword, quoted = ''] = KEYED.exec(line) ?? [];
    const value = unescaped(quoted);
    const key = ORDER.find((one) => one === keyword);
    if (key === undefined || key === 'comments' || value === null) return null;
    if (draft?.at === 'msgstr') {
      if (!finish(draft, read)) return null;
      draft = null;
    }
    draft ??= begun();
    if (ORDER.indexOf(key) <= ORDER.indexOf(draft.at) || (key === 'msgstr' && draft.at !== 'msgid'))
      return null;
    draft.at = key;
    draft[key] = value;
    if (key === 'msgctxt') draft.line = number;
  }
  return finish(draft, read) && (read.entries.length > 0 || read.hasHeader) ? read.entries : null;
}

interface Reading {
  readonly entries: CatalogEntry[];
  readonly seen: Set<string>;
  hasHeader: boolean;
}

/** Takes up an entry; false: it is not plain. */
function finish(draft: Draft | null, read: Reading): boolean {
  if (!draft || draft.at === 'comments') return true;
  const { comments, flags, at, msgctxt, msgid, msgstr, line } = draft;
  if (at !== 'msgstr') return false;
  if (msgctxt === null || msgctxt === '') {
    if (msgid !== '' || msgctxt !== null || read.hasHeader) return false;
    read.hasHeader = true;
    return !/charset=(?!utf-8)/i.test(msgstr);
  }
  if (read.seen.has(msgctxt)) return false;
  read.seen.add(msgctxt);
  const fuzzy = flags.some((one) => one.includes('fuzzy'));
  const review = reviewOf(comments.join('\n'));
  read.entries.push({ path: msgctxt, source: msgid, text: msgstr, fuzzy, review, line });
  return true;
}

function begun(): Draft {
  return { comments: [], flags: [], at: 'comments', msgctxt: null, msgid: '', msgstr: '', line: 1 };
}

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** null: not UTF-8, or with a byte order mark. */
function decoded(bytes: Buffer): string | null {
  try {
    const text = STRICT.decode(bytes);
    return text.startsWith('\ufeff') ? null : text;
  } catch (error) {
    if (codeOf(error) === null) throw error;
    return null;
  }
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['"', '"'],
  ['\\', '\\'],
]);

const ESCAPED = /^(?:[^"\\]|\\[nt"\\])*$/;

/** null: a quote that is not escaped, or an escape that is rare. */
function unescaped(text: string): string | null {
  if (!text.includes('\\')) return text.includes('"') ? null : text;
  if (!ESCAPED.test(text)) return null;
  return text.replace(/\\([nt"\\])/g, (_whole, char: string) => ESCAPES.get(char) ?? char);
}
