import { describe, expect, test } from '@jest/globals';
import { botOf, talkIn, type Talk } from './bot.ts';
import { TOWN_FLOWS, town } from './town.ts';

const atMenu = (language = 'en'): Talk => {
  const talk = talkIn(language, town());
  expect(talk.at()).toBe('start/menu');
  return talk;
};

describe('a tap', () => {
  test('chooses the option it names', () => {
    const talk = atMenu();
    expect(talk.messages().at(-1)?.menu?.options[0]).toEqual({ id: 'start/menu/housing', label: 'Housing' });
    expect(talk.tap('start/menu/housing', 'Housing')).toBe('What about housing?');
    expect(talk.at()).toBe('housing/need');
  });

  test('on an older menu takes the person back to that menu, and goes on from there', () => {
    const talk = atMenu();
    talk.tap('start/menu/housing');
    talk.tap('housing/need/tonight');
    expect(talk.at()).toBe('housing/people');
    expect(talk.tap('housing/need/flat')).toBe('Tell me about it.');
    expect(talk.tap('start/menu/hospital')).toContain('Go to the hospital.');
    expect(talk.at()).toBe('start/menu');
  });

  test('on a menu of a calling flow drops the called flow', () => {
    const talk = atMenu();
    talk.tap('start/menu/health');
    talk.tap('health/what/ill');
    expect(talk.session?.frames.map(({ flow }) => flow)).toEqual(['health', 'emergency']);
    talk.tap('health/what/pregnant');
    expect(talk.session?.frames.map(({ flow }) => flow)).toEqual(['health']);
  });

  test('on a step that moved counts as one on the new step', () => {
    const talk = atMenu();
    const housing = TOWN_FLOWS.housing.replace('  need:', '  topic:').replaceAll('next: need', 'next: topic');
    talk.bot = botOf({ ...TOWN_FLOWS, housing: `moved: {need: topic}${housing}` });
    expect(talk.tap('housing/need/tonight')).toBe('How many people?');
    expect(talk.session?.frames).toMatchObject([{ flow: 'housing', step: 'people' }]);
  });

  test.each(['housing/need/castle', 'housing/need/constructor', 'housing/need/__proto__', 'housing/need/'])(
    'on an option that is gone says so and asks again: %s',
    (choice) => {
      const talk = atMenu();
      expect(talk.tap(choice)).toBe(
        'Sorry, this answer no longer exists. Please choose again.\n\nWhat about housing?',
      );
      expect(talk.at()).toBe('housing/need');
      expect(talk.session?.answers).toEqual({});
    },
  );

  test('on a menu that is gone is read as the label the person saw, else asks the open question again', () => {
    const talk = atMenu();
    expect(talk.tap('gone/need/flat', 'Housing')).toBe('What about housing?');
    expect(talk.tap('gone/need/flat')).toBe(
      'Sorry, this answer no longer exists. Please choose again.\n\nWhat about housing?',
    );
    expect(talk.tap('housing/thanks/x', 'A flat of my own')).toBe('Tell me about it.');
  });

  test.each(['', '/', '//', '_', '_/', '_/language/', '_/language/xx', '_/nothing/yes', '\ud800'])(
    'that names nothing asks the open question again: %j',
    (choice) => {
      const talk = atMenu();
      expect(talk.tap(choice)).toContain('What do you need?');
      expect(talk.at()).toBe('start/menu');
    },
  );

  test('on an older menu asks without the misses of the question that was open', () => {
    const talk = atMenu();
    talk.write('blub');
    talk.write('blub');
    talk.tap('housing/need/gone');
    expect(talk.messages().at(-1)?.menu?.style).toBe('auto');
  });
});

describe('a number', () => {
  test.each(['2', '٢', '۲', '२', '২', '２', '2️⃣', '②', '2.', '(2)', ' 2 ', '👉 2', '#2', '𝟐', '𞥒', '༢'])(
    'in any script means that line of the menu: %s',
    (text) => {
      const talk = atMenu();
      expect(talk.write(text)).toBe('What about health?');
    },
  );

  test.each(['0', '4', '99', '2 3', '1,5', '12345678901234567890', '½'])(
    'that no line has is not understood: %s',
    (text) => {
      const talk = atMenu();
      talk.write(text);
      expect(talk.at()).toBe('start/menu');
      expect(talk.counts()).toEqual(['not_understood']);
    },
  );

  test('means the menu as the person saw it, though the options were put in another order since', () => {
    const talk = atMenu();
    const start = TOWN_FLOWS.start
      .replace(/ {6}housing:.*\n/, '')
      .replace('      hospital:', '      housing: {label: Housing, next: {go: housing}}\n      hospital:');
    talk.bot = botOf({ ...TOWN_FLOWS, start });
    expect(talk.write('1')).toBe('What about housing?');
  });
});

describe('a label', () => {
  test.each([
    ['Housing', 'housing/need'],
    ['hOuSiNg!!', 'housing/need'],
    ['🏠 housing', 'housing/need'],
    ['Wohnen', 'housing/need'],
    ['Gesundheit', 'health/what'],
    ['السكن', 'housing/need'],
    ['الصحه', 'health/what'],
    ['الصِّحَّة', 'health/what'],
    ['المستشفي', 'start/menu'],
    ['الـمـسـتـشـفـى', 'start/menu'],
  ])('is understood in every loaded language and spelling: %s', (text, at) => {
    const talk = atMenu();
    talk.write(text);
    expect(talk.at()).toBe(at);
    expect(talk.counts()).not.toContain('not_understood');
  });

  test.each([
    ['hou', 'housing/need'],
    ['hospi', 'start/menu'],
    ['krank', 'start/menu'],
  ])('is understood by its beginning where only one label begins so: %s', (text, at) => {
    const talk = atMenu();
    talk.write(text);
    expect(talk.at()).toBe(at);
    expect(talk.counts()).not.toContain('not_understood');
  });

  test.each(['ho', 'h', 'hosp ital'])(
    'is not guessed where it could be two, or hardly says anything: %s',
    (text) => {
      const talk = atMenu();
      expect(talk.write(text)).toContain('Sorry, I did not understand that.');
      expect(talk.at()).toBe('start/menu');
    },
  );

  test('is understood by words inside it', () => {
    const talk = atMenu();
    talk.tap('start/menu/housing');
    expect(talk.write('tonight')).toBe('How many people?');
  });

  test('in the own language goes before the same word in another', () => {
    const flow =
      'steps: {q: {ask: Q, options: {a: {label: Tag, next: x}, b: {label: Day, next: y}}}, x: {say: A}, y: {say: B}}';
    const bot = botOf(
      { start: flow },
      { de: { start: { 'steps.q.options.b.label': 'Tag', 'steps.q.options.a.label': 'Zettel' } } },
    );
    expect(talkIn('en', bot).write('tag')).toBe('A');
    expect(talkIn('de', bot).write('tag')).toContain('B');
  });

  test.each([
    ['ابدأ الآن', 'إبدا الان'],
    ['کتاب یک', 'كتاب يك'],
    ['مسؤول', 'مسوول'],
    ['هه‌ولێر', 'ھەولێر'],
    ["здоров'я", 'здоров’я'],
    ["здоров'я", 'здоровʼя'],
    ["здоров'я", 'здоровя'],
    ['Straße', 'STRASSE'],
    ['Français', 'francais'],
    ['İstanbul', 'istanbul'],
  ])('written «%s» is found when people write «%s»', (label, typed) => {
    const bot = botOf({
      start: `steps: {q: {ask: Q, options: {a: {label: ${JSON.stringify(label)}, next: x}, b: {label: zzz, next: q}}}, x: {say: A}}`,
    });
    expect(talkIn('en', bot).write(typed)).toBe('A');
  });
});
