import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readPo, writePo, type PoFile } from '../../../src/authoring/translate/po.ts';
import { syncPo, type SyncCounts } from '../../../src/authoring/translate/sync.ts';

const HEAD = `msgid ""
msgstr ""
"Project-Id-Version: Lotse\\n"
"Language: de\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"X-Generator: Lotse\\n"
`;

const read = (text: string | Buffer): PoFile => {
  const parsed = readPo(Buffer.from(text));
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.value;
};

type Texts = Readonly<Record<string, string>>;
const run = (
  old: string | null,
  texts: Texts,
  moved: Readonly<Record<string, string>> = {},
): { text: string; counts: Partial<SyncCounts> } => {
  const all = Object.entries(texts).map(([path, source]) => ({ path, source, about: [] }));
  const { file, counts } = syncPo(old === null ? null : read(old), all, {
    language: 'de',
    reference: null,
    moved: new Map(Object.entries(moved)),
  });
  const told = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  return { text: writePo(file).toString(), counts: told };
};

const entry = (path: string, source: string, text: string, above = ''): string =>
  `\n${above}msgctxt "${path}"\nmsgid "${source}"\nmsgstr "${text}"\n`;
const aside = (path: string, source: string, text: string, above = ''): string =>
  `\n${above}#~ msgctxt "${path}"\n#~ msgid "${source}"\n#~ msgstr "${text}"\n`;
const ask = (step: string): string => `steps.${step}.ask`;

describe('sync', () => {
  test('makes a file of empty entries in the order of the flow', () => {
    expect(run(null, { title: 'Home', [ask('a')]: 'Where?' })).toEqual({
      text: HEAD + entry('title', 'Home', '') + entry(ask('a'), 'Where?', ''),
      counts: { added: 2 },
    });
  });

  test('writes comments in the order of gettext, Poedit and Weblate', () => {
    const above = '# machine\n#. A label\n#: flows/home.yaml\n#, fuzzy\n#| msgid "Old"\n';
    const [first = '', second = '', ...rest] = above.split(/(?<=\n)(?=#[.:,])/);
    const other = [first, rest[0], second, ...rest.slice(1)].join('');
    for (const order of [above, other])
      expect(writePo(read(HEAD + entry('title', 'Home', 'Heim', order))).toString()).toBe(
        HEAD + entry('title', 'Home', 'Heim', above),
      );
  });

  test('keeps the translation of a changed source as fuzzy, with what the source was', () => {
    const old = HEAD + entry(ask('a'), 'Where \\"now\\"?', 'Wo?', '# machine\n# ask Ali\n');
    const once = run(old, { [ask('a')]: 'Where to?' });
    const fuzzy = '# machine\n# ask Ali\n#, fuzzy\n#| msgid "Where \\"now\\"?"\n';
    expect(once).toEqual({ text: HEAD + entry(ask('a'), 'Where to?', 'Wo?', fuzzy), counts: { changed: 1 } });
    // The translation is still that of the first source.
    expect(run(once.text, { [ask('a')]: 'Whereto?' }).text).toBe(
      HEAD + entry(ask('a'), 'Whereto?', 'Wo?', fuzzy),
    );
  });

  test('lets a review count only for the text it saw', () => {
    const old = HEAD + entry(ask('a'), 'Where?', 'Wo?', '# reviewed by Ali on 2026-01-02\n');
    expect(run(old, { [ask('a')]: 'When?' }).text).toContain(
      '# was reviewed by Ali on 2026-01-02\n#, fuzzy\n#| msgid "Where?"\n',
    );
  });

  test('carries translations to steps that were renamed, and leaves them certain', () => {
    const old = HEAD + entry(ask('a'), 'Where?', 'Wo?', '# nice\n') + entry(ask('b'), 'When?', 'Wann?');
    expect(run(old, { [ask('b')]: 'When?', [ask('c')]: 'Where?' })).toEqual({
      text: HEAD + entry(ask('b'), 'When?', 'Wann?') + entry(ask('c'), 'Where?', 'Wo?', '# nice\n'),
      counts: { moved: 1 },
    });
  });

  test('knows by «moved:» whose the translation is when the text changed, too', () => {
    const old = HEAD + entry(ask('a'), 'Where?', 'Wo?');
    expect(run(old, { [ask('c')]: 'Where to?' }, { a: 'b', b: 'c' }).text).toBe(
      HEAD + entry(ask('c'), 'Where to?', 'Wo?', '#, fuzzy\n#| msgid "Where?"\n'),
    );
    expect(run(old, { [ask('c')]: 'Where to?' }, { a: 'b', b: 'a' }).counts).toEqual({
      added: 1,
      obsolete: 1,
    });
  });

  test('tells two moves of the same text apart by «moved:», else by the sort of text', () => {
    const old = HEAD + entry(ask('a'), 'Yes', 'Ja a') + entry(ask('b'), 'Yes', 'Ja b');
    const { text } = run(old, { [ask('d')]: 'Yes', [ask('c')]: 'Yes' }, { a: 'c', b: 'd' });
    expect(text).toBe(HEAD + entry(ask('d'), 'Yes', 'Ja b') + entry(ask('c'), 'Yes', 'Ja a'));
    const mixed = HEAD + entry('steps.a.say', 'Yes', 'Gesagt') + entry(ask('b'), 'Yes', 'Gefragt');
    expect(run(mixed, { [ask('c')]: 'Yes', 'steps.d.say': 'Yes' }).text).toBe(
      HEAD + entry(ask('c'), 'Yes', 'Gefragt') + entry('steps.d.say', 'Yes', 'Gesagt'),
    );
  });

  test('prefers the same text elsewhere to another text in the same place', () => {
    const old = HEAD + entry(ask('a'), 'Where?', 'Wo?') + entry(ask('b'), 'When?', 'Wann?');
    expect(run(old, { [ask('a')]: 'When?', [ask('b')]: 'Where?' })).toEqual({
      text: HEAD + entry(ask('a'), 'When?', 'Wann?') + entry(ask('b'), 'Where?', 'Wo?'),
      counts: { moved: 2 },
    });
  });

  test('sets aside what is gone, and brings it back', () => {
    const old = HEAD + entry(ask('a'), 'Where?', 'Wo?', '# machine\n') + entry(ask('b'), 'When?', 'Wann?');
    const gone = run(old, { [ask('b')]: 'When?' });
    expect(gone).toEqual({
      text: HEAD + entry(ask('b'), 'When?', 'Wann?') + aside(ask('a'), 'Where?', 'Wo?', '# machine\n'),
      counts: { obsolete: 1 },
    });
    expect(run(gone.text, { [ask('a')]: 'Where?', [ask('b')]: 'When?' })).toEqual({
      text: old,
      counts: { returned: 1 },
    });
  });

  test('sets aside an empty entry only if somebody wrote a note', () => {
    const old = HEAD + entry(ask('a'), 'Where?', '') + entry(ask('b'), 'When?', '', '# what is meant?\n');
    expect(run(old, { title: 'T' }).text).toBe(
      HEAD + entry('title', 'T', '') + aside(ask('b'), 'When?', '', '# what is meant?\n'),
    );
  });

  test('fills an empty entry by a translation that was set aside, with the notes of both', () => {
    const old =
      HEAD + entry(ask('a'), 'Where?', '', '# why?\n') + aside(ask('a'), 'Where?', 'Wo?', '# machine\n');
    expect(run(old, { [ask('a')]: 'Where?' }).text).toBe(
      HEAD + entry(ask('a'), 'Where?', 'Wo?', '# machine\n# why?\n'),
    );
  });

  test('keeps both of two translations that would be set aside under one name', () => {
    const old = HEAD + entry(ask('a'), 'Where?', 'Wo?') + aside(ask('a'), 'Where?', 'Wohin?', '# old\n');
    expect(run(old, { title: 'T' }).text).toBe(
      HEAD +
        entry('title', 'T', '') +
        aside(ask('a'), 'Where?', 'Wo?', '# old\n# earlier translation: "Wohin?"\n'),
    );
  });

  test("leaves other tools' headers, notes and line ends as they are", () => {
    const other = `# Team Augsburg\nmsgid ""\nmsgstr ""\n"Language: de\\n"\n"PO-Revision-Date: 2026-03-04 05:06+0100\\n"\n"Plural-Forms: nplurals=2; plural=n!=1;\\n"\n"X-Generator: Poedit 3.4\\n"\n${entry(ask('a'), 'Where?', 'Wo?', '#, c-format\n')}\n# the end\n`;
    const { text } = run(other.replaceAll('\n', '\r\n'), { [ask('a')]: 'Where?' });
    expect(text).toMatch(/^# Team Augsburg\r\n/);
    expect(
      text.split('\n').every((line, index, all) => line.endsWith('\r') || index === all.length - 1),
    ).toBe(true);
    for (const kept of [
      '2026-03-04 05:06+0100',
      'plural=n!=1;',
      'Poedit 3.4',
      '#, c-format',
      '\r\n\r\n# the end\r\n',
    ])
      expect(text).toContain(kept);
    expect(run(text, { [ask('a')]: 'Where?' }).text).toBe(text);
  });
});

test.each([
  [
    'an entry that stands twice',
    entry('a', 'A', 'x') + entry('a', 'A', 'y'),
    /Duplicate msgid error: entry "A" in "a"/,
  ],
  [
    'a comment inside an entry',
    '\nmsgctxt "a"\n# why?\nmsgid "A"\n# x\nmsgstr "x"\n',
    /comment in the middle/,
  ],
  [
    'an obsolete entry that stands twice',
    aside('a', 'A', 'x') + aside('a', 'A', 'y'),
    /obsolete entry \(#~\) twice/,
  ],
  ['a text without its end', '\nmsgctxt "a"\nmsgid "A\nmsgstr "x"\n', /End-of-line within string at line/],
])('%s is refused rather than lost', (_what, entries, message) => {
  const parsed = readPo(Buffer.from(HEAD + entries));
  expect(parsed).toEqual({ ok: false, message: expect.stringMatching(message) });
});

test('bytes that are no UTF-8 are refused rather than replaced', () => {
  expect(readPo(Buffer.from(HEAD + entry('a', 'A', 'Grüße'), 'latin1'))).toEqual({
    ok: false,
    message: expect.stringContaining('not UTF-8'),
  });
});

const PATHS = ['title', 'entry', 'a', 'b', 'c', 'd', 'e'].map((name) => (name.length > 1 ? name : ask(name)));
const text = fc
  .oneof(
    fc.constantFrom('Yes', 'No', 'Where?'),
    fc.string({
      unit: fc.constantFrom('a', ' ', '\n', '"', '\\', 'ش', '😀', '#', '~', 'long word ', '{{x}}'),
    }),
  )
  .filter((one) => one.trim() !== '');
const texts = fc.uniqueArray(fc.tuple(fc.constantFrom(...PATHS), text), { selector: ([path]) => path });
/** What a translator or an author does next. */
const edit = fc.oneof(
  fc.record({ type: fc.constant('flow' as const), texts }),
  fc.record({ type: fc.constant('translate' as const), at: fc.nat(9), note: fc.nat(3) }),
  fc.record({ type: fc.constant('rename' as const), from: fc.nat(9), to: fc.constantFrom(...PATHS) }),
);

test('over 50 edits no translation and no note is lost, and a file in sync keeps every byte', () => {
  fc.assert(
    fc.property(fc.array(edit, { minLength: 50, maxLength: 50 }), (edits) => {
      let now: [string, string][] = [['title', 'Home']];
      let bytes: Buffer = Buffer.from(run(null, Object.fromEntries(now)).text);
      const written = new Set<string>();
      for (const [index, one] of edits.entries()) {
        if (one.type === 'flow') now = one.texts;
        else if (one.type === 'rename') {
          const at = now[one.from % Math.max(1, now.length)];
          if (at && !now.some(([path]) => path === one.to))
            now = now.map((pair) => (pair === at ? [one.to, pair[1]] : pair));
        } else {
          const file = read(bytes);
          const entries = file.entries.map((given, position) => {
            if (position !== one.at || given.forms[0] !== '') return given;
            const [translation, note] = [`t${String(index)}"\\\n`, `n${String(index)}`];
            written.add(translation);
            if (one.note === 0) written.add(note);
            return { ...given, forms: [translation], comments: one.note === 0 ? { translator: note } : {} };
          });
          bytes = writePo({ ...file, entries });
        }
        const synced = run(bytes.toString(), Object.fromEntries(now)).text;
        expect(run(synced, Object.fromEntries(now)).text).toBe(synced);
        expect(writePo(read(synced)).toString()).toBe(synced);
        bytes = Buffer.from(synced);
        const file = read(bytes);
        expect(file.entries.map(({ path, source }) => [path, source])).toEqual(now);
        const kept = [...file.entries, ...file.obsolete].flatMap(({ forms, comments }) => [
          ...forms,
          ...(comments.translator ?? '').split('\n'),
        ]);
        for (const thing of written) expect(kept).toContain(thing);
      }
    }),
    { numRuns: 8 },
  );
});
