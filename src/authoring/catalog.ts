import type { CatalogEntry } from './catalog-entry.ts';
import { readPlainCatalog } from './plain-catalog.ts';
import { reviewOf } from './translate/marks.ts';
import { parsePo } from './translate/po.ts';

/** One PO file: the translations of one flow into one language. */
export interface Catalog {
  readonly language: string;
  /** Flow id, or `lotse` for Lotse's own phrases. */
  readonly flow: string;
  readonly file: string;
  /** In the order of the file; a path may stand twice when its source text changed. */
  readonly entries: readonly CatalogEntry[];
}

/** Reads a PO file; the message says what is wrong where it is none. */
export function readCatalog(
  at: { readonly language: string; readonly flow: string; readonly file: string },
  bytes: Buffer,
): { readonly ok: true; readonly catalog: Catalog } | { readonly ok: false; readonly message: string } {
  const plain = readPlainCatalog(bytes);
  if (plain) return { ok: true, catalog: { ...at, entries: plain } };
  const parsed = parsePo(bytes, false);
  if (!parsed.ok) return parsed;
  const lines = linesOfContexts(bytes.toString());
  const entries = Object.entries(parsed.value.translations).flatMap(([path, byId]) =>
    Object.values(byId)
      .filter(() => path !== '')
      .map((entry, index): CatalogEntry => ({
        path,
        source: entry.msgid,
        text: entry.msgstr[0] ?? '',
        fuzzy: entry.comments?.flag?.includes('fuzzy') === true,
        review: reviewOf(entry.comments?.translator ?? ''),
        line: lines.get(path)?.[index] ?? 1,
      })),
  );
  return { ok: true, catalog: { ...at, entries } };
}

/** The parser tells no places: contexts stand on lines of their own; those of one path in their order. */
function linesOfContexts(text: string): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [index, line] of text.split('\n').entries()) {
    const path = /^msgctxt "(.*)"\s*$/.exec(line)?.[1];
    if (path === undefined) continue;
    const lines = found.get(path) ?? [];
    lines.push(index + 1);
    found.set(path, lines);
  }
  return found;
}
