import { describe, expect, test } from '@jest/globals';
import { botOf, talkTo } from './bot.ts';
import { TOWN_FLOWS, TOWN_TEXTS, town } from './town.ts';

const ASKED = 'أي لغة؟\nWelche Sprache?\nWhich language?';

describe('first contact', () => {
  test.each([
    ['hello', 'en'],
    ['Hallo!', 'de'],
    ['hallo ich brauche bitte etwas', 'de'],
    ['مرحبا', 'ar'],
    ['السلام عليكم', 'ar'],
    ['أحتاج إلى شيء', 'ar'],
    ['Привіт', 'uk'],
    ['мені потрібна допомога', 'uk'],
    ['помогите', 'uk'],
    ['Wohnung', 'de'],
    ['deutsch', 'de'],
    ['Arabic', 'ar'],
    ['Zimmer?', 'de'],
    ['ich will sterben', 'de'],
  ])('«%s» tells the language %s', (text, language) => {
    const talk = talkTo(town());
    talk.write(text);
    expect(talk.session?.language).toBe(language);
  });

  test.each(['Merhaba', '👋', 'xyz', '?', '123', 'asdf asdf', '\ud83d', '你好'])(
    '«%s» tells none: the question for it is asked in all languages',
    (text) => {
      const talk = talkTo(town());
      expect(talk.write(text)).toBe(ASKED);
      expect(talk.labels()).toEqual(['العربية', 'Deutsch', 'English', 'Українська']);
      expect(talk.session?.language).toBeNull();
      expect(talk.write('2')).toBe('Guten Tag.\n\nWas brauchen Sie?');
      expect(talk.session?.language).toBe('de');
    },
  );

  test('a language known from the greeting is not asked for', () => {
    expect(talkTo(town()).write('Hallo')).toBe('Guten Tag.\n\nWas brauchen Sie?');
    expect(talkTo(town()).write('مرحبا')).toBe('مرحبًا.\n\nماذا تحتاج؟');
  });

  test('whoever does not choose a language is asked again in all languages, never refused in one of them', () => {
    const talk = talkTo(town());
    talk.write('Merhaba');
    for (const text of ['Türkçe', 'anlamıyorum', 'bilmiyorum', 'of'])
      expect(talk.write(text)).toBe(
        `لم أفهم.\nDas habe ich nicht verstanden.\nSorry, I did not understand that.\nЯ не зрозумів.\n\n${ASKED}`,
      );
    expect(talk.messages()[0]?.menu?.style).toBe('numbers');
    talk.write('مرحبا');
    expect(talk.session?.language).toBe('ar');
  });

  test('a word that opens a flow opens it at once', () => {
    const talk = talkTo(town());
    expect(talk.write('Wohnung')).toBe('Worum geht es beim Wohnen?');
    expect(talkTo(town()).write('I need a flat')).toContain('What about housing?');
  });

  test('a link that names a flow opens it; any other begins as usual', () => {
    const talk = talkTo(town());
    talk.send({ kind: 'entry', ref: 'housing' });
    expect(talk.write('English')).toContain('What about housing?');
    expect(talkTo(town()).send({ kind: 'entry', ref: '' })).toBe(ASKED);
    expect(talkTo(town()).send({ kind: 'entry', ref: '__proto__' })).toBe(ASKED);
  });

  test.each([
    { kind: 'location', latitude: 48.4, longitude: 10.9 } as const,
    { kind: 'media', media: { type: 'image' } } as const,
    { kind: 'media', media: { type: 'voice' } } as const,
    { kind: 'contacts', count: 2 } as const,
    { kind: 'form', values: { a: 1 } } as const,
    { kind: 'unsupported', what: 'poll' } as const,
  ])('by something unreadable begins as usual: %j', (input) => {
    const talk = talkTo(town());
    expect(talk.send(input)).toContain(ASKED);
    expect(talk.at()).toBe('start/language');
  });

  test('a picture with words under it is answered by its words', () => {
    const talk = talkTo(town());
    talk.send({ kind: 'media', media: { type: 'image', caption: 'Wohnung' } });
    expect(talk.at()).toBe('housing/need');
    expect(talk.session?.language).toBe('de');
  });

  test('«stop» as the first word is obeyed', () => {
    const talk = talkTo(town());
    talk.write('stop');
    expect(talk.session?.stopped).toBe(true);
  });

  test('script letters tell Persian, Pashto, Kurdish and Arabic apart where these are loaded', () => {
    const say = { start: { 'steps.q.ask': '?' } };
    const bot = botOf(
      { start: 'steps: {q: {ask: Q, options: {a: {label: A}}}}' },
      { ar: say, fa: say, ps: say, ckb: say, uk: say, ru: say, ti: say, tr: say },
    );
    const told = (text: string): unknown => {
      const talk = talkTo(bot);
      talk.write(text);
      return talk.session?.language;
    };
    expect(
      [
        'أريد',
        'می‌خواهم پول',
        'زه غواړم',
        'دەمەوێت',
        'хочу їсти',
        'хочу есть мясо и рыбу',
        'ሰላም',
        'yardım ğ',
      ].map(told),
    ).toEqual(['ar', 'fa', 'ps', 'ckb', 'uk', 'ru', 'ti', 'tr']);
  });

  test('a text that lacks a translation is shown in the language of its flow, and marked', () => {
    const talk = talkTo(botOf(TOWN_FLOWS, TOWN_TEXTS));
    talk.write('Hallo');
    talk.tap('start/menu/health');
    expect(talk.messages()).toMatchObject([
      { text: 'Noch nicht übersetzt:\nWhat about health?', language: 'en' },
    ]);
  });

  test('a phrase of Lotse itself that lacks a translation is marked too, and says its true language', () => {
    const talk = talkTo(town());
    talk.write('Hallo');
    talk.write('stop');
    expect(talk.messages()).toEqual([
      {
        text: 'Noch nicht übersetzt:\nI will not write to you any more. Write *Start* whenever you want to go on.',
        language: 'en',
      },
    ]);
  });
});

describe('a first contact by link or by a word that many languages share', () => {
  const bot = botOf(
    {
      start: 'steps: {a: {ask: Which?, options: languages, next: m}, m: {ask: M, options: {x: {label: X}}}}',
      help: 'entry: [wbs]\nsteps: {a: {say: A, next: q}, q: {ask: Q, options: {x: {label: X}}}}',
      danger: 'entry: [sos]\ncrisis: [save me]\nsteps: {a: {say: Call 112.}}',
    },
    {
      de: {
        help: { 'steps.a.say': 'Ah', 'steps.q.ask': 'Ku', entry: 'wbs' },
        lotse: { 'words.menu': 'Menü' },
      },
    },
  );

  test('is asked for the language, and then led where the link leads', () => {
    const talk = talkTo(bot);
    talk.send({ kind: 'entry', ref: 'help' });
    expect(talk.labels()).toEqual(['Deutsch', 'English']);
    expect(talk.tap('_/language/de', 'Deutsch')).toContain('Ku');
    expect(talk.at()).toBe('help/q');
  });

  test('goes on in the first language when that question is not answered', () => {
    const talk = talkTo(bot);
    talk.write('WBS');
    expect(talk.labels()).toEqual(['Deutsch', 'English']);
    expect(talk.write('qqq')).toBe('A\n\nQ');
  });

  test('is answered at once in danger', () => {
    expect(talkTo(bot).write('SOS')).toBe('Call 112.');
  });
});
