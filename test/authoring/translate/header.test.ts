import { describe, expect, test } from '@jest/globals';
import { runInNewContext } from 'node:vm';
import { PLURAL_FORMS, headersFor, pluralForms } from '../../../src/authoring/translate/header.ts';

/** Which form a rule in gettext's notation picks for each number; C's and JavaScript's operators agree here. */
const picked = (rule: string): unknown => {
  const found: unknown = runInNewContext(`JSON.stringify(numbers.map((n) => Number(${rule})))`, {
    numbers: NUMBERS,
  });
  return JSON.parse(String(found));
};
const NUMBERS = [...Array(1_200).keys(), 999_999, 1_000_000, 1_000_001, 3_000_000];

describe('plural forms', () => {
  test.each([
    'de',
    'en',
    'ar',
    'uk',
    'ru',
    'fa',
    'ps',
    'ku',
    'ckb',
    'tr',
    'fr',
    'ti',
    'pl',
    'ro',
    'vi',
    'es',
  ])('of %s are those of CLDR', (language) => {
    const [, count, rule = ''] = /^nplurals=(\d); plural=(.+);$/.exec(pluralForms(language)) ?? [];
    const rules = new Intl.PluralRules(language);
    const order = ['zero', 'one', 'two', 'few', 'many', 'other'];
    const said = NUMBERS.map((n) => order.indexOf(rules.select(n)));
    const used = [...new Set(said)].sort();
    expect(Number(count)).toBe(used.length);
    expect(picked(rule)).toEqual(said.map((category) => used.indexOf(category)));
  });

  test.each(PLURAL_FORMS)('the rule $rule says the same in both its forms', ({ count, rule, index }) => {
    expect(picked(rule)).toEqual(NUMBERS.map(index));
    expect(Math.max(...NUMBERS.map(index))).toBe(count - 1);
  });

  test('of an unknown language are not those of this machine', () => {
    expect(pluralForms('qaa')).toBe('nplurals=2; plural=(n != 1);');
  });
});

describe('headers', () => {
  test('copied from another language are set right', () => {
    const german = headersFor('de', {});
    expect(headersFor('ar', german)).toMatchObject({
      Language: 'ar',
      'Plural-Forms': expect.stringContaining('nplurals=6'),
    });
  });

  test('name regions as gettext does, and take either spelling', () => {
    expect(headersFor('pt-BR', {})['Language']).toBe('pt_BR');
    expect(headersFor('pt-BR', { Language: 'pt-BR' })['Language']).toBe('pt-BR');
  });

  test('unfilled by a template are filled', () => {
    const template = { Language: 'de', 'Plural-Forms': 'nplurals=INTEGER; plural=EXPRESSION;' };
    expect(headersFor('de', template)['Plural-Forms']).toBe('nplurals=2; plural=(n != 1);');
  });
});
