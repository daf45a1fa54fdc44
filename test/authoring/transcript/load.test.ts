import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatFinding } from '../../../src/authoring/finding.ts';
import { loadTests } from '../../../src/authoring/transcript/load.ts';
import { checkTests, isSound } from '../../../src/authoring/transcript/names.ts';
import { unusedFixtures } from '../../../src/authoring/transcript/unused.ts';
import { runTests } from '../../../src/authoring/transcript/run.ts';
import { renderings } from '../../../src/cli/renderings.ts';
import { town } from './town.ts';

const found = (yaml: string): string[] => {
  const file = loadTests('flat.test.yaml', 'flat', yaml);
  return [...file.findings, ...checkTests(town, file)].map((finding) =>
    formatFinding(finding).replace('flat.test.yaml:', ''),
  );
};

const SAID =
  'must be a text, or one of {text: …}, {tap: step/option}, {location: [48.37, 10.89]}, {media: audio}, {open: flow}, {wait: 2 days}';

describe('a test file that is wrong says where', () => {
  test.each<[what: string, yaml: string, findings: string[]]>([
    [
      'an unknown key',
      '- {test: x, say: a, exspect: {step: many}, expect: {step: many}}',
      ["1:21 error unknown-key: 'exspect' is not known here; did you mean 'expect'?"],
    ],
    [
      'an unknown key of an expectation',
      '- test: x\n  say: a\n  expect:\n    - {step: many}\n    - {txt: a}',
      ["5:8 error unknown-key: 'txt' is not known here; did you mean 'text'?"],
    ],
    [
      'a text that needs quotes',
      '- {test: x, say: a, expect: {text: Sorry, I did not}}',
      [
        "1:43 error unknown-key: 'I did not' is not known here; is it part of a text? Then put the text in quotes",
      ],
    ],
    [
      'a number without quotes',
      '- {test: x, say: [flat, 01067], expect: {step: many}}',
      ['1:25 error wrong-shape: say: must be a text; put numbers and true/false in quotes, e.g. "86150"'],
    ],
    [
      'an unknown way to say something',
      '- {test: x, say: {speak: a}, expect: {step: many}}',
      ["1:19 error unknown-key: 'speak' is not known here"],
    ],
    [
      'two ways at once',
      '- {test: x, say: {tap: a, text: b}, expect: {step: many}}',
      [`1:18 error wrong-shape: say: ${SAID}`],
    ],
    ['nothing said', '- {test: x, say: , expect: {step: many}}', [`1:18 error wrong-shape: say: ${SAID}`]],
    [
      'a place that is none',
      '- {test: x, say: {location: Augsburg}, expect: {step: many}}',
      ['1:29 error wrong-shape: say.location: must be [latitude, longitude] in degrees, e.g. [48.37, 10.89]'],
    ],
    [
      'a wait that is none',
      '- {test: x, say: {wait: long}, expect: {step: many}}',
      ['1:25 error wrong-shape: say.wait: must be a time such as 30 minutes, 3 hours or 2 days'],
    ],
    [
      'a rendering that is none',
      '- {test: x, as: [whatsap], say: a, expect: {step: many}}',
      ['1:18 error wrong-shape: as: must be one of whatsapp, messenger, text'],
    ],
    [
      'a day that is none',
      '- {test: x, today: 2026-13-40, say: a, expect: {step: many}}',
      ['1:20 error wrong-shape: today: is no day of the calendar'],
    ],
    [
      'a test without a name',
      '- {say: a, expect: {step: many}}',
      ['1:3 error wrong-shape: test: is missing'],
    ],
    [
      'a test that expects nothing',
      '- {test: x, say: a}',
      ['1:3 error wrong-shape: the test: expects nothing, so it can never fail; add expect'],
    ],
    [
      'an empty expectation',
      '- {test: x, say: a, expect: {}}',
      ['1:29 error wrong-shape: expect: expects nothing; name a step or a text'],
    ],
    [
      'a test that says nothing',
      '- {test: x, expect: {step: many}}',
      ['1:3 error wrong-shape: the test: says nothing; it needs say and expect, or talk'],
    ],
    [
      'both forms',
      '- {test: x, say: a, expect: {step: many}, talk: [{say: a}, {expect: {step: many}}]}',
      ['1:3 error wrong-shape: the test: has both talk and say/expect; use one of the two forms'],
    ],
    [
      'a line of talk that is a text',
      '- {test: x, talk: [hello, {expect: {step: many}}]}',
      ['1:20 error wrong-shape: talk: must be {say: …} or {expect: {…}}'],
    ],
    [
      'an unknown step',
      '- {test: x, say: a, expect: {step: mani}}',
      ["1:36 error unknown-step: the flow 'flat' has no step 'mani'; did you mean 'many'?"],
    ],
    [
      'a step of another flow',
      '- {test: x, say: a, expect: {step: doctor}}',
      ["1:36 error unknown-step: the flow 'flat' has no step 'doctor'; did you mean 'start/doctor'?"],
    ],
    [
      'an unknown flow',
      '- {test: x, say: a, expect: {step: sart/menu}}',
      ["1:36 error unknown-flow: there is no usable flow 'sart'; did you mean 'start'?"],
    ],
    [
      'an unknown option',
      '- {test: x, say: a, expect: {step: start/menu, options: [flat, docter]}}',
      ["1:64 error wrong-shape: the step 'start/menu' has no option 'docter'; did you mean 'doctor'?"],
    ],
    [
      'an unknown option of a tap',
      '- {test: x, say: {tap: helped/fund}, expect: {step: many}}',
      ["1:24 error wrong-shape: the step 'flat/helped' has no option 'fund'; did you mean 'found'?"],
    ],
    [
      'a tap on an unknown step',
      '- {test: x, say: {tap: helpd/found}, expect: {step: many}}',
      ["1:24 error unknown-step: the flow 'flat' has no step 'helpd'; did you mean 'helped'?"],
    ],
    [
      'an unknown answer',
      '- {test: x, say: a, expect: {answers: {peeple: 3}}}',
      ["1:48 error unknown-answer: the flow 'flat' has no answer 'peeple'; did you mean 'people'?"],
    ],
    [
      'an unknown language',
      '- {test: x, languages: [fr], say: a, expect: {language: ar}}',
      [
        "1:25 error wrong-shape: there is no language 'fr' here; there are: de, en",
        "1:57 error wrong-shape: there is no language 'ar' here; there are: de, en",
      ],
    ],
    [
      'a fixture for an unknown step',
      '- {test: x, fixtures: {offer: []}, say: a, expect: {step: many}}',
      ["1:31 error unknown-step: the flow 'flat' has no step 'offer'; did you mean 'offers'?"],
    ],
    [
      'a fixture that is none',
      '- {test: x, fixtures: {offers: maybe}, say: a, expect: {step: many}}',
      [
        '1:32 error wrong-shape: fixtures.offers: must be what the step gets: a list of results, [] for nothing, done (a referral was taken), or unavailable',
      ],
    ],
    [
      'a file that is no list',
      'test: x',
      ["1:1 error wrong-shape: the file: must be a list of tests, each beginning with '- test: …'"],
    ],
    [
      'an empty file',
      '',
      ["1:1 error wrong-shape: the file: must be a list of tests, each beginning with '- test: …'"],
    ],
    [
      'a file that is no YAML',
      '- {test: x',
      ['1:11 error yaml: Flow map in block collection must be sufficiently indented and end with a }'],
    ],
  ])('%s', (_what, yaml, findings) => {
    expect(found(yaml)).toEqual(findings);
  });

  test('and the good tests of the file are still played', () => {
    const file = loadTests(
      'flat.test.yaml',
      'flat',
      '- {test: bad, sya: a}\n- {test: good, say: flat, expect: {step: many}}\n',
    );
    expect(file.findings.length).toBeGreaterThan(0);
    expect(file.tests.map(({ name }) => name)).toEqual(['good']);
  });

  test('a test that speaks of what is not there is not played', () => {
    const { tests } = loadTests('flat.test.yaml', 'flat', '- {test: x, say: a, expect: {step: mani}}');
    expect(tests.map((one) => isSound(town, one))).toEqual([false]);
  });

  test('a fixture that nothing asks for is refused', () => {
    const yaml = '- {test: x, fixtures: {offers: []}, say: flat, expect: {step: many}}';
    const file = loadTests('flat.test.yaml', 'flat', yaml);
    const { runs } = runTests(town, file.tests, renderings);
    expect(unusedFixtures(file, runs).map(formatFinding)).toEqual([
      "flat.test.yaml:1:24 error wrong-shape: the step 'flat/offers' asks nobody in this test; remove this, or mend the conversation",
    ]);
  });
});

test('whatever a file holds, it is read as tests or findings, and what is read can be played', () => {
  const word = fc.constantFrom(
    'flat',
    'menu',
    '3',
    'start/menu',
    'many',
    'x',
    'de',
    'whatsapp',
    '2 days',
    'unavailable',
  );
  const key = fc.constantFrom(
    'test',
    'languages',
    'as',
    'today',
    'fixtures',
    'say',
    'expect',
    'talk',
    'text',
    'tap',
    'location',
    'media',
    'open',
    'wait',
    'step',
    'contains',
    'not_text',
    'options',
    'answers',
    'language',
    'count',
    'ended',
    'other',
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium' },
      word,
      fc.constantFrom(null, true, 3),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  }));
  const whole = fc.record({
    test: word,
    say: fc.oneof(word, value),
    expect: fc.oneof(fc.record({ step: word }), value),
  });
  fc.assert(
    fc.property(fc.oneof(value, fc.array(whole, { minLength: 1, maxLength: 3 })), (data) => {
      const file = loadTests('flat.test.yaml', 'flat', JSON.stringify(data));
      expect(file.tests.length + file.findings.length).toBeGreaterThan(0);
      const tests = file.tests.filter((one) => isSound(town, one));
      expect(runTests(town, tests, renderings).runs.every(({ entries }) => Array.isArray(entries))).toBe(
        true,
      );
    }),
    { numRuns: 300 },
  );
});
