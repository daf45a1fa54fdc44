import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CatalogEntry } from '../../../src/authoring/catalog-entry.ts';
import { readPlainCatalog } from '../../../src/authoring/plain-catalog.ts';
import { reviewOf } from '../../../src/authoring/translate/marks.ts';
import { parsePo } from '../../../src/authoring/translate/po.ts';

const LOCALES = fileURLToPath(new URL('../../../locales', import.meta.url));

type Entries = readonly Omit<CatalogEntry, 'line'>[];

/** What gettext-parser makes of the same bytes; null: no PO file. */
function thorough(bytes: Buffer): Entries | null {
  const parsed = parsePo(bytes, false);
  if (!parsed.ok) return null;
  return Object.entries(parsed.value.translations).flatMap(([path, byId]) =>
    Object.values(byId)
      .filter(() => path !== '')
      .map((entry) => ({
        path,
        source: entry.msgid,
        text: entry.msgstr[0] ?? '',
        fuzzy: entry.comments?.flag?.includes('fuzzy') === true,
        review: reviewOf(entry.comments?.translator ?? ''),
      })),
  );
}

const byPath = (entries: Entries): Entries =>
  [...entries].sort((a, b) => (`${a.path} ${a.source}` < `${b.path} ${b.source}` ? -1 : 1));

function agrees(bytes: Buffer): boolean {
  const plain = readPlainCatalog(bytes);
  if (plain === null) return false;
  const read = plain.map(({ path, source, text, fuzzy, review }) => ({ path, source, text, fuzzy, review }));
  const other = thorough(bytes);
  expect(other).not.toBeNull();
  expect(byPath(read)).toEqual(byPath(other!));
  return true;
}

const shipped = (await readdir(LOCALES, { recursive: true })).filter((name) => name.endsWith('.po'));

describe('the fast reader of catalogues', () => {
  test.each(shipped)('reads %s as the thorough one does, with the line of every entry', async (name) => {
    const bytes = await readFile(join(LOCALES, name));
    expect(agrees(bytes)).toBe(true);
    const lines = bytes.toString().split('\n');
    const entries = readPlainCatalog(bytes) ?? [];
    expect(entries.length).toBeGreaterThan(0);
    for (const { path, line } of entries) expect(lines[line - 1]).toBe(`msgctxt "${path}"`);
  });

  test.each([
    ['a plural', 'msgctxt "a"\nmsgid "x"\nmsgid_plural "y"\nmsgstr[0] "z"\n'],
    [
      'another charset',
      'msgid ""\nmsgstr "Content-Type: text/plain; charset=latin1\\n"\n\nmsgctxt "a"\nmsgid "x"\nmsgstr "y"\n',
    ],
    [
      'an entry that stands twice',
      'msgctxt "a"\nmsgid "x"\nmsgstr "y"\n\nmsgctxt "a"\nmsgid "x"\nmsgstr "z"\n',
    ],
    ['a quote that is not closed', 'msgctxt "a"\nmsgid "x\nmsgstr "y"\n'],
    ['a rare escape', 'msgctxt "a"\nmsgid "x"\nmsgstr "\\x41"\n'],
    ['an entry without its translation', 'msgctxt "a"\nmsgid "x"\n\nmsgctxt "b"\nmsgid "x"\nmsgstr "y"\n'],
    ['Windows line ends', 'msgctxt "a"\r\nmsgid "x"\r\nmsgstr "y"\r\n'],
    ['a byte order mark', '\ufeffmsgctxt "a"\nmsgid "x"\nmsgstr "y"\n'],
    ['no entry at all', '# nothing\n'],
  ])('leaves %s to it', (_what, text) => {
    expect(readPlainCatalog(Buffer.from(text))).toBeNull();
  });

  test('leaves bytes that are no UTF-8 to it', () => {
    expect(readPlainCatalog(Buffer.from('msgctxt "a"\nmsgid "x"\nmsgstr "ü"\n', 'latin1'))).toBeNull();
  });

  test('agrees with it on whatever it reads itself', () => {
    const line = fc.constantFrom(
      '',
      '# machine',
      '# reviewed by Ann on 2026-11-23',
      '#, fuzzy',
      '#, c-format, fuzzy',
      '#. note',
      '#: place',
      '#| msgid "old"',
      '#~ msgid "gone"',
      '#~ msgstr "weg"',
      'msgctxt "a"',
      'msgctxt "b"',
      'msgctxt ""',
      'msgid "x"',
      'msgid ""',
      'msgid "y \\"z\\" \\n \\\\n"',
      'msgstr "Ü"',
      'msgstr ""',
      'msgstr "1\\t2"',
      '"more"',
      '"and\\n"',
      ' msgid "indented"',
      'msgid  "x"',
      'x',
    );
    const entry = fc
      .tuple(
        fc.array(line, { maxLength: 2 }),
        fc.nat(50),
        fc.constantFrom('"x"', '""\n"long "\n"text"', '"q \\" q"'),
      )
      .map(
        ([above, id, text]) =>
          `${[...above, `msgctxt "p${String(id)}"`, 'msgid "s"', `msgstr ${text}`].join('\n')}\n`,
      );
    const file = fc.oneof(
      fc.array(line, { maxLength: 14 }).map((lines) => lines.join('\n')),
      fc.array(entry, { maxLength: 5 }).map((all) => all.join('\n')),
    );
    let agreed = 0;
    fc.assert(
      fc.property(file, (text) => {
        if (agrees(Buffer.from(text))) agreed += 1;
      }),
      { numRuns: 3000 },
    );
    expect(agreed).toBeGreaterThan(100);
  });
});
