import { po } from 'gettext-parser';
import { reasonOf } from './failure.ts';

/** One translation: its place in the flow, the source text it was made from, and how far it can be trusted. */
export interface CatalogEntry {
  /** `msgctxt`: the path of the text in its flow, e.g. `steps.need.ask`. */
  readonly path: string;
  /** `msgid`: the source text as it stood when this was translated. */
  readonly source: string;
  /** `msgstr`; empty while missing. */
  readonly text: string;
  readonly fuzzy: boolean;
  /** `# machine`, or `# reviewed by NAME on 2026-11-23`; null: a person translated it and nobody reviewed it. */
  readonly review: 'machine' | { readonly by: string; readonly on: string } | null;
  /** 1-based line of its `msgctxt`. */
  readonly line: number;
}

/** One PO file: the translations of one flow into one language. */
export interface Catalog {
  readonly language: string;
  /** Flow id, or `lotse` for Lotse's own phrases. */
  readonly flow: string;
  readonly file: string;
  /** In the order of the file; a path may stand twice when its source text changed. */
  readonly entries: readonly CatalogEntry[];
}

const REVIEWED = /^reviewed by (.+) on (\d{4}-\d{2}-\d{2})$/m;

/** Reads a PO file; the message says what is wrong where it is none. */
export function readCatalog(
  at: { readonly language: string; readonly flow: string; readonly file: string },
  bytes: Buffer,
): { readonly ok: true; readonly catalog: Catalog } | { readonly ok: false; readonly message: string } {
  let contexts: ReturnType<typeof po.parse>['translations'];
  try {
    contexts = po.parse(bytes).translations;
  } catch (error) {
    return {
      ok: false,
      message: `is no gettext PO file: ${reasonOf(error)}; open it in Poedit to see where`,
    };
  }
  // The parser passes over a file that is something else altogether.
  if (bytes.length > 0 && Object.keys(contexts).length === 0)
    return { ok: false, message: 'is no gettext PO file: it holds no entry' };
  const lines = linesOfContexts(bytes.toString());
  const entries = Object.entries(contexts).flatMap(([path, byId]) =>
    Object.values(byId)
      .filter(() => path !== '')
      .map((entry): CatalogEntry => {
        const comment = entry.comments?.translator ?? '';
        const [, by, on] = REVIEWED.exec(comment) ?? [];
        const machine = comment.split('\n').some((line) => line.trim() === 'machine');
        return {
          path,
          source: entry.msgid,
          text: entry.msgstr[0] ?? '',
          fuzzy: entry.comments?.flag?.includes('fuzzy') === true,
          review: by !== undefined && on !== undefined ? { by, on } : machine ? 'machine' : null,
          line: lines.get(path) ?? 1,
        };
      }),
  );
  return { ok: true, catalog: { ...at, entries } };
}

/** The parser tells no places: contexts stand on lines of their own, the first of a path counts. */
function linesOfContexts(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [index, line] of text.split('\n').entries()) {
    const path = /^msgctxt "(.*)"\s*$/.exec(line)?.[1];
    if (path !== undefined && !found.has(path)) found.set(path, index + 1);
  }
  return found;
}
