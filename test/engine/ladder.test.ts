import { describe, expect, test } from '@jest/globals';
import type { Effect } from '../../src/engine/effect.ts';
import { talkIn, talkTo, botOf } from './bot.ts';
import { town } from './town.ts';

const missed = (flow: string, step: string, rung: string): Effect => ({
  type: 'count',
  name: 'not_understood',
  labels: { flow, step, rung },
});

describe('when an answer is not understood', () => {
  test('the hint, then numbers, then people; each is counted, and the fourth begins again', () => {
    const talk = talkIn('en', town());
    expect(talk.write('blub')).toBe(
      'Sorry, I did not understand that.\n\nWrite one word.\nWhat do you need?',
    );
    expect(talk.messages()[0]?.menu?.style).toBe('auto');
    expect(talk.effects).toContainEqual(missed('start', 'menu', '1'));

    expect(talk.write('blub')).toBe(
      'Sorry, I still did not understand. Please write the number of your answer:\n\nWhat do you need?',
    );
    expect(talk.messages()[0]?.menu?.style).toBe('numbers');
    expect(talk.effects).toContainEqual(missed('start', 'menu', '2'));

    expect(talk.write('blub')).toBe(
      'I am sorry that I cannot help with this yet. Write *menu* to see what I can do, or *person* for people who can help.\n\nPeople who can help you: Town hall, help@example.org',
    );
    expect(talk.effects).toContainEqual(missed('start', 'menu', '3'));
    expect(talk.session?.asked?.misses).toBe(0);

    expect(talk.write('blub')).toContain('Write one word.');
    expect(talk.effects).toContainEqual(missed('start', 'menu', '1'));
  });

  test('the number is still understood on every rung', () => {
    for (const misses of [1, 2, 3]) {
      const talk = talkIn('en', town());
      for (let miss = 0; miss < misses; miss += 1) talk.write('blub');
      expect(talk.write('2')).toBe('What about health?');
    }
  });

  test('the next question begins without misses', () => {
    const talk = talkIn('en', town());
    talk.write('blub');
    talk.write('blub');
    talk.write('housing');
    expect(talk.session?.asked?.misses).toBe(0);
    expect(talk.messages()[0]?.menu?.style).toBe('auto');
    expect(talk.write('blub')).toContain('Sorry, I did not understand that.');
  });

  test('a typed answer is told what would fit, with the hint once', () => {
    const talk = talkIn('en', town());
    talk.tap('housing/need/tonight');
    expect(talk.write('many')).toBe(
      'Please write a whole number, for example 3.\n\nFor example 3.\nHow many people?',
    );
    expect(talk.write('77')).toBe('The number must be between 1 and 20.\n\nHow many people?');
    expect(talk.write('hm')).toContain('I am sorry that I cannot help with this yet.');
    expect(talk.write('٣')).toContain('Only 3.');
  });

  test('the question for the language is asked with numbers the second time, too', () => {
    const talk = talkIn('en', botOf({ start: 'steps: {q: {ask: Q, options: languages, next: q}}' }));
    talk.write('blub');
    talk.write('blub');
    expect(talk.messages().at(-1)?.menu?.style).toBe('numbers');
  });

  test.each([
    ['voice', 'I cannot listen to voice messages yet. Please tap an answer or write to me.'],
    ['audio', 'I cannot listen to voice messages yet. Please tap an answer or write to me.'],
    ['image', 'I cannot look at pictures and files yet. Please tap an answer or write to me.'],
    ['document', 'I cannot look at pictures and files yet. Please tap an answer or write to me.'],
  ])('%s is answered by what Lotse can read, and the question again', (type, said) => {
    const talk = talkIn('en', town());
    expect(talk.send({ kind: 'media', media: { type } })).toBe(`${said}\n\nWhat do you need?`);
    expect(talk.counts()).toEqual([]);
  });

  test('a location, a contact, a form and a poll are answered by what Lotse can read', () => {
    const talk = talkIn('en', town());
    expect(talk.send({ kind: 'location', latitude: 1, longitude: 2 })).toContain(
      'I do not need your location',
    );
    for (const input of [
      { kind: 'contacts', count: 1 } as const,
      { kind: 'form', values: {} } as const,
      { kind: 'unsupported', what: 'poll' } as const,
    ])
      expect(talk.send(input)).toBe(
        'I cannot read this kind of message. Please tap an answer or write to me.\n\nWhat do you need?',
      );
  });

  test('a word that is none, between flows, begins', () => {
    const talk = talkTo(botOf({ start: 'steps: {a: {say: Bye}}' }));
    expect(talk.write('x')).toBe('Bye');
    expect(talk.write('y')).toBe('Bye');
  });
});
