import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LOADER_CODES, formatFinding } from '../../src/authoring/finding.ts';
import { loadProject, type Project } from '../../src/authoring/project.ts';
import { CASES } from './cases.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotse-project-'));
});
afterEach(() => rm(folder, { recursive: true }));

type Files = Readonly<Record<string, string | Buffer>>;

/** Writes the files; one whose name ends with / is a folder. */
async function write(files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    await mkdir(name.endsWith('/') ? file : dirname(file), { recursive: true });
    if (!name.endsWith('/')) await writeFile(file, content);
  }
}

async function load(files: Files): Promise<Project> {
  await write(files);
  return loadProject(join(folder, 'flows'), join(folder, 'locales'), 'start');
}

const report = (project: Project): string[] =>
  project.findings.map((finding) => formatFinding(finding).replaceAll(`${folder}/`, ''));

const flow = (id: string, steps: string, more = ''): string =>
  `flow: ${id}\nlanguage: en\ntitle: ${id}\n${more}steps:\n${steps}`;
const START = { 'flows/start.yaml': flow('start', '  q: {ask: Which?, options: {a: {label: Apples}}}\n') };
const OTHER = flow('other', '  a: {say: A}\n');

const PO_HEAD = 'msgid ""\nmsgstr ""\n"Language: de\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n';
const entry = (path: string, source: string, text: string, above = '# machine\n'): string =>
  `${above}msgctxt "${path}"\nmsgid "${source}"\nmsgstr "${text}"\n\n`;

const PROJECTS: readonly (readonly [what: string, files: Files, findings: readonly (string | RegExp)[]])[] = [
  ['nothing wrong', { ...START, 'flows/other.yaml': OTHER }, []],
  [
    'a call to a flow that is not there',
    { ...START, 'flows/other.yaml': flow('other', '  a: {call: stat, then: a}\n') },
    [
      "flows/other.yaml:5:13 error unknown-flow: step 'a' leads to the flow 'stat', which does not exist or has errors; did you mean 'start'?",
    ],
  ],
  [
    'a jump to a flow that is not there',
    { ...START, 'flows/other.yaml': flow('other', '  a:\n    go: nowhere/x\n') },
    [
      "flows/other.yaml:6:9 error unknown-flow: step 'a' leads to the flow 'nowhere', which does not exist or has errors",
    ],
  ],
  [
    'a jump to a step that another flow lacks',
    { ...START, 'flows/other.yaml': flow('other', '  a: {say: A, next: {go: start/p}}\n') },
    ["flows/other.yaml:5:26 error unknown-step: the flow 'start' has no step 'p'; did you mean 'q'?"],
  ],
  [
    'a way of several to a flow that is not there',
    {
      ...START,
      'flows/other.yaml': flow('other', '  a: {say: A, next: [{when: language_known, go: x}, {to: a}]}\n'),
    },
    [
      "flows/other.yaml:5:49 error unknown-flow: step 'a' leads to the flow 'x', which does not exist or has errors",
    ],
  ],
  [
    'a file of another encoding',
    { ...START, 'flows/other.yaml': Buffer.from(OTHER.replace('say: A', 'say: Grüße'), 'latin1') },
    ['flows/other.yaml:1:1 error unreadable: cannot be read: it is not UTF-8 text; save it as UTF-8'],
  ],
  [
    'a file of arbitrary bytes',
    { ...START, 'flows/other.yaml': Buffer.from([0, 255, 254, 7, 10, 13, 192, 128]) },
    ['flows/other.yaml:1:1 error unreadable: cannot be read: it is not UTF-8 text; save it as UTF-8'],
  ],
  [
    'a folder that is called like a file',
    { ...START, 'flows/other.yaml/': '' },
    [/^flows\/other\.yaml:1:1 error unreadable: cannot be read: EISDIR/],
  ],
  [
    'a file over 1 MiB',
    { ...START, 'flows/other.yaml': `${OTHER}# ${'x'.repeat(1024 * 1024)}` },
    [/^flows\/other\.yaml:1:1 error too-large: the file has 10\d+ bytes; the limit is 1 MiB/],
  ],
  [
    'two files of one flow',
    { ...START, 'flows/other.yaml': OTHER, 'flows/other.yml': OTHER },
    ["flows/other.yml:1:1 error wrong-name: 'other.yaml' is the same flow; keep one of the two files"],
  ],
  [
    'a start flow that is broken',
    { 'flows/start.yaml': '{', 'flows/stars.yaml': flow('stars', '  a: {say: A}\n') },
    [
      /^flows\/start\.yaml:1:2 error yaml/,
      "flows:1:1 error start-flow: there is no usable start flow 'start' here; did you mean 'stars'?; set START_FLOW or mend start.yaml",
    ],
  ],
  [
    'no flows at all',
    { 'locales/': '' },
    [
      /^flows:1:1 error unreadable: cannot be read: ENOENT/,
      "flows:1:1 error start-flow: there is no usable start flow 'start' here; set START_FLOW or mend start.yaml",
    ],
  ],
  [
    'a translation that is none',
    { ...START, 'locales/de/start.po': 'this is no PO file\nat all' },
    [/^locales\/de\/start\.po:1:1 error translation-file: is no gettext PO file: /],
  ],
  [
    'a translation that is a folder',
    { ...START, 'locales/de/start.po/': '' },
    [/^locales\/de\/start\.po:1:1 error translation-file: cannot be read: EISDIR/],
  ],
  [
    'translations in a file instead of a folder',
    { ...START, locales: 'x' },
    [/^locales:1:1 error translation-file: cannot be read: ENOTDIR/],
  ],
  [
    'a recording that is not there',
    { ...START, 'flows/other.yaml': flow('other', '  a: {say: A, voice: media/en/a.ogg}\n') },
    [
      "flows/other.yaml:5:22 error media-file: the file 'media/en/a.ogg' is not there; put it beside the flows, in flows/media",
    ],
  ],
  [
    'a picture that is there, a translation that names none, and one that is too large',
    {
      ...START,
      'flows/media/a.png': 'x',
      'flows/media/b.png': Buffer.alloc(5 * 1024 * 1024 + 1),
      'flows/other.yaml': flow(
        'other',
        '  a: {say: A, image: media/a.png, next: b}\n  b: {say: B, image: media/a.png}\n',
      ),
      'locales/de/other.po':
        PO_HEAD +
        entry('steps.a.image', 'media/a.png', '../secret.png') +
        entry('steps.b.image', 'media/a.png', 'media/b.png'),
    },
    [
      "locales/de/other.po:7:1 error media-file: '../secret.png' is neither a link that begins with https:// nor a file such as media/en/welcome.ogg",
      "locales/de/other.po:12:1 error media-file: the file 'media/b.png' has 5242881 bytes; WhatsApp takes 5 MiB: make it smaller",
    ],
  ],
  [
    'tests and other files beside the flows',
    {
      ...START,
      'flows/start.test.yaml': ': {',
      'flows/README.md': '{',
      'locales/README': 'x',
      'locales/old.bak/start.po': 'x',
    },
    [],
  ],
];

describe('findings of a project', () => {
  test.each(PROJECTS)('%s', async (_what, files, findings) => {
    const found = report(await load(files));
    expect(found).toHaveLength(findings.length);
    for (const [index, finding] of findings.entries())
      if (typeof finding === 'string') expect(found[index]).toBe(finding);
      else expect(found[index]).toMatch(finding);
  });

  test.each(LOADER_CODES)('the code «%s» has a case', (code) => {
    const all = [
      ...CASES.flatMap(([, , findings]) => findings),
      ...PROJECTS.flatMap(([, , findings]) => findings),
    ];
    expect(all.filter((finding) => String(finding).includes(`error ${code}`))).not.toEqual([]);
  });
});

describe('a broken file', () => {
  test('never stops the others', async () => {
    const { bot, findings } = await load({
      ...START,
      'flows/other.yaml': OTHER,
      'flows/broken.yaml': 'steps: {a: {say: ',
      'flows/bytes.yaml': Buffer.from([255]),
      'locales/de/start.po': 'garbage',
      'locales/de/other.po': PO_HEAD + entry('steps.a.say', 'A', 'Ah'),
    });
    expect([...bot!.flows.keys()]).toEqual(['other', 'start']);
    expect(new Set(findings.map(({ file }) => file.replace(`${folder}/`, '')))).toEqual(
      new Set(['flows/broken.yaml', 'flows/bytes.yaml', 'locales/de/start.po']),
    );
    expect(bot!.texts.say('de', 'other', 'steps.a.say', {})).toEqual({ text: 'Ah', language: 'de' });
  });
});

describe('a translation counts', () => {
  const say = async (po: string): Promise<{ text: string; language: string }> => {
    const { bot, findings } = await load({
      ...START,
      'locales/de/start.po': PO_HEAD + po + entry('title', 'start', 'Anfang'),
    });
    expect(findings).toEqual([]);
    return bot!.texts.say('de', 'start', 'steps.q.ask', {});
  };
  const ENGLISH = { text: 'Which?', language: 'en' };

  test('where its source is the text as it now stands', async () => {
    expect(await say(entry('steps.q.ask', 'Which?', 'Welche?'))).toEqual({ text: 'Welche?', language: 'de' });
  });

  test.each([
    ['its source was changed', entry('steps.q.ask', 'Which one?', 'Welche?')],
    ['it is fuzzy', entry('steps.q.ask', 'Which?', 'Welche?', '#, fuzzy\n')],
    ['it is fuzzy beside other flags', entry('steps.q.ask', 'Which?', 'Welche?', '#, c-format, fuzzy\n')],
    ['it is empty', entry('steps.q.ask', 'Which?', '')],
    ['it is obsolete', '#~ msgctxt "steps.q.ask"\n#~ msgid "Which?"\n#~ msgstr "Welche?"\n\n'],
    ['it has no context', 'msgid "Which?"\nmsgstr "Welche?"\n\n'],
    ['it has the context of another text', entry('steps.p.ask', 'Which?', 'Welche?')],
  ])('not where %s', async (_what, po) => {
    expect(await say(po)).toEqual(ENGLISH);
  });

  test('for words even where they are outdated: danger words must never fall silent', async () => {
    const more = 'entry: [apples, pears]\ncrisis: [i choke]\n';
    const { bot } = await load({
      'flows/start.yaml': flow('start', '  a: {say: A}\n', more),
      'locales/de/start.po':
        PO_HEAD +
        entry('crisis', 'i cough', 'ich ersticke', '#, fuzzy\n') +
        entry('entry', 'apples', 'äpfel'),
    });
    expect(bot!.crisis.map(({ phrase }) => phrase)).toEqual([' i choke ', ' ich ersticke ']);
    expect(bot!.words.get('apfel')).toEqual({ type: 'entry', flow: 'start' });
  });

  test('in a folder named by a language only, and only if there is anything in it', async () => {
    const { bot } = await load({
      ...START,
      'locales/pt-br/start.po': PO_HEAD + entry('steps.q.ask', 'Which?', 'Qual? {{x}}'),
      'locales/de-a1/start.po': PO_HEAD + entry('steps.q.ask', 'Which?', 'x'),
      'locales/uk/': '',
      'locales/ar/notes.txt': 'x',
    });
    expect(bot!.languages.map(({ tag }) => tag)).toEqual(['en', 'pt-br']);
    expect(bot!.texts.say('pt-br', 'start', 'steps.q.ask', { x: '1' })).toEqual({
      text: 'Qual? 1',
      language: 'pt-br',
    });
  });
});
