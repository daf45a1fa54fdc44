import { describe, expect, test } from '@jest/globals';
import { formatFailures, failuresOf } from '../../../src/authoring/transcript/report.ts';
import { runTests } from '../../../src/authoring/transcript/run.ts';
import { renderings } from '../../../src/cli/renderings.ts';
import { botOf } from '../../engine/bot.ts';
import { played, resultsOf, testsOf, town } from './town.ts';

/** What the person did in every run, by language and manner. */
function words(yaml: string): Record<string, string[]> {
  return Object.fromEntries(
    resultsOf(yaml).runs.map(({ language, as, entries }) => [
      `${language} ${as}`,
      entries.flatMap((entry) => (entry.by === 'person' ? [entry.words] : [])),
    ]),
  );
}

describe('what a person does', () => {
  test('an option id is a tap on platforms, a number and a label in text, in each language', () => {
    expect(words('- {test: x, say: [menu, doctor], expect: {step: start/doctor}}')).toEqual({
      'de whatsapp': ['hauptmenü', 'taps «Ein Arzt»'],
      'de messenger': ['hauptmenü', 'taps «Ein Arzt»'],
      'de text by number': ['hauptmenü', '2'],
      'de text by label': ['hauptmenü', 'Ein Arzt'],
      'en whatsapp': ['menu', 'taps «A doctor»'],
      'en messenger': ['menu', 'taps «A doctor»'],
      'en text by number': ['menu', '2'],
      'en text by label': ['menu', 'A doctor'],
    });
  });

  test.each([
    ['a word that opens a flow is the one at its place in the list', 'room', 'zimmer'],
    ['a word that is in both lists stays', 'anmeldung', 'anmeldung'],
    ['a word of the other language is translated, too', 'zimmer', 'zimmer'],
    ['a danger phrase is the one at its place in the list', 'help me now', 'hilf mir jetzt'],
    ['any other text stays', 'Augsburg', 'Augsburg'],
    ['a text that is to stay stays', '{text: room}', 'room'],
  ])('%s', (_what, said, german) => {
    const yaml = `- {test: x, languages: de, as: whatsapp, say: [${said}], expect: {language: de}}`;
    expect(words(yaml)).toEqual({ 'de whatsapp': [german] });
  });

  test('numbers are written where the ladder shows numbers, on platforms, too', () => {
    const yaml =
      '- {test: x, languages: en, as: whatsapp, say: [menu, qq, qq, doctor], expect: {step: start/doctor}}';
    expect(words(yaml)).toEqual({ 'en whatsapp': ['menu', 'qq', 'qq', '2'] });
    expect(played(yaml)).toEqual([]);
  });

  test('a menu further up can be tapped by its full name', () => {
    expect(
      played(
        '- {test: x, say: [menu, doctor, flat, {tap: start/menu/doctor}], expect: {step: start/doctor}}',
      ),
    ).toEqual([]);
  });

  test('a language that was changed is the language from then on', () => {
    const yaml =
      '- {test: x, languages: en, as: whatsapp, say: [menu, Deutsch, room], expect: {language: de}}';
    expect(words(yaml)).toEqual({ 'en whatsapp': ['menu', 'Deutsch', 'zimmer'] });
  });

  test('locations, media and links reach the engine', () => {
    expect(
      played(`
- test: x
  fixtures: {offers: []}
  talk:
    - say: {open: flat}
    - expect: {step: many}
    - say: ['3', {media: image}]
    - expect: {step: where, not_text: Good luck.}
    - say: {location: [48.37, 10.89]}
    - expect: {step: nothing, answers: {people: null}}
`),
    ).toEqual([]);
  });
});

describe('what is expected', () => {
  const passes = (expectation: string, say = "[flat, '3']"): boolean =>
    played(`- {test: x, say: ${say}, expect: ${expectation}}`).length === 0;

  test.each([
    ['{step: told}', '{step: bye}'],
    ['{step: where}', '{step: many}'],
    ['{text: Where?}', '{text: Did you find a flat?}'],
    ['{text: "You are {{people}} people."}', '{text: I found nothing.}'],
    ['{text: You are}', '{text: Good luck.}'],
    ['{contains: "3"}', '{contains: "4"}'],
    ['{not_text: Good luck.}', '{not_text: Where?}'],
    ['{answers: {people: 3}}', '{answers: {people: 4}}'],
    ['{answers: {place: null}}', '{answers: {people: null}}'],
    ['{options: []}', '{options: [flat, doctor]}'],
    ['{ended: false}', '{ended: true}'],
  ])('%s holds where %s does not', (right, wrong) => {
    expect([passes(right), passes(wrong)]).toEqual([true, false]);
  });

  test('options are compared in their order', () => {
    expect(passes('{options: [flat, doctor]}', 'menu')).toBe(true);
    expect(passes('{options: [doctor, flat]}', 'menu')).toBe(false);
  });

  test('what is counted is compared by its name', () => {
    expect(passes('{count: not_understood, text: Tap an answer.}', '[menu, qq]')).toBe(true);
    expect(passes('{count: crisis}', '[menu, qq]')).toBe(false);
  });

  test('a part of a text stands for its whole translation', () => {
    const wrong = botOf(
      { start: 'steps: {menu: {ask: Bring your papers. Come at nine., options: {ok: {label: Fine}}}}' },
      { de: { start: { 'steps.menu.ask': 'Kommen Sie um neun.', 'steps.menu.options.ok.label': 'Gut' } } },
    );
    const yaml = '- {test: x, say: menu, expect: {text: Bring your papers.}}';
    expect(formatFailures(runTests(wrong, testsOf(yaml), renderings).runs)).toEqual([]);
    const other = '- {test: x, languages: de, say: menu, expect: {contains: Bring your papers.}}';
    expect(formatFailures(runTests(wrong, testsOf(other), renderings).runs)).not.toEqual([]);
  });

  test('a text that was not translated has not been said', () => {
    const bare = botOf(
      { start: 'steps: {menu: {ask: What?, options: {ok: {label: Fine, next: bye}}}, bye: {end: Bye.}}' },
      { de: { start: { 'steps.menu.ask': 'Was?', 'steps.bye.end': 'Tschüss.' } } },
    );
    const said = (text: string): boolean =>
      formatFailures(
        runTests(bare, testsOf(`- {test: x, languages: de, say: menu, expect: {text: ${text}}}`), renderings)
          .runs,
      ).length === 0;
    expect([said('What?'), said('Bye.')]).toEqual([true, false]);
  });
});

describe('the clock', () => {
  test('stands at noon of the first day of 2026, or of the day named', () => {
    const [first, second, third] = testsOf(`
- {test: a, say: x, expect: {ended: false}}
- {test: b, today: 2026-11-23, say: x, expect: {ended: false}}
- {test: c, today: 2026-11-23T18:30Z, say: x, expect: {ended: false}}
`).map(({ nowMs }) => new Date(nowMs).toISOString());
    expect([first, second, third]).toEqual([
      '2026-01-01T12:00:00.000Z',
      '2026-11-23T12:00:00.000Z',
      '2026-11-23T18:30:00.000Z',
    ]);
  });

  test('moves on by a wait: reminders are given, and answers run out', () => {
    expect(
      played(`
- test: x
  fixtures: {offers: [Shelter A, Shelter B]}
  talk:
    - say: [flat, '3']
    - expect: {answers: {people: 3}}
    - say: Augsburg
    - expect: [{step: offers, text: [Shelter A, Shelter B]}, {step: bye, ended: true}]
    - say: {wait: 2 days}
    - expect: {ended: true}
    - say: {wait: 25 hours}
    - expect: {step: helped, text: Did you find a flat?, options: [found], answers: {people: null}}
    - say: found
    - expect: {step: bye, ended: true}
`),
    ).toEqual([]);
  });
});

describe('the world outside', () => {
  test.each([
    ['what was found is said', '[Shelter A]', '{step: offers, text: Shelter A}'],
    ['nothing is found', '[]', '{step: nothing, text: I found nothing.}'],
    ['nobody answers', 'unavailable', '{step: offers, count: unavailable}'],
  ])('%s', (_what, fixture, expectation) => {
    const yaml = `- {test: x, fixtures: {offers: ${fixture}}, say: [flat, '3', Augsburg], expect: ${expectation}}`;
    expect(played(yaml)).toEqual([]);
  });

  test('a step that asks without a fixture is a failure, and so is a fixture of another kind', () => {
    const actual = (fixtures: string): string[] =>
      failuresOf(
        resultsOf(
          `- {test: x, languages: en, as: whatsapp, ${fixtures}say: [flat, '3', Augsburg], expect: {step: offers}}`,
        ).runs,
      ).map((failure) => `${failure.expected} but ${failure.actual}`);
    expect(actual('')).toEqual([
      'fixtures: {flat/offers: …} but the step asks outside (search), and the test does not say what it gets',
    ]);
    expect(actual('fixtures: {offers: done}, ')).toEqual([
      'fixtures: {flat/offers: a list of results}, or unavailable but "done"',
    ]);
  });
});

describe('a failure', () => {
  test('shows who said what, with steps, and marks the difference at its place', () => {
    const yaml = `- test: a family finds a flat
  languages: [de]
  as: whatsapp
  say:
    - menu
    - flat
    - "4"
  expect:
    - step: bye
      text: Good luck.
      answers: {people: 5}
`;
    expect(played(yaml)).toEqual([
      'FAILED a family finds a flat (de, whatsapp) flat.test.yaml:1:3',
      '  person: hauptmenü (menu)',
      '  lotse at start/menu:',
      '      Was brauchen Sie?',
      '      [flat] Eine Wohnung',
      '      [doctor] Ein Arzt',
      '  person: taps «Eine Wohnung» (flat)',
      '  lotse at flat/many:',
      '      Wie viele Personen?',
      '  person: 4',
      '  lotse at flat/told > flat/where:',
      '      Sie sind 4 Personen.',
      '',
      '      Wo?',
      '  >>> flat.test.yaml:9:13',
      '    - expected step: flat/bye',
      '    + but      step: flat/told > flat/where',
      '  >>> flat.test.yaml:10:13',
      '    - expected text: "Good luck.", as translated into de',
      '    + but      it was not said',
      '  >>> flat.test.yaml:11:16',
      '    - expected answers: people: 5',
      '    + but      answers: people: 4',
      '',
    ]);
  });

  test('is told once, with all languages and renderings in which it is the same', () => {
    const lines = played('- {test: x, say: [flat], expect: {step: bye}}');
    expect(lines.filter((line) => line.startsWith('FAILED'))).toEqual([
      'FAILED x (de, whatsapp) flat.test.yaml:1:3',
    ]);
    expect(lines.at(-2)).toBe(
      '  the same in 7 more: de messenger, de text by number, de text by label, en whatsapp, en messenger, en text by number, en text by label',
    );
  });

  test('is one of every run for programs', () => {
    const failures = failuresOf(resultsOf('- {test: x, say: [flat], expect: {step: bye}}').runs);
    expect(failures).toHaveLength(8);
    expect(failures[0]).toEqual({
      file: 'flat.test.yaml',
      line: 1,
      column: 41,
      test: 'x',
      language: 'de',
      as: 'whatsapp',
      expected: 'step: flat/bye',
      actual: 'step: flat/many',
    });
  });

  test('does not hide those after it', () => {
    const failures = failuresOf(
      resultsOf(`
- {test: a, as: whatsapp, languages: en, talk: [{say: flat}, {expect: {step: bye}}, {say: '2'}, {expect: {step: bye}}]}
- {test: b, as: whatsapp, languages: en, say: flat, expect: {step: bye}}
`).runs,
    );
    expect(failures.map(({ test: name, line, column }) => [name, line, column])).toEqual([
      ['a', 2, 78],
      ['a', 2, 113],
      ['b', 3, 68],
    ]);
  });

  test('says which option was probably meant', () => {
    const [failure] = failuresOf(
      resultsOf('- {test: x, languages: en, as: whatsapp, say: [menu, doktor], expect: {step: start/menu}}')
        .runs,
    );
    expect(failure).toMatchObject({
      line: 1,
      column: 54,
      expected: 'say: doktor',
      actual: "it was not understood; did you mean 'doctor'?",
    });
  });

  test('is a flow that runs in a circle, expected or not', () => {
    const circle = botOf({ start: 'entry: [round]\nsteps: {a: {say: A, next: a}}' });
    const run = (count: string): number =>
      failuresOf(
        runTests(
          circle,
          testsOf(`- {test: x, as: whatsapp, say: round, expect: {ended: true${count}}}`, 'start'),
          renderings,
        ).runs,
      ).length;
    expect([run(''), run(', count: guard')]).toEqual([1, 0]);
  });
});

test('coverage counts the steps and ways that were walked, and names the others', () => {
  const { coverage } = resultsOf(
    `- {test: x, fixtures: {offers: []}, say: [menu, flat, '3', Augsburg], expect: {step: bye}}`,
  );
  expect(coverage.find(({ flow }) => flow === 'start')).toEqual({
    flow: 'start',
    steps: { visited: 1, of: 3 },
    ways: { visited: 1, of: 4 },
    unvisitedSteps: ['doctor', 'round'],
    unvisitedWays: ['menu (doctor) -> doctor', 'doctor -> menu', 'round -> round'],
  });
  expect(coverage.find(({ flow }) => flow === 'flat')).toMatchObject({
    unvisitedSteps: ['helped'],
    unvisitedWays: ['offers -> later', 'later (remind) -> helped', 'helped (found) -> bye'],
  });
});

test('only what a test and the command line leave over is run', () => {
  const tests = testsOf('- {test: x, as: [whatsapp, text], say: flat, expect: {step: many}}');
  const runs = (only: { language: string | null; as: string | null }): string[] =>
    runTests(town, tests, renderings, only).runs.map(({ language, as }) => `${language} ${as}`);
  expect(runs({ language: 'de', as: null })).toEqual([
    'de whatsapp',
    'de text by number',
    'de text by label',
  ]);
  expect(runs({ language: null, as: 'whatsapp' })).toEqual(['de whatsapp', 'en whatsapp']);
  expect(runs({ language: 'de', as: 'messenger' })).toEqual([]);
});
