import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { moreId, type Message } from '../../src/engine/message.ts';
import { MESSENGER, PLAIN_TEXT, WHATSAPP, type Limits } from '../../src/channels/limits.ts';
import { present, type Rendering } from '../../src/channels/rendering.ts';
import { messages, turned } from './arbitrary-messages.ts';

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

  const cities = (count: number): { id: string; label: string }[] =>
    Array.from({ length: count }, (_, index) => option(`Stadt ${String(index + 1)}`));

  test('ten options are one list, eleven two pages whose last row leads on', () => {
    const [ten] = present(message('Wo?', cities(10)), WHATSAPP);
    expect(ten).toMatchObject({ type: 'list', rows: { length: 10 } });
    const eleven = message('Wo?', cities(11));
    const shown = present({ ...eleven, menu: { ...eleven.menu!, more: 'Weitere' } }, WHATSAPP);
    expect(shown).toEqual([
      {
        type: 'list',
        text: 'Wo?',
        button: 'Auswählen',
        rows: [
          ...cities(9).map(({ id, label }) => ({ id, title: label })),
          { id: moreId(9), title: 'Weitere' },
        ],
      },
    ]);
  });

  test('a later page shows the others under their numbers, and the last leads nowhere', () => {
    const long = (index: number): string => `${'Beratungsstelle für alle '.repeat(4)}${String(index)}`;
    const all = Array.from({ length: 25 }, (_, index) => option(long(index)));
    const page = (from: number): Rendering => {
      const whole = message('Wo?', all);
      return present({ ...whole, menu: { ...whole.menu!, from } }, WHATSAPP).at(-1)!;
    };
    expect(choices(page(9)).map(({ id }) => id)).toEqual([
      ...all.slice(9, 18).map(({ id }) => id),
      moreId(18),
    ]);
    expect(choices(page(9)).map(({ shown }) => shown.slice(0, 4))).toEqual([
      ...Array.from({ length: 9 }, (_, index) => `${String(index + 10)}. `),
      '…',
    ]);
    expect(page(9)).toMatchObject({ text: expect.stringContaining(`10. ${long(9)}`) });
    expect(page(9)).toMatchObject({ text: expect.not.stringContaining(`9. ${long(8)}`) });
    expect(choices(page(18)).map(({ id }) => id)).toEqual(all.slice(18).map(({ id }) => id));
    expect(choices(page(99))[0]?.id).toBe(all[0]!.id);
  });

  test('no option is mistaken for the way on', () => {
    const all = message('Wo?', [option('Mehr'), ...cities(12)]);
    const rows = choices(present({ ...all, menu: { ...all.menu!, more: 'Mehr' } }, WHATSAPP)[0]);
    expect([rows[0]?.shown, rows[9]?.shown]).toEqual(['1. Mehr', 'Mehr']);
    const tricky = message('Wo?', [option('Mehr'), option('1. Mehr'), ...cities(12)]);
    const others = choices(present({ ...tricky, menu: { ...tricky.menu!, more: '1. Mehr' } }, WHATSAPP)[0]);
    expect([others[0]?.shown, others[9]?.shown]).toEqual(['1. Mehr', '…']);
  });

  test('the style numbers writes everything out', () => {
    expect(present(message('Was?', [tonight, option('Wohnung', 'und Suche')], 'numbers'), WHATSAPP)).toEqual([
      { type: 'text', text: 'Was?\n\n1. Bett für heute Nacht\n2. Wohnung – und Suche' },
    ]);
    expect(present(message('Wo?', cities(11), 'numbers'), WHATSAPP)).toMatchObject([
      { type: 'text', text: expect.stringMatching(/1\. Stadt 1\n[^]*\n11\. Stadt 11$/u) },
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

  test('more than thirteen options are shown thirteen at a time, the last of which leads on', () => {
    const places = Array.from({ length: 26 }, (_, index) => option(`Ort ${String(index)}`));
    const page = (count: number, from = 0): string[] => {
      const whole = message('Wo?', places.slice(0, count));
      const shown = present({ ...whole, menu: { ...whole.menu!, from } }, MESSENGER);
      return choices(shown[0]).map(({ id }) => id);
    };
    expect(page(13)).toEqual(places.slice(0, 13).map(({ id }) => id));
    expect(page(14)).toEqual([...places.slice(0, 12).map(({ id }) => id), moreId(12)]);
    expect(page(26, 12)).toEqual([...places.slice(12, 24).map(({ id }) => id), moreId(24)]);
    expect(page(26, 24)).toEqual(places.slice(24).map(({ id }) => id));
  });
});

describe('what goes with a text', () => {
  const hello = message('Hallo');
  const link = { label: 'Termin buchen', url: 'https://example.org/t?a=1' };
  const location = { latitude: 48.37, longitude: -10.9, name: 'Amt', address: 'Weg 1' };
  const map = 'https://www.openstreetmap.org/?mlat=48.37&mlon=-10.9#map=17/48.37/-10.9';
  const contacts = [{ name: 'Beratung', phones: ['+49821000', '+49821001'], url: 'https://example.org' }];
  const picture = { type: 'image' as const, url: 'https://example.org/a.png' };
  const voice = { type: 'audio' as const, url: 'https://example.org/a.ogg' };
  const shown = (any: Message, limits: Limits): string[] =>
    present(any, limits).map((rendering) =>
      'text' in rendering ? `${rendering.type}: ${rendering.text}` : rendering.type,
    );

  test('a link is a button where there is one, and a line elsewhere', () => {
    const button = { type: 'link', text: 'Hallo', title: 'Termin buchen', url: link.url };
    expect(present({ ...hello, link }, WHATSAPP)).toEqual([button]);
    expect(present({ ...hello, link }, MESSENGER)).toEqual([button]);
    expect(shown({ ...hello, link }, PLAIN_TEXT)).toEqual([`text: Hallo\n\nTermin buchen: ${link.url}`]);
  });

  test('a link is a line where something else is tapped', () => {
    const line = `Hallo\n\nTermin buchen: ${link.url}`;
    expect(shown({ ...message('Hallo', [flat]), link }, WHATSAPP)).toEqual([`buttons: ${line}`]);
    expect(shown({ ...message('Hallo', [flat]), link }, PLAIN_TEXT)).toEqual([
      `text: ${line}\n\n1. Eigene Wohnung`,
    ]);
    expect(shown({ ...hello, link, request: 'location' }, WHATSAPP)).toEqual([`location_request: ${line}`]);
    expect(shown({ ...message('Hallo', [flat], 'numbers'), link }, MESSENGER)).toEqual([
      `text: ${line}\n\n1. Eigene Wohnung`,
    ]);
  });

  test('a label too long for the button is whole in the text, of which the last part has the button', () => {
    const long = 'Termin bei der Ausländerbehörde buchen';
    const text = 'Lange Auskunft. '.repeat(60).trim();
    const renderings = present(
      { ...message(`${text}\n\nBitte.`), link: { ...link, label: long } },
      MESSENGER,
    );
    expect(renderings).toMatchObject([
      { type: 'text' },
      { type: 'link', title: 'Termin bei der…', text: expect.stringMatching(new RegExp(`${long}$`, 'u')) },
    ]);
  });

  test('a place and cards follow the text, or stand in it', () => {
    const any: Message = { ...hello, location, contacts };
    expect(present(any, WHATSAPP)).toEqual([
      { type: 'text', text: 'Hallo' },
      { type: 'location', ...location },
      { type: 'contacts', contacts },
    ]);
    const lines = `Amt, Weg 1: ${map}\nBeratung: +49821000, +49821001, https://example.org`;
    expect(shown(any, MESSENGER)).toEqual([`text: Hallo\n\nAmt, Weg 1: ${map}`, 'contacts']);
    expect(shown(any, PLAIN_TEXT)).toEqual([`text: Hallo\n\n${lines}`]);
  });

  test('coordinates are written as maps read them', () => {
    const [near] = shown({ ...hello, location: { latitude: -0.00000001, longitude: 1e-5 } }, PLAIN_TEXT);
    expect(near).toContain('?mlat=0&mlon=0.00001#map=17/0/0.00001');
  });

  test('pictures and recordings follow the text, but never what can be tapped', () => {
    const any: Message = { ...hello, media: [picture, voice] };
    expect(shown(any, WHATSAPP)).toEqual(['text: Hallo', 'media', 'media']);
    expect(shown(any, PLAIN_TEXT)).toEqual([`text: Hallo\n\n${picture.url}\n${voice.url}`]);
    expect(shown({ ...any, ...message('Was?', [flat]) }, MESSENGER)).toEqual([
      'media',
      'media',
      'quick_replies: Was?',
    ]);
    expect(shown({ ...any, link, location, contacts }, WHATSAPP)).toEqual([
      'media',
      'media',
      'location',
      'contacts',
      'link: Hallo',
    ]);
  });

  test('what no platform can fetch stays a line', () => {
    const url = 'urn:isbn:0451450523';
    expect(shown({ ...hello, media: [{ type: 'document', url }] }, WHATSAPP)).toEqual([
      `text: Hallo\n\n${url}`,
    ]);
  });
});

test('plain text always numbers', () => {
  expect(present(message('Was?', [flat]), PLAIN_TEXT)).toEqual([
    { type: 'text', text: 'Was?\n\n1. Eigene Wohnung' },
  ]);
});

describe('cutting texts', () => {
  const tight: Limits = { textMax: 40 };
  const texts = (text: string, language = 'de'): string[] => textsOf(present({ text, language }, tight));

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

const textsOf = (renderings: readonly Rendering[]): string[] =>
  renderings.flatMap((rendering) => ('text' in rendering ? [rendering.text] : []));

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
    case 'link':
      within('body', rendering.text, limits === MESSENGER ? 640 : 1024);
      within('title', rendering.title, 20);
      break;
    case 'contacts':
      atMost(rendering.contacts.length, 5);
      break;
    case 'location':
    case 'media':
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

/** What stands before the part with the choices. */
const choiceless = new Set(['text', 'media', 'location', 'contacts']);

/** How many options come before the next page; null on the last. */
function nextPage(tappable: readonly { id: string }[]): number | null {
  const from = /^_\/more\/(\d+)$/u.exec(tappable.at(-1)?.id ?? '')?.[1];
  return from === undefined ? null : Number(from);
}

function choices(rendering: Rendering | undefined): readonly { id: string; shown: string }[] {
  switch (rendering?.type) {
    case 'buttons':
      return rendering.buttons.map(({ id, title }) => ({ id, shown: title }));
    case 'quick_replies':
      return rendering.replies.map(({ id, title }) => ({ id, shown: title }));
    case 'list':
      return rendering.rows.map(({ id, title, description = '' }) => ({ id, shown: title + description }));
    default:
      return [];
  }
}

describe.each([
  ['WhatsApp', WHATSAPP],
  ['Messenger', MESSENGER],
  ['plain text', PLAIN_TEXT],
  ['a tiny screen', { textMax: 30 }],
])('any message on %s', (_, limits) => {
  test('keeps every limit and loses nothing of the text or any option, over all pages', () => {
    fc.assert(
      fc.property(messages, (any) => {
        const options = any.menu?.options ?? [];
        const seen: string[] = [];
        let from: number | null = 0;
        while (from !== null) {
          const renderings = present(turned(any, from), limits);
          expect(renderings.flatMap((rendering) => broken(rendering, limits))).toEqual([]);
          const read = solid(textsOf(renderings).join(''));
          expect(read.startsWith(solid(any.text))).toBe(true);
          const tappable = choices(renderings.at(-1));
          if (tappable.length > 0)
            expect(renderings.slice(0, -1).every(({ type }) => choiceless.has(type))).toBe(true);

          const on = nextPage(tappable);
          const here = tappable.slice(0, on === null ? undefined : -1);
          if (tappable.length > 0) expect(here).not.toHaveLength(0);
          seen.push(...here.map(({ id }) => id));
          const page = here.length > 0 ? options.slice(from, from + here.length) : options;
          for (const [index, { label, detail = '' }] of page.entries()) {
            const shown = solid(here[index]?.shown ?? '');
            const stands = (words: string): boolean => shown.includes(words) || read.includes(words);
            expect([label, stands(solid(label))]).toEqual([label, true]);
            expect([detail, stands(solid(detail))]).toEqual([detail, true]);
            if (here.length === 0) expect(read).toContain(solid(`${String(index + 1)}. ${label}`));
          }
          if (on !== null) expect(on).toBe(from + here.length);
          from = on;
        }
        if (seen.length > 0) expect(seen).toEqual(options.map(({ id }) => id));
        else if (any.menu?.style === 'auto') expect(limits.list ?? limits.quickReplies).toBeUndefined();
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
          const pieces = textsOf(present({ text: whole, language: 'de' }, limits));
          const count = (words: string): number => Array.from(graphemes.segment(words)).length;
          expect(pieces.reduce((sum, piece) => sum + count(piece), 0)).toBe(count(whole));
        },
      ),
      { numRuns: 60 },
    );
  });
});
