import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Message } from '../../src/engine/message.ts';
import { MESSENGER, PLAIN_TEXT, WHATSAPP, type Limits } from '../../src/channels/limits.ts';
import { present, type Rendering } from '../../src/channels/rendering.ts';

const option = (label: string, detail?: string): { id: string; label: string; detail?: string } => ({
  id: `flow/step/${label.slice(0, 8)}`,
  label,
  ...(detail === undefined ? {} : { detail }),
});

const message = (
  text: string,
  options: readonly { id: string; label: string; detail?: string }[] = [],
  style: 'auto' | 'numbers' = 'auto',
): Message => ({
  text,
  language: 'de',
  ...(options.length > 0 ? { menu: { button: 'Auswählen', style, options: [...options] } } : {}),
});

const flat = option('Eigene Wohnung');
const tonight = option('Bett für heute Nacht');

describe('WhatsApp', () => {
  test('up to three short options become buttons with the option ids', () => {
    expect(present(message('Was brauchst du?', [tonight, flat]), WHATSAPP)).toEqual([
      {
        type: 'buttons',
        text: 'Was brauchst du?',
        buttons: [
          { id: tonight.id, title: 'Bett für heute Nacht' },
          { id: flat.id, title: 'Eigene Wohnung' },
        ],
      },
    ]);
  });

  test('a detail, a fourth option or a label of 21 units makes it a list', () => {
    const types = [
      [option('Wohnung', 'mit Wohnberechtigungsschein')],
      [option('a'), option('b'), option('c'), option('d')],
      [option('x'.repeat(21))],
    ].map((options) => present(message('?', options), WHATSAPP).map(({ type }) => type));
    expect(types).toEqual([['list'], ['list'], ['list']]);
  });

  test('a label too long for a row title is cut at a word end and stands whole in the description', () => {
    const [rendering] = present(
      message('?', [option('Wohnberechtigungsschein und Suche', 'Amt für Wohnen')]),
      WHATSAPP,
    );
    expect(rendering).toMatchObject({
      type: 'list',
      text: '?',
      button: 'Auswählen',
      rows: [
        {
          title: 'Wohnberechtigungsschein…',
          description: 'Wohnberechtigungsschein und Suche – Amt für Wohnen',
        },
      ],
    });
  });

  test('an option too long for a row is written in the text under its number', () => {
    const long = `Ärger mit der Miete: ${'Kündigung und Räumung '.repeat(4)}`.trim();
    const [rendering] = present(message('Was ist los?', [option('Kurz'), option(long)]), WHATSAPP);
    expect(rendering).toMatchObject({
      type: 'list',
      text: `Was ist los?\n\n2. ${long}`,
      rows: [{ title: 'Kurz' }, { title: '2. Ärger mit der Miete…' }],
    });
  });

  test('labels that would be the same after cutting are told apart by numbers', () => {
    const [rendering] = present(
      message('?', [option('Beratung für Familien in Augsburg'), option('Beratung für Familien in Aachen')]),
      WHATSAPP,
    );
    expect(rendering).toMatchObject({
      rows: [{ title: '1. Beratung für…' }, { title: '2. Beratung für…' }],
    });
  });

  test('more than ten options, or the style numbers, become numbered text', () => {
    const eleven = Array.from({ length: 11 }, (_, index) => option(`Stadt ${String(index + 1)}`));
    expect(present(message('Wo?', eleven), WHATSAPP)).toEqual([
      {
        type: 'text',
        text: `Wo?\n\n${eleven.map(({ label }, index) => `${String(index + 1)}. ${label}`).join('\n')}`,
      },
    ]);
    expect(present(message('Was?', [tonight, option('Wohnung', 'und Suche')], 'numbers'), WHATSAPP)).toEqual([
      { type: 'text', text: 'Was?\n\n1. Bett für heute Nacht\n2. Wohnung – und Suche' },
    ]);
  });

  test('a location is asked for with the platform’s own request, unless there is a menu', () => {
    const asking: Message = { ...message('Wo bist du?'), request: 'location' };
    expect(present(asking, WHATSAPP)).toEqual([{ type: 'location_request', text: 'Wo bist du?' }]);
    expect(present({ ...message('Wo?', [flat]), request: 'location' }, WHATSAPP)[0]?.type).toBe('buttons');
    expect(present(asking, MESSENGER)).toEqual([{ type: 'text', text: 'Wo bist du?' }]);
  });

  test('a text over the body limit is sent before the buttons, cut at a paragraph', () => {
    const first = 'Lange Auskunft. '.repeat(60).trim();
    const renderings = present(message(`${first}\n\nWas brauchst du?\n\nBitte wähle.`, [flat]), WHATSAPP);
    expect(renderings.map(({ type }) => type)).toEqual(['buttons']);
    const longer = 'Lange Auskunft. '.repeat(90).trim();
    expect(present(message(`${longer}\n\n${first}`, [flat]), WHATSAPP)).toMatchObject([
      { type: 'text', text: longer },
      { type: 'buttons', text: first },
    ]);
  });
});

describe('Messenger', () => {
  test('short options become quick replies', () => {
    expect(present(message('Was?', [tonight, flat]), MESSENGER)).toMatchObject([
      {
        type: 'quick_replies',
        text: 'Was?',
        replies: [{ title: 'Bett für heute Nacht' }, { title: 'Eigene Wohnung' }],
      },
    ]);
  });

  test('long labels and details are written out with numbers, which the quick replies carry too', () => {
    const options = [option('Wohnberechtigungsschein', 'und Suche'), option('Bett')];
    expect(present(message('Was?', options), MESSENGER)).toEqual([
      {
        type: 'quick_replies',
        text: 'Was?\n\n1. Wohnberechtigungsschein – und Suche\n2. Bett',
        replies: [
          { id: options[0]!.id, title: '1. Wohnberechtigung…' },
          { id: options[1]!.id, title: '2. Bett' },
        ],
      },
    ]);
  });

  test('more than thirteen options become numbered text', () => {
    const fourteen = Array.from({ length: 14 }, (_, index) => option(`Ort ${String(index)}`));
    expect(present(message('Wo?', fourteen.slice(1)), MESSENGER)[0]?.type).toBe('quick_replies');
    expect(present(message('Wo?', fourteen), MESSENGER)[0]?.type).toBe('text');
  });
});

test('plain text always numbers', () => {
  expect(present(message('Was?', [flat]), PLAIN_TEXT)).toEqual([
    { type: 'text', text: 'Was?\n\n1. Eigene Wohnung' },
  ]);
});

describe('cutting texts', () => {
  const tight: Limits = { textMax: 40 };
  const texts = (text: string, language = 'de'): string[] =>
    present({ text, language }, tight).map((rendering) => rendering.text);

  test('falls at sentence ends before word ends', () => {
    expect(texts('Das Amt ist offen. Bring den Ausweis mit, bitte.')).toEqual([
      'Das Amt ist offen.',
      'Bring den Ausweis mit, bitte.',
    ]);
    expect(texts('Donaudampfschifffahrtsgesellschaft und Kapitän ohne Satzende hier')).toEqual([
      'Donaudampfschifffahrtsgesellschaft und',
      'Kapitän ohne Satzende hier',
    ]);
  });

  test('keeps a web address whole', () => {
    const link = 'https://handbookgermany.de/de/wohnen';
    expect(texts(`Mehr darüber, wenn du magst: ${link}`)).toContain(link);
  });

  test('never falls inside an emoji family', () => {
    const family = '👨‍👩‍👧‍👦';
    expect(texts(family.repeat(5)).join('')).toBe(family.repeat(5));
    expect(texts(family.repeat(5)).every((piece) => piece.length % family.length === 0)).toBe(true);
  });

  test('an unknown language tag still sends the message', () => {
    expect(texts('ein Text '.repeat(9), 'no such_tag').length).toBeGreaterThan(1);
  });
});

const scripts = fc.constantFrom(
  'أين أجد مكانا للنوم',
  'Де я можу жити',
  'چگونه می‌توانم',
  'ཁང་པ།',
  'ฉันต้องการที่พัก',
  '我需要住的地方',
  'እርዳታ',
  '👨‍👩‍👧‍👦',
  '🏳️‍🌈',
  '🇺🇦',
  'e\u0301\u0323',
  'नमस्ते',
  '\u202b',
  'Wohnberechtigungsschein',
  'https://example.org/a?b=c',
  '. ',
  '! ',
  '؟ ',
  '\n',
  '\n\n',
  ' ',
  '\t',
  ', ',
  '1. ',
  '…',
);
const text = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(scripts, { minLength: 1, maxLength: 400 }).map((parts) => parts.join('')),
  },
  { weight: 3, arbitrary: fc.array(scripts, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }) },
);
const menus = fc.record({
  button: text,
  style: fc.constantFrom<'auto' | 'numbers'>('auto', 'auto', 'auto', 'numbers'),
  options: fc
    .array(fc.record({ label: text, detail: fc.option(text, { nil: undefined }) }), {
      minLength: 1,
      maxLength: 15,
    })
    .map((all) =>
      all.map(({ label, detail }, index) => ({
        id: `flow/step/${String(index)}`,
        label,
        ...(detail === undefined ? {} : { detail }),
      })),
    ),
});
const messages: fc.Arbitrary<Message> = fc
  .record({
    text,
    language: fc.constantFrom('de', 'ar', 'th', 'zh'),
    menu: fc.option(menus, { nil: undefined }),
    ask: fc.boolean(),
  })
  .map(({ menu, ask, ...rest }) => ({
    ...rest,
    ...(menu ? { menu } : {}),
    ...(ask ? { request: 'location' as const } : {}),
  }));

/** Everything a person could read, without white space, in order. */
const solid = (words: string): string => words.replace(/\s+/gu, '');

/** Every limit of `limits` that a rendering breaks, in words. Written out anew, not taken from the code. */
function broken(rendering: Rendering, limits: Limits): string[] {
  const wrong: string[] = [];
  const within = (what: string, value: string, max: number): void => {
    if (value.length > max || value.trim() === '')
      wrong.push(`${what}: ${String(value.length)} of ${String(max)}`);
  };
  const unique = (titles: readonly string[]): void => {
    if (new Set(titles).size !== titles.length) wrong.push('titles clash');
  };
  const atMost = (count: number, max: number): void => {
    if (count > max) wrong.push(`${String(count)} choices`);
  };
  switch (rendering.type) {
    case 'text':
      within('text', rendering.text, limits.textMax);
      break;
    case 'location_request':
      within('body', rendering.text, 1024);
      break;
    case 'buttons':
      within('body', rendering.text, 1024);
      atMost(rendering.buttons.length, 3);
      unique(rendering.buttons.map(({ title }) => title));
      for (const { title } of rendering.buttons) within('title', title, 20);
      break;
    case 'list':
      within('body', rendering.text, 1024);
      within('button', rendering.button, 20);
      atMost(rendering.rows.length, 10);
      unique(rendering.rows.map(({ title }) => title));
      for (const { title, description } of rendering.rows) {
        within('title', title, 24);
        if (description !== undefined) within('description', description, 72);
      }
      break;
    case 'quick_replies':
      within('text', rendering.text, 2000);
      atMost(rendering.replies.length, 13);
      unique(rendering.replies.map(({ title }) => title));
      for (const { title } of rendering.replies) within('title', title, 20);
      break;
  }
  return wrong;
}

function choices(rendering: Rendering | undefined): readonly { id: string; shown: string }[] {
  switch (rendering?.type) {
    case 'buttons':
      return rendering.buttons.map(({ id, title }) => ({ id, shown: title }));
    case 'quick_replies':
      return rendering.replies.map(({ id, title }) => ({ id, shown: title }));
    case 'list':
      return rendering.rows.map(({ id, title, description = '' }) => ({ id, shown: title + description }));
    case 'text':
    case 'location_request':
    case undefined:
      return [];
  }
}

describe.each([
  ['WhatsApp', WHATSAPP],
  ['Messenger', MESSENGER],
  ['plain text', PLAIN_TEXT],
  ['a tiny screen', { textMax: 30 }],
])('any message on %s', (_, limits) => {
  test('keeps every limit and loses nothing of the text or any option', () => {
    fc.assert(
      fc.property(messages, (any) => {
        const renderings = present(any, limits);
        expect(renderings.flatMap((rendering) => broken(rendering, limits))).toEqual([]);
        expect(renderings.slice(0, -1).every(({ type }) => type === 'text')).toBe(true);

        const read = solid(renderings.map((rendering) => rendering.text).join(''));
        expect(read.startsWith(solid(any.text))).toBe(true);
        const tappable = choices(renderings.at(-1));
        const options = any.menu?.options ?? [];
        if (tappable.length > 0) expect(tappable.map(({ id }) => id)).toEqual(options.map(({ id }) => id));
        for (const [index, { label, detail = '' }] of options.entries()) {
          const shown = solid(tappable[index]?.shown ?? '');
          const stands = (words: string): boolean => shown.includes(words) || read.includes(words);
          expect([label, stands(solid(label))]).toEqual([label, true]);
          expect([detail, stands(solid(detail))]).toEqual([detail, true]);
          if (tappable.length === 0) expect(read).toContain(solid(`${String(index + 1)}. ${label}`));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('is cut neither inside a surrogate pair nor inside a short grapheme', () => {
    const graphemes = new Intl.Segmenter('de', { granularity: 'grapheme' });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('👨‍👩‍👧‍👦', '🇺🇦', 'a', 'ü', 'நி', '👍🏽'), { minLength: 1, maxLength: 900 }),
        (units) => {
          const whole = units.join('');
          const pieces = present({ text: whole, language: 'de' }, limits).map((rendering) => rendering.text);
          const count = (words: string): number => Array.from(graphemes.segment(words)).length;
          expect(pieces.reduce((sum, piece) => sum + count(piece), 0)).toBe(count(whole));
        },
      ),
      { numRuns: 60 },
    );
  });
});
