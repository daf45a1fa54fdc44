import { describe, expect, test } from '@jest/globals';
import { formatFinding } from '../../src/authoring/finding.ts';
import { loadProject } from '../../src/authoring/project.ts';
import { fold, wordList } from '../../src/engine/fold.ts';
import type { Input } from '../../src/engine/input.ts';
import type { Bot } from '../../src/engine/model.ts';
import { PHRASES_FLOW, phrases } from '../../src/engine/phrases.ts';
import { newSession, type Session } from '../../src/engine/session.ts';
import { NOW, messagesOf, step } from '../engine/bot.ts';

const LANGUAGES = ['ar', 'de', 'en', 'uk'];

const { bot: loaded, findings } = await loadProject('flows', 'locales', 'start');
const bot = ((): Bot => {
  if (!loaded) throw new Error(findings.map(formatFinding).join('\n'));
  return loaded;
})();

/** Every text there is, Lotse's own phrases included: [flow, path, source]. */
const TEXTS = [
  ...[...bot.flows.values()].flatMap(({ id, texts }) =>
    [...texts].map(([path, source]) => [id, path, source] as const),
  ),
  ...Object.entries(phrases).map(([path, source]) => [PHRASES_FLOW, path, source] as const),
];

test('the shipped flows and translations have no findings', () => {
  expect(findings.map(formatFinding)).toEqual([]);
  expect([...bot.flows.keys()]).toEqual(
    expect.arrayContaining(['start', 'emergency', 'housing', 'health', 'german-course']),
  );
  expect(bot.languages.map(({ tag }) => tag)).toEqual(LANGUAGES);
});

describe.each(LANGUAGES)('in %s', (language) => {
  const form = (flow: string, path: string): string => bot.texts.forms(flow, path).get(language) ?? '';

  test('every text is there', () => {
    expect(
      TEXTS.filter(([flow, path]) => form(flow, path).trim() === '').map(([flow, path]) => `${flow} ${path}`),
    ).toEqual([]);
  });

  test('every text has the placeholders of its source', () => {
    const placeholders = (text: string): string[] =>
      [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name = '']) => name).sort();
    for (const [flow, path, source] of TEXTS) {
      const where = `${flow} ${path}: `;
      expect(where + placeholders(form(flow, path)).join()).toBe(where + placeholders(source).join());
    }
  });

  test('labels and details fit the rows of a list, and texts one message', () => {
    const over = TEXTS.flatMap(([flow, path]) => {
      const length = [...new Intl.Segmenter(language).segment(form(flow, path))].length;
      const limit = path.endsWith('.label')
        ? 24
        : path.endsWith('.detail')
          ? 72
          : /\.(say|ask|hint|end)$/.test(path)
            ? 1000
            : Infinity;
      return length > limit ? [`${flow} ${path}: ${String(length)}`] : [];
    });
    expect(over).toEqual([]);
  });

  test('options of one question are told apart', () => {
    for (const flow of bot.flows.values())
      for (const name of flow.steps.keys()) {
        const labels = [...flow.texts.keys()].filter(
          (path) => path.startsWith(`steps.${name}.options.`) && path.endsWith('.label'),
        );
        expect(labels.length).toBeLessThanOrEqual(10);
        const folded = labels.map((path) => fold(form(flow.id, path)));
        expect(new Set(folded).size).toBe(folded.length);
      }
  });

  test('the words people are shown do what is said of them', () => {
    for (const name of [
      'menu',
      'back',
      'language',
      'person',
      'stop',
      'start',
      'forget',
      'help',
      'repeat',
      'greeting',
    ] as const) {
      const word = wordList(form(PHRASES_FLOW, `words.${name}`))[0]!;
      expect([word, bot.words.get(fold(word))]).toEqual([word, { type: 'everywhere', name }]);
    }
    for (const [flow, path] of [
      ['start', 'steps.menu.hint'],
      ['start', 'steps.help.say'],
      ['housing', 'steps.need.hint'],
      ['emergency', 'steps.safe.end'],
    ] as const)
      for (const [index, [, word = '']] of [...form(flow, path).matchAll(/\*([^*\n]+)\*/g)].entries()) {
        const heading = path === 'steps.help.say' && index === 0;
        if (!heading) expect([path, word, bot.words.has(fold(word))]).toEqual([path, word, true]);
      }
  });

  test('a greeting leads to the menu, in that language', () => {
    const greeting = wordList(form(PHRASES_FLOW, 'words.greeting'))[0]!;
    const { session, effects } = step(bot, null, { kind: 'text', text: greeting });
    expect(session).toMatchObject({ language, frames: [{ flow: 'start', step: 'menu' }] });
    for (const message of messagesOf(effects)) expect(message.language).toBe(language);
  });

  test('every danger phrase is answered by the emergency numbers', () => {
    for (const phrase of wordList(form('emergency', 'crisis'))) {
      const { session, effects } = step(
        bot,
        { ...newSession(NOW), language },
        { kind: 'text', text: `hm, ${phrase}!` },
      );
      expect([phrase, session?.frames.at(-1)?.flow]).toEqual([phrase, 'emergency']);
      expect(messagesOf(effects)[0]?.text).toContain('112');
    }
  });

  test('every word that opens a flow opens one', () => {
    for (const flow of bot.flows.values())
      for (const word of wordList(form(flow.id, 'entry'))) {
        const meaning = bot.words.get(fold(word));
        const crisis = bot.crisis.some(({ phrase }) => ` ${fold(word)} `.includes(phrase));
        expect([flow.id, word, crisis || meaning?.type === 'entry' ? 'opens' : meaning]).toEqual([
          flow.id,
          word,
          'opens',
        ]);
      }
  });

  test('a walk over all options of all steps finds no fault, no dead end and no foreign text', () => {
    const { reached, stuck } = walk(language);
    expect(stuck).toEqual([]);
    const questions = [...bot.flows.values()].flatMap((flow) =>
      [...flow.steps].filter(([, { waits }]) => waits).map(([name]) => `${flow.id}/${name}`),
    );
    // The language is only asked where it is unknown.
    expect(questions.filter((name) => !reached.has(name) && name !== 'start/language')).toEqual([]);
  });
});

/** What a person may answer where nothing is to be tapped. */
const TYPED: readonly Input[] = [
  ...['1', '5', '20', 'Augsburg', '86150', '1.2.2000', 'name@example.org', '+499119430', 'yes', 'no'].map(
    (text): Input => ({ kind: 'text', text }),
  ),
  { kind: 'location', latitude: 48.4, longitude: 10.9 },
  { kind: 'media', media: { type: 'image', id: '1' } },
];

/** Breadth first over everything that can be answered from the start; `stuck`: questions nothing leads on from. */
function walk(language: string): { reached: Set<string>; stuck: string[] } {
  const place = ({ frames }: Session): string =>
    frames.map(({ flow, step: name }) => `${flow}/${name}`).join('>');
  const begin = step(bot, { ...newSession(NOW), language }, { kind: 'entry', ref: '' });
  const waiting = [
    begin,
    ...[...bot.flows.keys()].map((ref) =>
      step(bot, { ...newSession(NOW), language }, { kind: 'entry', ref }),
    ),
  ];
  const seen = new Set<string>();
  const reached = new Set<string>();
  const stuck: string[] = [];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { session, effects } = next;
    if (!session) throw new Error('the walk never asks to be forgotten');
    const here = place(session);
    const counts = effects.flatMap((effect) => (effect.type === 'count' ? [effect.name] : []));
    expect([here, counts.filter((name) => name === 'guard' || name === 'step_gone')]).toEqual([here, []]);
    for (const message of messagesOf(effects)) {
      expect([here, message.language]).toEqual([here, session.language]);
      expect(message.text.trim()).not.toBe('');
      expect(message.text).not.toContain('{{');
    }
    if (here === '' || seen.has(here)) continue;
    seen.add(here);
    reached.add(here.split('>').at(-1)!);
    const menu = messagesOf(effects).findLast((message) => message.menu)?.menu;
    const inputs: readonly Input[] = menu
      ? menu.options.map(({ id, label }) => ({ kind: 'choice', choice: id, text: label }))
      : TYPED;
    const results = inputs.map((input) => step(bot, session, input));
    if (!results.some((result) => result.session && place(result.session) !== here)) stuck.push(here);
    // A typed answer that is not understood is asked again; that is no new place.
    for (const result of results) if (result.session?.language === language) waiting.push(result);
  }
  return { reached, stuck };
}

test('whose language is unknown is asked for it in all of them', () => {
  const { session, effects } = step(bot, null, { kind: 'text', text: '👋' });
  expect(session?.frames.at(-1)).toMatchObject({ flow: 'start', step: 'language' });
  for (const language of LANGUAGES)
    expect(messagesOf(effects)[0]?.text).toContain(
      bot.texts.say(language, 'start', 'steps.language.ask', {}).text,
    );
});
