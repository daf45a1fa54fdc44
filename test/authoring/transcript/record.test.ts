import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatFinding } from '../../../src/authoring/finding.ts';
import { loadProject } from '../../../src/authoring/project.ts';
import { appendTest } from '../../../src/authoring/transcript/append.ts';
import type { Rendering } from '../../../src/authoring/transcript/conversation.ts';
import { loadTests } from '../../../src/authoring/transcript/load.ts';
import { isSound } from '../../../src/authoring/transcript/names.ts';
import { recordTest } from '../../../src/authoring/transcript/record.ts';
import { formatFailures } from '../../../src/authoring/transcript/report.ts';
import { runTests } from '../../../src/authoring/transcript/run.ts';
import { renderings } from '../../../src/cli/renderings.ts';
import type { Input } from '../../../src/engine/input.ts';
import type { Bot } from '../../../src/engine/model.ts';
import { town } from './town.ts';

const NOW = Date.UTC(2026, 10, 20, 9);
const text: Rendering = { ...renderings.find(({ name }) => name === 'text')! };

const record = (
  bot: Bot,
  inputs: readonly Input[],
  language: string | null,
  flow: string,
): ReturnType<typeof recordTest> =>
  recordTest(
    bot,
    { name: 'x', flow, language, rendering: text, inputs: inputs.map((input) => ({ input, atMs: NOW })) },
    renderings,
  );
const write = (...words: string[]): Input[] => words.map((word) => ({ kind: 'text', text: word }));

describe('a recorded conversation', () => {
  test('tells options by their ids, opening words and other words as they are', () => {
    const inputs: Input[] = [{ kind: 'entry', ref: '' }, ...write('2', 'Eine W', 'zimmer', '3', 'Augsburg')];
    const { yaml, passes } = record(town, inputs, 'de', 'flat');
    expect(passes).toBe(true);
    expect(yaml).toBe(`- test: x
  fixtures:
    flat/offers: unavailable
  talk:
    - say:
        open: ""
    - expect:
        step: start/menu
        options: [ flat, doctor ]
    - say: doctor
    - expect:
        step: start/menu
        options: [ flat, doctor ]
    - say: flat
    - expect:
        step: many
    - say: zimmer
    - expect:
        step: many
    - say: "3"
    - expect:
        step: where
    - say: Augsburg
    - expect:
        ended: true
`);
  });

  test('is narrowed to the languages in which it passes', () => {
    const { yaml, passes } = record(town, write('menu', 'Eine W'), 'de', 'start');
    expect([passes, yaml.includes('languages')]).toEqual([true, false]);
    const loose = record(town, write('menu', 'brauche Eine Wohnung bitte'), 'en', 'start');
    expect(loose.passes).toBe(true);
  });

  test('of somebody unknown begins with an unknown language', () => {
    const { yaml, passes } = record(town, write('hello', '1'), null, 'start');
    expect(passes).toBe(true);
    expect(yaml).toContain('language_known: false');
  });
});

const { bot: shipped, findings } = await loadProject('flows', 'locales', 'start');
const WORDS = [
  ...[
    '1',
    '2',
    '3',
    '٤',
    '5️⃣',
    '99',
    'menu',
    'back',
    'help',
    'person',
    'stop',
    'start',
    'delete my data',
    'yes',
    'no',
    'language',
  ],
  ...[
    'Deutsch',
    'العربية',
    'wohnung',
    'I need a flat',
    'doctor',
    'سكن',
    'qwertz',
    '???',
    'suicide',
    'B1',
    'Only',
    'Augsburg',
    '86150',
  ],
];
const inputs = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...WORDS).map((word): Input => ({ kind: 'text', text: word })) },
    {
      weight: 1,
      arbitrary: fc
        .string({ minLength: 1, maxLength: 12 })
        .map((word): Input => ({ kind: 'text', text: word.trim() || '?' })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Input>(
        { kind: 'entry', ref: 'housing' },
        { kind: 'location', latitude: 48.37, longitude: 10.89 },
        { kind: 'media', media: { type: 'voice', id: '1' } },
      ),
    },
  ),
  { minLength: 1, maxLength: 10 },
);

test.each([
  ['a small flow', town],
  ['the shipped flows', shipped],
])('recorded random conversations replay green: %s', (_what, bot) => {
  if (!bot) throw new Error(findings.map(formatFinding).join('\n'));
  const languages = bot.languages.map(({ tag }) => tag);
  fc.assert(
    fc.property(inputs, fc.constantFrom(null, ...languages), (conversation, language) => {
      const { yaml, passes } = record(bot, conversation, language, 'start');
      const file = loadTests('start.test.yaml', 'start', yaml);
      expect(file.findings.map(formatFinding)).toEqual([]);
      expect(file.tests.map((one) => isSound(bot, one))).toEqual([true]);
      const { runs } = runTests(bot, file.tests, renderings);
      expect(formatFailures(runs)).toEqual([]);
      expect([passes, runs.length > 0]).toEqual([true, true]);
    }),
    { numRuns: 25 },
  );
});

describe('a recording is added to a file', () => {
  const RECORDED = '- test: new\n  say: flat\n  expect:\n    step: many\n';
  const names = (yaml: string): string[] =>
    loadTests('flat.test.yaml', 'flat', yaml).tests.map(({ name }) => name);
  const append = (before: string): ReturnType<typeof appendTest> =>
    appendTest('flat.test.yaml', 'flat', before, RECORDED);

  test.each([
    ['that is empty', '', ['new']],
    ['of comments only', '# about flats\n', ['new']],
    ['with tests and comments', '# a\n- {test: old, say: x, expect: {step: many}} # b\n', ['old', 'new']],
    ['without a last line break', '- {test: old, say: x, expect: {step: many}}', ['old', 'new']],
    [
      'whose list is indented',
      '  # a\n  - test: old\n    say: x\n    expect: {step: many}\n',
      ['old', 'new'],
    ],
  ])('%s, and nothing in it changes', (_what, before, expected) => {
    const after = append(before);
    if (!after.ok) throw new Error(after.message);
    expect(after.text.startsWith(before.trimEnd())).toBe(true);
    expect(names(after.text)).toEqual(expected);
  });

  test.each([
    [
      'that is broken',
      '- {test: old',
      'mend this first: flat.test.yaml:1:13 error yaml: Flow map in block collection must be sufficiently indented and end with a }',
    ],
    [
      'written in brackets',
      '[{test: old, say: x, expect: {step: many}}]',
      'flat.test.yaml is not a plain list of tests, so nothing can be added at its end',
    ],
  ])('but not to one %s', (_what, before, message) => {
    expect(append(before)).toEqual({ ok: false, message });
  });
});
