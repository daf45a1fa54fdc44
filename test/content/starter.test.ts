import { beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { loadProject } from '../../src/authoring/project.ts';
import { advance } from '../../src/engine/advance.ts';
import type { Effect } from '../../src/engine/effect.ts';
import { fold, wordList } from '../../src/engine/fold.ts';
import type { Input } from '../../src/engine/input.ts';
import type { Message } from '../../src/engine/message.ts';
import type { Bot } from '../../src/engine/model.ts';
import { PHRASES_FLOW, phrases } from '../../src/engine/phrases.ts';
import type { Session } from '../../src/engine/session.ts';

const LANGUAGES = ['en', 'de', 'ar', 'uk'];
const NOW = Date.UTC(2026, 10, 23);

let bot: Bot;
/** Every text of the starter flows and of Lotse itself. */
let texts: { flow: string; path: string; source: string; forms: ReadonlyMap<string, string> }[];

beforeAll(async () => {
  const root = join(import.meta.dirname, '../..');
  const project = await loadProject(join(root, 'flows'), join(root, 'locales'), 'start');
  expect(project.findings).toEqual([]);
  if (!project.bot) throw new Error('the starter flows make no bot');
  bot = project.bot;
  const sources: [string, string, string][] = [...bot.flows.values()].flatMap((flow) =>
    [...flow.texts].map(([path, source]): [string, string, string] => [flow.id, path, source]),
  );
  for (const [path, source] of Object.entries(phrases)) sources.push([PHRASES_FLOW, path, source]);
  texts = sources.map(([flow, path, source]) => ({ flow, path, source, forms: bot.texts.forms(flow, path) }));
});

/** What is wrong, one line a text, so that a failure names every place at once. */
function wrong(
  holds: (text: string, source: string, path: string, language: string) => boolean,
  where: (path: string) => boolean,
): string[] {
  return texts.flatMap(({ flow, path, source, forms }) =>
    where(path)
      ? [...forms]
          .filter(([language, text]) => !holds(text, source, path, language))
          .map(([language]) => `${language} ${flow} ${path}`)
      : [],
  );
}

const isWords = (path: string): boolean => /^words\.|^entry$|^crisis$/.test(path);
const isLabel = (path: string): boolean => /label$|^menu\.button$|^forget\.(yes|no)$/.test(path);
const isSentence = (path: string): boolean => !isWords(path);

describe('the texts of the starter flows', () => {
  test('are there in every language', () => {
    const missing = texts.flatMap(({ flow, path, forms }) =>
      LANGUAGES.filter((language) => !forms.has(language)).map((language) => `${language} ${flow} ${path}`),
    );
    expect(texts.length).toBeGreaterThan(200);
    expect(missing).toEqual([]);
  });

  test('fit WhatsApp and Messenger', () => {
    expect(wrong((text) => text.length <= 20, isLabel)).toEqual([]);
    expect(
      wrong(
        (text) => text.length <= 72,
        (path) => path.endsWith('detail'),
      ),
    ).toEqual([]);
    expect(wrong((text) => text.length <= 900, isSentence)).toEqual([]);
  });

  test('keep placeholders, web addresses and emergency numbers when translated', () => {
    const kept =
      /\{\{\w+\}\}|\b[\w-]+\.(?:bamf\.)?de\b|\b11[025]\b|\b116117\b|\b116 \d{3}\b|\b0800 111 0550\b/g;
    const found = (text: string): string[] => [
      ...new Set(
        text
          .replace(/\u200e/g, '')
          .replace(/\u00a0/g, ' ')
          .match(kept),
      ),
    ];
    const holds = (text: string, source: string): boolean =>
      found(text).sort().join(' ') === found(source).sort().join(' ');
    expect(wrong(holds, isSentence)).toEqual([]);
  });

  test('keep the parts of a number together where Arabic is written around them', () => {
    const torn = /\d (?=\d{3})/;
    expect(
      wrong(
        (text, _source, _path, language) =>
          language !== 'ar' || !torn.test(text.replace(/\u200e[^\u200e]*\u200e/g, '')),
        isSentence,
      ),
    ).toEqual([]);
  });
});

describe('words', () => {
  test('mean one thing only', () => {
    const meanings = new Map<string, Set<string>>();
    for (const { flow, path, forms } of texts)
      if (path === 'entry' || path.startsWith('words.'))
        for (const list of forms.values())
          for (const word of wordList(list)) {
            const meaning = meanings.get(fold(word)) ?? new Set<string>();
            meanings.set(fold(word), meaning.add(path === 'entry' ? flow : path));
          }
    const unclear = [...meanings].filter(([, meaning]) => meaning.size > 1).map(([word]) => word);
    expect(unclear).toEqual([]);
  });

  test('of the help text are the ones that work, in every language', () => {
    const help = bot.texts.forms('start', 'steps.help.say');
    for (const name of ['menu', 'back', 'language', 'person', 'stop', 'forget'])
      for (const [language, list] of bot.texts.forms(PHRASES_FLOW, `words.${name}`))
        expect(help.get(language)).toContain(`*${wordList(list)[0] ?? ''}*`);
  });

  test('that mean danger do not stand in a label, which people may write', () => {
    const ringing = wrong((text) => {
      const label = ` ${fold(text)} `;
      return !bot.crisis.some(({ phrase }) => label.includes(phrase));
    }, isLabel);
    expect(ringing).toEqual([]);
  });
});

const say = (text: string): Input => ({ kind: 'text', text });
const sent = (effects: readonly Effect[]): Message[] =>
  effects.flatMap((effect) => (effect.type === 'send' ? [effect.message] : []));

describe.each([
  [
    'en',
    ['I want to die', 'my husband hits me every night', 'Help, my child is missing!', "I can't breathe"],
  ],
  [
    'de',
    [
      'Ich möchte nicht mehr leben',
      'Mein Mann schlägt mich',
      'er bekommt keine Luft!',
      'Unsere Wohnung brennt',
    ],
  ],
  ['ar', ['أريدُ أنْ أموت', 'زوجي بيضربني كل يوم', 'صاحب العمل أخذ جواز سفري', 'مو قادر اتنفس']],
  ['uk', ['Я хочу померти', 'Чоловік б’є мене', 'моя дитина зникла', 'роботодавець забрав мій паспорт']],
])('danger, written in %s', (language, messages) => {
  test.each(messages)('«%s» is answered at once with numbers', (text) => {
    const { session, effects } = advance(bot, null, say(text), NOW, 'whatsapp');
    const [first] = sent(effects);
    expect(session?.language).toBe(language);
    expect(first?.language).toBe(language);
    expect(first?.text).toMatch(/112[^]*110/);
  });
});

test.each([
  'I do not want to live in this camp',
  'My boss wants to fire me',
  'The BAMF has my passport',
  'Die Behörde hat meinen Pass',
  'Ich möchte nicht mehr im Lager leben',
  'لا أريد أن أعيش في المخيم',
  'دائرة الأجانب أخذت جوازي',
  'عندي طفل وحيد',
  'не хочу жити в таборі',
  'потрібна швидка відповідь',
])('«%s» is no alarm', (text) => {
  const { effects } = advance(bot, null, say(text), NOW, 'whatsapp');
  expect(effects).not.toContainEqual(expect.objectContaining({ type: 'count', name: 'crisis' }));
});

/** Where a person stands, apart from the time and the way there. */
const place = ({ frames, answers }: Session): string =>
  JSON.stringify([frames.map(({ flow, step }) => `${flow}/${step}`), answers]);

test.each(LANGUAGES)(
  'in %s every answer of every question leads on, by tap, label and number alike',
  (language) => {
    const begun = advance(
      bot,
      null,
      { kind: 'choice', choice: `start/language/${language}` },
      NOW,
      'whatsapp',
    );
    const waiting = begun.session ? [begun.session] : [];
    const seen = new Set(waiting.map(place));
    const questions = new Set<string>();
    const faults: string[] = [];
    for (let session = waiting.pop(); session; session = waiting.pop()) {
      const { flow = '', step = '' } = session.frames.at(-1) ?? {};
      questions.add(`${flow}/${step}`);
      const shown = sent(
        advance(bot, session, { kind: 'unsupported', what: 'sticker' }, NOW, 'whatsapp').effects,
      ).at(-1);
      const inputs = (shown?.menu?.options ?? []).map(({ id, label }, index): Input[] => [
        { kind: 'choice', choice: id, text: label },
        say(label),
        say(String(index + 1)),
      ]);
      for (const alike of inputs.length === 0 ? [[say('1')], [say('٤')]] : inputs) {
        const places = new Set<string>();
        for (const input of alike) {
          const next = advance(bot, session, input, NOW, 'whatsapp');
          const counted = next.effects.flatMap((effect) => (effect.type === 'count' ? [effect.name] : []));
          const lost = counted.some((name) => ['guard', 'not_understood', 'step_gone'].includes(name));
          if (lost || sent(next.effects).length === 0)
            faults.push(`${flow}/${step}: ${JSON.stringify(input)}`);
          if (!next.session) continue;
          const there = place(next.session);
          places.add(there);
          if (next.session.frames.length > 0 && !seen.has(there)) waiting.push(next.session);
          seen.add(there);
        }
        if (places.size !== 1) faults.push(`${flow}/${step}: ${JSON.stringify(alike)} differ`);
      }
    }
    expect(faults).toEqual([]);
    const asked = [...bot.flows.values()].flatMap((flow) =>
      [...flow.steps].filter(([, step]) => step.waits).map(([name]) => `${flow.id}/${name}`),
    );
    expect([...questions].sort()).toEqual(asked.filter((name) => name !== 'start/language').sort());
  },
);
