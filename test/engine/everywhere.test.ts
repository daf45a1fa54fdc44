import { describe, expect, test } from '@jest/globals';
import { DAY, botOf, talkIn, talkTo, type Talk } from './bot.ts';
import { TOWN_FLOWS, TOWN_TEXTS, town } from './town.ts';

/** At a question for free text, where any word would do as an answer. */
const atStory = (language = 'en'): Talk => {
  const talk = talkIn(language, town());
  talk.tap('housing/need/flat');
  expect(talk.at()).toBe('housing/story');
  return talk;
};

describe('words that work everywhere', () => {
  test.each([
    ['menu', 'What do you need?'],
    ['MAIN MENU!', 'What do you need?'],
    ['Menü', 'What do you need?'],
    ['menu.', 'What do you need?'],
    ['القائمه', 'What do you need?'],
    ['меню', 'What do you need?'],
    ['repeat', 'Tell me about it.'],
    ['again', 'Tell me about it.'],
    ['hallo', 'Tell me about it.'],
    ['السلام عليكم', 'Tell me about it.'],
    ['help', 'This is how it works.\n\nTell me about it.'],
    ['Hilfe', 'This is how it works.\n\nTell me about it.'],
    ['person', 'These people help.\n\nTell me about it.'],
    ['back', 'What about housing?'],
    ['zurück', 'What about housing?'],
    ['رجوع', 'What about housing?'],
    ['language', 'Which language do you want?'],
    ['لغة', 'Which language do you want?'],
    ['delete my data', 'Shall I delete everything I have stored about you? This cannot be undone.'],
    ['stop', 'I will not write to you any more. Write *start* whenever you want to go on.'],
    ['start', 'What do you need?'],
  ])('%s works in a question for free text, in every language', (word, said) => {
    const talk = atStory();
    expect(talk.write(word)).toBe(said);
    expect(talk.session?.answers).toEqual({});
  });

  test.each(['menu', 'back', 'help', 'stop', 'language', 'person'])(
    '%s works in a question for a number',
    (word) => {
      const talk = talkIn('en', town());
      talk.tap('housing/need/tonight');
      talk.write(word);
      expect(talk.counts()).not.toContain('not_understood');
    },
  );

  test('an option whose label is such a word goes first, except before «stop» and «delete my data»', () => {
    const bot = botOf({
      start:
        'steps: {q: {ask: Q, options: {a: {label: Help, next: x}, b: {label: Stop, next: x}, c: {label: Person, next: x}}}, x: {say: X}}',
    });
    expect(talkIn('en', bot).write('help')).toBe('X');
    expect(talkIn('en', bot).write('person')).toBe('X');
    expect(talkIn('en', bot).write('stop')).toContain('I will not write to you any more.');
  });

  test('words for free text that open a flow elsewhere are an answer here', () => {
    const talk = atStory();
    expect(talk.write('room')).toContain('You wrote: room');
  });

  test('a word that opens a flow opens it from any other question, also inside a sentence', () => {
    const talk = talkIn('en', town());
    expect(talk.write('doctor')).toBe('What about health?');
    expect(talk.write('I need a room, please')).toBe('What about housing?');
    expect(talk.write('я шукаю: здоров’я!')).toBe('What about health?');
  });

  test('words of two flows in one sentence open neither', () => {
    const talk = talkIn('en', town());
    talk.write('a doctor or a room');
    expect(talk.at()).toBe('start/menu');
    expect(talk.counts()).toEqual(['not_understood']);
  });

  test('help and person without steps of their own say the phrases, with the owner of the flow', () => {
    const bot = botOf({
      start:
        'owner: {organization: Town hall, contact: 0911 1}\nsteps: {q: {ask: Q, options: {a: {label: A}}}}',
    });
    const talk = talkIn('en', bot);
    expect(talk.write('help')).toMatch(/^Tap an answer[^]*\*delete my data\*[^]*\n\nQ$/);
    expect(talk.write('person')).toBe('People who can help you: Town hall, 0911 1\n\nQ');
    const alone = talkIn('en', botOf({ start: 'steps: {q: {ask: Q, options: {a: {label: A}}}}' }));
    expect(alone.write('person')).toContain('I cannot connect you to a person yet.');
  });

  test('help asked between flows ends quietly', () => {
    const talk = talkTo(botOf({ start: 'everywhere: {help: h}\nsteps: {a: {say: Bye}, h: {say: Helping}}' }));
    talk.write('x');
    expect(talk.write('help')).toBe('Helping');
    expect(talk.at()).toBe('');
  });
});

describe('back', () => {
  test('goes over several questions, one a time, and stays at the first', () => {
    const talk = talkIn('en', town());
    talk.tap('start/menu/housing');
    talk.tap('housing/need/tonight');
    talk.write('3');
    expect(talk.at()).toBe('housing/need');
    expect(['back', 'back', 'back', 'back', 'back'].map((word) => (talk.write(word), talk.at()))).toEqual([
      'housing/people',
      'housing/need',
      'start/menu',
      'start/menu',
      'start/menu',
    ]);
  });

  test('comes out of a called flow and into it again, with who called it', () => {
    const talk = talkIn('en', town());
    talk.tap('start/menu/health');
    talk.tap('health/what/ill');
    talk.write('back');
    expect(talk.session?.frames.map(({ flow, step }) => `${flow}/${step}`)).toEqual(['health/what']);
    talk.tap('health/what/ill');
    talk.tap('emergency/safe/yes');
    expect(talk.at()).toBe('health/what');
    talk.write('back');
    expect(talk.session?.frames.map(({ flow, step }) => `${flow}/${step}`)).toEqual([
      'health/what',
      'emergency/safe',
    ]);
  });

  test('finds a question that was renamed meanwhile', () => {
    const talk = talkIn('en', town());
    talk.tap('housing/need/tonight');
    const housing = TOWN_FLOWS.housing.replace('  need:', '  topic:').replaceAll('next: need', 'next: topic');
    talk.bot = botOf({ ...TOWN_FLOWS, housing: `moved: {need: topic}${housing}` });
    talk.tap('housing/need/tonight');
    talk.write('back');
    expect(talk.at()).not.toBe('housing/need');
    expect(talk.counts()).not.toContain('step_gone');
  });
});

describe('stop and start', () => {
  test('stop ends everything, every message is answered by how to go on, and start opens the menu', () => {
    const talk = talkIn('en', town());
    talk.write('stop');
    expect(talk.session).toMatchObject({ stopped: true, frames: [], overlay: null });
    expect(talk.counts()).toEqual(['stopped']);
    expect(talk.write('hello?')).toBe(
      'You asked me to stop. Write *start* whenever you want to go on. In danger: call 112.',
    );
    expect(talk.tap('start/menu/housing')).toContain('You asked me to stop.');
    expect(talk.send({ kind: 'location', latitude: 1, longitude: 1 })).toContain('You asked me to stop.');
    expect(talk.write('Start')).toBe('What do you need?');
    expect(talk.session?.stopped).toBe(false);
  });

  test('who stopped may still delete everything', () => {
    const talk = talkIn('en', town());
    talk.write('stop');
    expect(talk.write('delete my data')).toContain('Shall I delete everything');
    talk.write('yes');
    expect(talk.session).toBeNull();
  });

  test('who stopped and keeps the data stays stopped, without a menu', () => {
    for (const answer of ['no', '2', 'perhaps']) {
      const talk = talkIn('en', town());
      talk.write('stop');
      talk.write('delete my data');
      expect(talk.write(answer)).toContain('You asked me to stop.');
      expect(talk.session).toMatchObject({ stopped: true, frames: [], overlay: null });
    }
    const talk = talkIn('en', town());
    talk.write('stop');
    expect(talk.tap('_/forget/no')).toContain('You asked me to stop.');
    talk.tap('_/forget/yes');
    expect(talk.session).toBeNull();
  });
});

describe('delete my data', () => {
  const asked = (): Talk => {
    const talk = atStory();
    talk.write('I slept outside');
    talk.write('meine daten löschen');
    return talk;
  };

  test.each(['yes', 'Yes, delete', 'ja', 'Ja löschen', '1', '١', 'نعم', 'OK'])(
    '%s deletes everything',
    (answer) => {
      const talk = asked();
      expect(talk.labels()).toEqual(['Yes, delete', 'No, keep it']);
      expect(talk.write(answer)).toBe('Done. I have deleted everything I had stored about you.');
      expect(talk.session).toBeNull();
      expect(talk.effects.map(({ type }) => type)).toEqual(['send', 'count', 'forget']);
      expect(talk.counts()).toEqual(['forgotten']);
    },
  );

  test('a tap deletes everything too', () => {
    const talk = asked();
    talk.tap('_/forget/yes', 'Yes, delete');
    expect(talk.session).toBeNull();
    expect(talk.write('hello')).toContain('Hello.');
  });

  test.each(['no', 'No, keep it', 'nein', '2', 'لا'])(
    '%s keeps it, and the open question is asked again',
    (answer) => {
      const talk = asked();
      expect(talk.write(answer)).toBe('What about housing?');
      expect(talk.session?.answers['housing']?.['story']?.value).toBe('I slept outside');
      expect(talk.session?.overlay).toBeNull();
    },
  );

  test('anything else is taken as a message like any other, and nothing is deleted', () => {
    const talk = asked();
    expect(talk.write('doctor')).toBe('What about health?');
    expect(talk.session?.overlay).toBeNull();
  });

  test.each([
    ['a voice message', { kind: 'media', media: { type: 'voice' } } as const],
    ['a location', { kind: 'location', latitude: 48, longitude: 11 } as const],
    ['a link', { kind: 'entry', ref: 'housing' } as const],
    ['a tap elsewhere', { kind: 'choice', choice: 'housing/need/menu' } as const],
    ['a contact', { kind: 'contacts', count: 1 } as const],
  ])('after %s a number means the menu again, and never «yes, delete»', (_what, input) => {
    const talk = asked();
    talk.send(input);
    expect(talk.session?.overlay).toBeNull();
    talk.write('1');
    expect(talk.session).not.toBeNull();
  });

  test('is obeyed where the open question left its flow', () => {
    const talk = atStory();
    talk.bot = botOf(
      { ...TOWN_FLOWS, housing: 'steps: {other: {ask: Other?, options: {a: {label: A}}}}' },
      {},
    );
    expect(talk.write('delete my data')).toContain('Shall I delete everything');
    talk.write('yes');
    expect(talk.session).toBeNull();
  });

  test('asked by mistake and answered after the open question left its flow, begins that flow again', () => {
    const talk = atStory();
    talk.write('delete my data');
    talk.bot = botOf(
      { ...TOWN_FLOWS, housing: 'steps: {other: {ask: Other?, options: {a: {label: A}}}}' },
      {},
    );
    expect(talk.write('no')).toContain('We start it again.');
    expect(talk.session?.overlay).toBeNull();
    talk.write('1');
    expect(talk.session).not.toBeNull();
  });
});

describe('the language', () => {
  test('can be switched by its name in the middle of a question, which is asked again in it', () => {
    const talk = talkIn('en', town());
    talk.tap('housing/need/tonight');
    expect(talk.write('Deutsch')).toBe('Wie viele Personen?');
    expect(talk.messages()[0]?.language).toBe('de');
    expect(talk.write('english')).toBe('How many people?');
    expect(talk.write('German')).toBe('Wie viele Personen?');
    expect(talk.write('الإنجليزية')).toBe('How many people?');
    expect(talk.at()).toBe('housing/people');
  });

  test.each([
    ['2', 'de'],
    ['٢', 'de'],
    ['Deutsch', 'de'],
    ['deu', 'de'],
    ['العربية', 'ar'],
    ['عربي', 'ar'],
    ['Arabic', 'ar'],
    ['arabi', 'ar'],
    ['українська', 'uk'],
    ['ukrainisch', 'uk'],
  ])('is chosen from the list by %s', (answer, language) => {
    const talk = atStory();
    talk.write('language');
    expect(talk.labels()).toEqual(['العربية', 'Deutsch', 'English', 'Українська']);
    talk.write(answer);
    expect(talk.session).toMatchObject({ language, overlay: null });
    expect(talk.at()).toBe('housing/story');
  });

  test('is chosen by a tap, also a late one', () => {
    const talk = atStory();
    talk.write('language');
    talk.tap('_/language/de');
    expect(talk.session?.language).toBe('de');
    talk.write('menu');
    expect(talk.tap('_/language/ar')).toContain('ماذا تحتاج؟');
  });

  test('an answer that names none is taken as a message like any other', () => {
    const talk = talkIn('en', town());
    talk.write('language');
    expect(talk.write('housing')).toBe('What about housing?');
    expect(talk.session).toMatchObject({ language: 'en', overlay: null });
  });

  test('stop and delete work while the list is open', () => {
    const talk = talkIn('en', town());
    talk.write('language');
    talk.write('stop');
    expect(talk.session).toMatchObject({ stopped: true, overlay: null });
  });

  test('that is not loaded any more falls back to that of the start flow', () => {
    const talk = talkIn('de', town());
    talk.bot = botOf(TOWN_FLOWS, { ar: TOWN_TEXTS['ar']! });
    expect(talk.write('menu')).toContain('What do you need?');
  });
});

test('whoever comes back after a day finds the open question still open', () => {
  const talk = atStory();
  talk.nowMs += 3 * DAY;
  expect(talk.write('It rained in')).toContain('You wrote: It rained in');
});
