import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Flow } from '../../src/engine/model.ts';
import { loadProject } from '../../src/authoring/project.ts';
import { messengerLink, whatsappLink } from '../../src/posters/links.ts';
import { openingText, openingWord } from '../../src/posters/opening.ts';
import { botOf, talkTo } from '../engine/bot.ts';
import { posterTown } from './sheets.ts';

describe('links', () => {
  const digits = fc.stringMatching(/^[1-9]\d{5,14}$/);
  const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 140 });

  test('whatever text comes out of a WhatsApp link as it went in', () => {
    fc.assert(
      fc.property(digits, words, (number, text) => {
        const url = new URL(whatsappLink(`+${number}`, text));
        expect(url.origin + url.pathname).toBe(`https://wa.me/${number}`);
        expect([...url.searchParams]).toEqual([['text', text]]);
        expect(url.href).toMatch(/^[\x21-\x7e]+$/);
      }),
    );
  });

  test('an m.me link holds the page and the flow, in the characters that Meta allows', () => {
    const page = fc.stringMatching(/^[A-Za-z0-9.]{3,50}$/).filter((name) => /[^.]/.test(name));
    const flow = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$/);
    fc.assert(
      fc.property(page, flow, (name, id) => {
        const url = new URL(messengerLink(name, id));
        expect(url.origin + url.pathname).toBe(`https://m.me/${name}`);
        expect([...url.searchParams]).toEqual([['ref', id]]);
      }),
    );
  });

  test.each(['4982112345', '+49 821 12345', '+49', '+49821x', ''])('%p is no number', (number) => {
    expect(() => whatsappLink(number, 'hi')).toThrow('phone number');
  });

  test.each([
    ['page/..', 'housing'],
    ['page?ref=x', 'housing'],
    ['page', 'a b'],
    ['page', ''],
  ])('%p with %p makes no m.me link', (page, ref) => {
    expect(() => messengerLink(page, ref)).toThrow('m.me');
  });
});

describe('what a link writes', () => {
  test('in one language: the first word that opens the flow and tells the language', () => {
    const bot = posterTown();
    const housing = bot.flows.get('housing')!;
    expect(openingText(bot, housing, ['de'])).toBe('wohnung');
    expect(openingText(bot, housing, ['ar'])).toBe('سكن');
    expect(openingWord(bot, housing, 'ar')).toBe('سكن');
    expect(openingText(bot, bot.start, ['uk'])).toBe('привіт');
  });

  test('in several: a text that leaves the language open', () => {
    const bot = posterTown();
    expect(openingText(bot, bot.flows.get('housing')!, ['ar', 'de'])).toBe('Info: wohnung, housing');
    const talk = talkTo(bot);
    expect(talk.write('Info: wohnung, housing')).toContain('Welche Sprache');
    expect(talk.session?.language).toBeNull();
    talk.tap('_/language/ar');
    expect(talk.at()).toBe('housing/need');
  });

  test('nothing where no word opens the flow', () => {
    const bot = botOf({
      start: 'steps: {hello: {ask: Hello?, options: {a: {label: A, next: hello}}}}',
      silent: 'steps: {hello: {say: Hello.}}',
    });
    expect(openingText(bot, bot.flows.get('silent')!, ['en'])).toBeNull();
    expect(openingWord(bot, bot.flows.get('silent')!, 'en')).toBeNull();
  });

  test('every flow that is shipped opens from its poster, in every language and in all of them', async () => {
    const { bot } = await loadProject('flows', 'locales', 'start');
    const reached = (text: string, flow: Flow): void => {
      const talk = talkTo(bot!);
      talk.write(text);
      if (talk.session?.overlay === 'language' || talk.at() === 'start/language') {
        talk.tap(
          talk
            .messages()
            .at(-1)!
            .menu!.options.find(({ id }) => id.endsWith('/uk'))!.id,
        );
        expect(talk.session?.language).toBe('uk');
      }
      expect([text, talk.at().split('/')[0]]).toEqual([text, flow.id]);
    };
    const tags = bot!.languages.map(({ tag }) => tag);
    expect(bot!.flows.size).toBeGreaterThanOrEqual(5);
    for (const flow of bot!.flows.values()) {
      for (const tag of tags) {
        const text = openingText(bot!, flow, [tag])!;
        reached(text, flow);
        const talk = talkTo(bot!);
        talk.write(text);
        expect([flow.id, tag, talk.session?.language]).toEqual([flow.id, tag, tag]);
        reached(openingWord(bot!, flow, tag)!, flow);
      }
      reached(openingText(bot!, flow, tags)!, flow);
      expect(openingText(bot!, flow, tags)!.length).toBeLessThanOrEqual(140);
      const talk = talkTo(bot!);
      talk.send({ kind: 'entry', ref: flow.id });
      expect(talk.at().split('/')[0]).toBe(flow.id);
    }
  });
});
