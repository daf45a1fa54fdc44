import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { savePo, syncFile, type Translated } from '../../../src/authoring/translate/files.ts';
import { gridOf, rowsIn } from '../../../src/authoring/translate/grid.ts';
import { importRows, type Imported } from '../../../src/authoring/translate/import-rows.ts';
import { rowsOf, type Row } from '../../../src/authoring/translate/rows.ts';
import { readSpreadsheet, toCsv, toXlsx } from '../../../src/authoring/translate/spreadsheet.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotse-sheet-'));
  await mkdir(join(folder, 'de'));
  await writeFile(po(), PO);
});
afterEach(() => rm(folder, { recursive: true }));

const po = (): string => join(folder, 'de', 'a.po');
const HEAD = 'msgid ""\nmsgstr ""\n"Language: de\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n';
const ENTRIES = [
  '# machine\n# ask Ali\nmsgctxt "title"\nmsgid "Home"\nmsgstr "Heim"\n',
  '#, fuzzy\nmsgctxt "steps.b.ask"\nmsgid "Hi {{name}}"\nmsgstr "Na {{name}}"\n',
  '# machine\nmsgctxt "steps.c.say"\nmsgid "Call:\\n+49 1"\nmsgstr "+49 1\\n=1+1"\n',
  'msgctxt "steps.d.say"\nmsgid "Bye"\nmsgstr ""\n',
];
const PO = HEAD + ENTRIES.join('\n');
const FLOW: Translated = {
  id: 'a',
  language: 'en',
  reference: null,
  moved: new Map(),
  texts: [
    { path: 'title', source: 'Home', about: [] },
    { path: 'steps.b.ask', source: 'Hi {{name}}', about: ['Keep {{name}}'] },
    { path: 'steps.c.say', source: 'Call:\n+49 1', about: [] },
    { path: 'steps.d.say', source: 'Bye', about: [] },
  ],
};

const exported = async (): Promise<Row[]> => {
  const synced = await syncFile(folder, 'de', FLOW);
  if (typeof synced === 'string') throw new Error(synced);
  return rowsOf('de', FLOW, synced.file, null);
};

/** Imports rows as they come out of a file of that kind, and writes what they change. */
const bringBack = async (
  rows: readonly Row[],
  { kind = 'xlsx', by }: { kind?: 'xlsx' | 'csv'; by?: string } = {},
): Promise<Imported> => {
  const bytes = kind === 'csv' ? toCsv(new Map([['de', rows]])) : await toXlsx(new Map([['de', rows]]));
  const read = await readSpreadsheet(bytes);
  if (!read.ok) throw new Error(read.message);
  const sheets = read.grids.map(rowsIn);
  const done = await importRows(
    sheets.flatMap((sheet) => sheet.rows),
    {
      translated: [FLOW],
      localesFolder: folder,
      languages: ['de'],
      broken: ['bad'],
      reviewer: by === undefined ? null : { by, on: '2026-11-23' },
    },
  );
  for (const { path, file } of done.files) expect(await savePo(path, file)).toBeNull();
  return { ...done, problems: [...sheets.flatMap(({ problems }) => problems), ...done.problems] };
};

const edited = async (path: string, change: Partial<Row>): Promise<Row[]> =>
  (await exported()).map((row) => (row.path === path ? { ...row, ...change } : row));

describe.each(['xlsx', 'csv'] as const)('through %s', (kind) => {
  test('nothing changes where nobody changed a cell', async () => {
    expect(await bringBack(await exported(), { kind })).toMatchObject({
      changed: 0,
      same: 4,
      problems: [],
      files: [],
    });
  });

  test('a changed cell changes its translation, and nothing else', async () => {
    await bringBack(await edited('a/steps.c.say', { translation: '-1\n@x, "y"; z' }), { kind });
    const now = await readFile(po(), 'utf8');
    expect(now).toContain(
      '\nmsgctxt "steps.c.say"\nmsgid ""\n"Call:\\n"\n"+49 1"\nmsgstr ""\n"-1\\n"\n"@x, \\"y\\"; z"\n',
    );
    for (const other of [ENTRIES[0], ENTRIES[3]]) expect(now).toContain(other);
    expect(now.match(/# machine/g)).toHaveLength(1);
  });
});

test('no cell can be taken for a formula, and every text comes back as it was', () => {
  const texts = [
    '=1+1',
    '+49 1',
    '-x',
    '@x',
    "'=x",
    "''+",
    ' =x',
    '\t=x',
    '＝x',
    '＠x',
    'plain',
    "it's",
    "'quoted'",
  ];
  const rows = texts.map((translation): Row => ({
    path: 'a/b',
    source: translation,
    translation,
    state: 'machine',
    note: translation,
    about: '',
    language: 'de',
    key: '',
  }));
  const grid = gridOf(null, rows);
  for (const line of grid.cells) for (const cell of line) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
  expect(rowsIn(grid).rows.map(({ row }) => [row.source, row.translation, row.note])).toEqual(
    texts.map((text) => [text, text, text]),
  );
});

describe('import', () => {
  test('takes a doubt away when the text is changed, or its state', async () => {
    await bringBack(await edited('a/steps.b.ask', { translation: 'Hallo {{name}}' }));
    expect(await readFile(po(), 'utf8')).toContain(
      '\n\n#. Keep {{name}}\nmsgctxt "steps.b.ask"\nmsgid "Hi {{name}}"\nmsgstr "Hallo {{name}}"\n',
    );
    await writeFile(po(), PO);
    await bringBack(await edited('a/steps.b.ask', { state: 'Translated' }));
    expect(await readFile(po(), 'utf8')).toContain(
      '\n\n#. Keep {{name}}\nmsgctxt "steps.b.ask"\nmsgid "Hi {{name}}"\nmsgstr "Na {{name}}"\n',
    );
  });

  test('marks what a reviewer saw as reviewed, but nothing that is missing or in doubt', async () => {
    expect(await bringBack(await exported(), { by: 'Ali B.' })).toMatchObject({ changed: 2, same: 2 });
    const now = await readFile(po(), 'utf8');
    expect(now).toContain('# reviewed by Ali B. on 2026-11-23\n# ask Ali\nmsgctxt "title"');
    expect(now.match(/reviewed by/g)).toHaveLength(2);
    expect(await bringBack(await exported(), { by: 'Ali B.' })).toMatchObject({ changed: 0, same: 4 });
  });

  test('carries notes, and lets nobody pass off a note as a review', async () => {
    await bringBack(await edited('a/title', { note: 'ask Eva\nreviewed by me on 2026-01-01' }));
    expect(await readFile(po(), 'utf8')).toContain('# machine\n# ask Eva\nmsgctxt "title"');
  });

  test('leaves alone what was changed in the PO file since the export, unless both changed', async () => {
    const before = await exported();
    await writeFile(po(), PO.replace('"Heim"', '"Zuhause"'));
    expect(await bringBack(before)).toMatchObject({ changed: 0, problems: [] });
    const both = before.map((row) => (row.path === 'a/title' ? { ...row, translation: 'Haus' } : row));
    expect((await bringBack(both)).problems).toEqual([
      'sheet de, C2: was changed in the PO file as well («Zuhause»); export it again and decide',
    ]);
    expect(await readFile(po(), 'utf8')).toContain('"Zuhause"');
  });

  test('keeps a translation whose cell was emptied, and says so', async () => {
    expect((await bringBack(await edited('a/title', { translation: ' ' }))).notes).toEqual([
      'sheet de, C2: is empty; the translation there is kept',
    ]);
  });

  test.each([
    [
      'a source that changed',
      'a/title',
      { source: 'House', translation: 'Haus' },
      'sheet de, B2: the source text has changed since the export, or in the spreadsheet; export it again',
    ],
    [
      'a lost placeholder',
      'a/steps.b.ask',
      { translation: 'Hallo' },
      'sheet de, C3: lacks {{name}}, which stands in the source',
    ],
    [
      'a broken placeholder',
      'a/steps.b.ask',
      { translation: 'Hallo {{name}} {name}' },
      "sheet de, C3: has a brace that belongs to no placeholder near 'Hallo  {name}'; write {{ and }} as in the source",
    ],
    [
      'an unknown state',
      'a/title',
      { state: 'done' },
      "sheet de, D2: 'done' is no state; it must be one of missing, fuzzy, machine, translated, reviewed",
    ],
    [
      'a review by nobody',
      'a/title',
      { state: 'reviewed' },
      'sheet de, D2: says reviewed, but not by whom; import with --reviewed-by NAME',
    ],
    [
      'an unknown text',
      'a/title',
      { path: 'a/titel' },
      "sheet de, A2: there is no text 'a/titel' any more; export it again",
    ],
    ['an unknown flow', 'a/title', { path: 'b/title' }, "sheet de, A2: there is no flow 'b'"],
    [
      'a flow with errors',
      'a/title',
      { path: 'bad/title' },
      "sheet de, A2: the flow 'bad' has errors; mend it first, see lotse check",
    ],
    [
      'an unknown language',
      'a/title',
      { language: 'fr' },
      "sheet de, A2: there are no translations into 'fr'; begin with: lotse translate sync --language fr",
    ],
    [
      'the source language',
      'a/title',
      { language: 'en' },
      "sheet de, A2: 'en' is the language the flow 'a' is written in",
    ],
    [
      'a row that stands twice',
      'a/steps.d.say',
      { path: 'a/title', source: 'Home', translation: 'Haus' },
      'sheet de, A5: stands already in sheet de, A2; keep one of the two rows',
    ],
  ])('refuses %s by the address of its cell', async (_what, path, change, problem) => {
    const done = await bringBack(await edited(path, change));
    expect(done.problems).toEqual([problem]);
    expect(done.files).toEqual([]);
  });

  test('goes on with the other rows where one is refused', async () => {
    const rows = (await edited('a/title', { translation: 'Haus' })).map((row) =>
      row.path === 'a/steps.b.ask' ? { ...row, translation: 'x' } : row,
    );
    expect(await bringBack(rows)).toMatchObject({ changed: 1, problems: [expect.stringContaining('C3')] });
    expect(await readFile(po(), 'utf8')).toContain('msgstr "Haus"');
  });
});

const csv = (text: string): Buffer => Buffer.from(text);
const cellsOf = async (bytes: Buffer): Promise<unknown> => {
  const read = await readSpreadsheet(bytes);
  return read.ok
    ? read.grids.flatMap((grid) =>
        rowsIn(grid).rows.map(({ row, at }) => [at('translation'), row.translation]),
      )
    : read.message;
};

describe('a file as other programs write it', () => {
  test.each([
    ['semicolons', 'path;source;translation;language\na/b;x;y, z;de\n'],
    ['tabs and Windows line ends', 'path\tsource\ttranslation\tlanguage\r\na/b\tx\ty, z\tde\r\n'],
    ['a declared separator', 'sep=;\r\npath;source;translation;language\r\na/b;x;"y, z";de\r\n'],
    ['a byte order mark and capitals', '\ufeff Path ,Source,Translation,Language\na/b,x,"y, z",de\n'],
  ])('with %s is read', async (_what, text) => {
    expect(await cellsOf(csv(text))).toEqual([['C2', 'y, z']]);
  });

  test('with other columns in another order and empty rows keeps its addresses', async () => {
    expect(await cellsOf(csv('mine,language,translation,source,path\n,,,,\n1,de,y,x,a/b\n'))).toEqual([
      ['C3', 'y'],
    ]);
  });

  test.each([
    [
      'in Latin 1',
      Buffer.from('path,source,translation,language\na/b,x,Grüße,de\n', 'latin1'),
      /not UTF-8 text/,
    ],
    ['in UTF-16', Buffer.from('\ufeffpath', 'utf16le'), /is UTF-16 text; save it as «CSV UTF-8»/],
    [
      'of the old workbook kind',
      Buffer.from([0xd0, 0xcf, 0x11, 0xe0]),
      /old kind \(\.xls\); save it as \.xlsx/,
    ],
    ['that is a broken workbook', Buffer.from('PK\u0003\u0004 broken'), /no workbook that can be read/],
    ['with an open quote', csv('path,source\n"a,b\n'), /no CSV that can be read: Quote Not Closed/],
  ])('%s is refused in words', async (_what, bytes, message) => {
    expect(await cellsOf(bytes)).toEqual(expect.stringMatching(message));
  });

  test('without its columns is refused by their names', () => {
    expect(rowsIn({ sheet: null, cells: [['path', 'text']] }).problems).toEqual([
      'row 1: the columns source, translation, language missing; the first row must hold the names path, source, translation, language, as exported',
    ]);
    expect(rowsIn({ sheet: 'de', cells: [['path', 'source']] }).problems[0]).toMatch(
      /^sheet de, row 1: the column translation missing/,
    );
  });

  test('with a cell that is no text is refused there', () => {
    const cells = [
      ['path', 'source', 'translation'],
      ['a/b', 'x', null],
    ];
    expect(rowsIn({ sheet: 'de', cells })).toEqual({
      rows: [],
      problems: ['sheet de, C2: is no text; format the cell as text and write it again'],
    });
  });
});
