import { describe, expect, test } from '@jest/globals';
import { botOf, talkIn, talkTo } from './bot.ts';
import { town } from './town.ts';

describe('a crisis phrase', () => {
  test.each([
    'I want to die',
    'i WANT to... die!!!',
    'please, I want to die tonight',
    'Ich will sterben.',
    'أريد أن أموت',
    'اريد ان اموت',
    'وأريد أن أموت',
    'فأريد أن أموت الآن',
    'rape',
  ])('is found anywhere in a message, in every language, in the middle of any question: %s', (text) => {
    const talk = talkIn('en', town());
    talk.tap('housing/need/flat');
    expect(talk.write(text)).toBe('Call 112 now.\n\nAre you safe?');
    expect(talk.counts()).toEqual(['crisis', 'flow_started']);
    expect(talk.session?.answers).toEqual({});
    expect(talk.session?.language).toBe('en');
  });

  test.each(['grape juice', 'therapeutic', 'i want to diet', 'rapeseed', '👍', '...', '🆘👍'])(
    'is not found inside other words: %s',
    (text) => {
      const talk = talkIn('en', town());
      talk.write(text);
      expect(talk.counts()).not.toContain('crisis');
    },
  );

  test('is found under a picture, and before anything else is known of a person', () => {
    const talk = talkTo(town());
    talk.send({ kind: 'media', media: { type: 'image', caption: 'ich will sterben' } });
    expect(talk.messages()[0]?.text).toBe('Rufen Sie 112 an.');
    expect(talk.session?.language).toBe('de');
  });

  test('is answered for those who wrote stop, and so is what they then answer', () => {
    const talk = talkIn('en', town());
    talk.write('stop');
    expect(talk.write('I want to die')).toContain('Call 112 now.');
    expect(talk.tap('emergency/safe/no')).toContain('Call 112 now.');
    expect(talk.write('1')).toBe('I am glad.');
  });

  test('goes before a question of Lotse itself, and closes it', () => {
    const talk = talkIn('en', town());
    talk.write('delete my data');
    expect(talk.write('yes, I want to die')).toContain('Call 112 now.');
    expect(talk.write('1')).toBe('I am glad.');
    expect(talk.session).not.toBeNull();
  });

  test('goes before an answer that would fit the question', () => {
    const start = 'steps: {q: {ask: Q, options: {a: {label: I am on fire, next: x}}}, x: {say: X}}';
    const emergency = 'crisis: [on fire]\nsteps: {now: {say: "112"}}';
    expect(talkIn('en', botOf({ start, emergency })).write('I am on fire')).toBe('112');
  });

  test('in a bot without any is no crisis', () => {
    const talk = talkIn('en', botOf({ start: 'steps: {q: {ask: Q, options: {a: {label: A}}}}' }));
    talk.write('I want to die');
    expect(talk.counts()).toEqual(['not_understood']);
  });
});
