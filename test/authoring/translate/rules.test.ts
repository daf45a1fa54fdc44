import { describe, expect, test } from '@jest/globals';
import { readCatalog } from '../../../src/authoring/catalog.ts';
import type { Finding } from '../../../src/authoring/finding.ts';
import { loadFlow } from '../../../src/authoring/load.ts';
import type { Rule } from '../../../src/authoring/rule.ts';
import {
  longTranslations,
  translatedPlaceholders,
  unbalancedBold,
} from '../../../src/authoring/rules/translation-content.ts';
import { unprotectedNumbers, untranslated } from '../../../src/authoring/rules/translation-language.ts';
import { understanding } from '../../../src/understanding/understanding.ts';
import { createBot } from '../../../src/engine/bot.ts';
import { createTexts } from '../../../src/i18n.ts';

/** What a rule finds in one translation of one text of a flow. */
function found(
  rule: Rule,
  {
    language = 'ar',
    steps = '  a: {say: TEXT}\n',
    path = 'steps.a.say',
    source = 'Call us',
    text,
    above = '',
  }: { language?: string; steps?: string; path?: string; source?: string; text: string; above?: string },
): Finding[] {
  const written = JSON.stringify(source);
  const file = `flow: f\nlanguage: en\ntitle: T\nanswers:\n  name: {type: text, purpose: p, keep: conversation}\nsteps:\n${steps.replace('TEXT', () => written)}`;
  const loaded = loadFlow('flows/f.yaml', 'f', file);
  if (!loaded.flow) throw new Error(loaded.findings.map(({ message }) => message).join());
  const po = `msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n${above}msgctxt "${path}"\nmsgid ${written}\nmsgstr ${JSON.stringify(text)}\n`;
  const read = readCatalog({ language, flow: 'f', file: 'f.po' }, Buffer.from(po));
  if (!read.ok) throw new Error(read.message);
  const bot = createBot(
    new Map([['f', loaded.flow]]),
    loaded.flow,
    [],
    createTexts(new Map(), new Map()),
    understanding,
  );
  return [...rule({ bot, loaded: [loaded], catalogs: [read.catalog], today: '2026-11-23' })];
}

describe('a phone number in a text from right to left', () => {
  test.each([
    ['of groups', 'اتصل +49 911 9430'],
    ['with a plus alone', 'اتصل +499119430'],
    ['of two short groups', 'اتصل 116 117'],
    ['before the letters', '116 117 اتصل'],
    ['after a mark the other way', 'BAMF\u200f 116 117 اتصل'],
    ['after an isolate that has ended', 'اتصل \u2066BAMF\u2069 116 117'],
  ])('%s needs protection', (_what, text) => {
    expect(found(unprotectedNumbers, { text }).map(({ code }) => code)).toEqual(['translation-number']);
  });

  test.each([
    ['behind a left-to-right mark', 'اتصل \u200e+49 911 9430\u200e.'],
    ['in an isolate', 'اتصل \u2066+49 911 9430\u2069.'],
    ['behind Latin letters', 'اتصل BAMF: +49 911 9430'],
    ['joined by no-break spaces', 'اتصل 116\u00a0117'],
    ['on a line of its own', 'اتصل:\n+49 911 9430'],
    ['that is a time, a range or a date', 'من 9 إلى 11، 9-11، 2024-2026، 31.12.2026'],
    ['in a language from left to right', 'Call +49 911 9430', 'uk'],
  ])('%s needs none', (_what, text, language = 'fa') => {
    expect(found(unprotectedNumbers, { text, language })).toEqual([]);
  });
});

describe('a translation equal to its source', () => {
  test.each([
    ['a sentence', 'Call us now', ['translation-same']],
    ['an abbreviation', 'BAMF', []],
    ['a name with capitals inside', 'WhatsApp', []],
    ['a German term', 'Wohnberechtigungsschein (WBS)', []],
    ['a number and an address', '+49 911 9430 https://example.org', []],
    ['a placeholder alone', '{{name}}', []],
  ])('of %s', (_what, source, codes) => {
    expect(found(untranslated, { source, text: source, language: 'de' }).map(({ code }) => code)).toEqual(
      codes,
    );
  });

  test('is accepted when somebody reviewed it', () => {
    const above = '# reviewed by Ali on 2026-01-02\n';
    expect(found(untranslated, { text: 'Call us', language: 'de', above })).toEqual([]);
  });
});

describe('a label', () => {
  const ask = (more: string): string =>
    `  a: {ask: Which?, options: {x: {label: TEXT}, y: {label: Y${more}}}}\n`;
  const label = { path: 'steps.a.options.x.label', source: 'X', language: 'de' };

  test('of 20 characters is as long as may be on a button', () => {
    expect(found(longTranslations, { ...label, steps: ask(''), text: 'x'.repeat(20) })).toEqual([]);
    expect(found(longTranslations, { ...label, steps: ask(''), text: 'x'.repeat(21) })[0]?.message).toContain(
      'has 21 characters; a button on WhatsApp shows 20, Messenger shows 20',
    );
  });

  test('of 24 characters is as long as may be in a row with details', () => {
    const steps = ask(', detail: D');
    expect(found(longTranslations, { ...label, steps, text: 'x'.repeat(24) })).toEqual([]);
    expect(found(longTranslations, { ...label, steps, text: 'x'.repeat(25) })).toHaveLength(1);
  });
});

test.each([
  ['kept in another place', 'Hello {{name}}!', '{{ name }}, hallo!', null],
  ['lost', 'Hello {{name}}!', 'Hallo!', 'lacks {{name}}'],
  ['invented', 'Hello!', 'Hallo {{name}}!', 'has {{name}}, which does not stand in the source'],
  [
    'with half its braces',
    'Hello {{name}}!',
    'Hallo {{name}} {{name}!',
    'a brace that belongs to no placeholder',
  ],
])('a placeholder that is %s', (_what, source, text, message) => {
  const messages = found(translatedPlaceholders, { source, text }).map((finding) => finding.message);
  expect(messages).toEqual(message === null ? [] : [expect.stringContaining(message)]);
});

test.each([
  ['*menu* and *help*', '*Menü* und *Hilfe*', 0],
  ['*menu*', '*Menü', 1],
  ['*menu*', '*Me\nnü*', 1],
  ['* one\n* two', '* eins\n* zwei', 0],
])('%j translated as %j has %i marks without their second half', (source, text, count) => {
  expect(found(unbalancedBold, { source, text })).toHaveLength(count);
});
