import fc from 'fast-check';
import type { Message } from '../../src/engine/message.ts';

const scripts = fc.constantFrom(
  'أين أجد مكانا للنوم',
  'Де я можу жити',
  'چگونه می‌توانم',
  'ཁང་པ།',
  'ฉันต้องการที่พัก',
  '我需要住的地方',
  'እርዳታ',
  'ትግርኛ ቋንቋ፡፡ ',
  'یارمەتی',
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
const longText = fc.array(scripts, { minLength: 200, maxLength: 900 }).map((parts) => parts.join(''));
const menus = fc
  .record({
    button: text,
    more: fc.option(fc.oneof(text, fc.constantFrom('Mehr', 'المزيد', 'ተጨማሪ', '1. ')), { nil: undefined }),
    style: fc.constantFrom<'auto' | 'numbers'>('auto', 'auto', 'auto', 'numbers'),
    options: fc
      .array(
        fc.record({
          label: fc.oneof(text, fc.constantFrom('Mehr', '…', '1. ', 'ja')),
          detail: fc.option(text, { nil: undefined }),
        }),
        {
          minLength: 1,
          maxLength: 30,
        },
      )
      .map((all) =>
        all.map(({ label, detail }, index) => ({
          id: `flow/step/${String(index)}`,
          label,
          ...(detail === undefined ? {} : { detail }),
        })),
      ),
  })
  .map(({ more, ...menu }) => ({ ...menu, ...(more === undefined ? {} : { more }) }));
const url = fc.constantFrom(
  'https://example.org/a',
  'http://example.org/ein%20Blatt.pdf?b=c#d',
  'https://example.org/%E0%A4%A',
  'https://example.org/مساعدة.ogg',
);
const extras = fc.record(
  {
    link: fc.record({ label: text, url }),
    location: fc.record(
      {
        latitude: fc.double({ min: -90, max: 90, noNaN: true }),
        longitude: fc.double({ min: -180, max: 180, noNaN: true }),
        name: text,
        address: text,
      },
      { requiredKeys: ['latitude', 'longitude'] },
    ),
    contacts: fc.array(
      fc.record(
        {
          name: text,
          phones: fc.array(fc.constantFrom('+4982112345', '+110'), { minLength: 1, maxLength: 3 }),
          url,
        },
        { requiredKeys: ['name', 'phones'] },
      ),
      { minLength: 1, maxLength: 5 },
    ),
    media: fc.array(
      fc.record({
        type: fc.constantFrom<'image' | 'audio' | 'video' | 'document'>(
          'image',
          'audio',
          'video',
          'document',
        ),
        url: fc.oneof(url, fc.constant('urn:isbn:0451450523')),
      }),
      { maxLength: 3 },
    ),
    template: fc.record({
      name: fc.constantFrom('reminder', 'a_1'),
      parameters: fc.array(fc.oneof(text, fc.constantFrom('', ' ', '\n'), longText), { maxLength: 3 }),
    }),
    request: fc.constant('location' as const),
  },
  { requiredKeys: [] },
);

/** Any message in any script, with or without a menu and all that may go with it. */
export const messages: fc.Arbitrary<Message> = fc
  .record({
    text,
    language: fc.constantFrom('de', 'ar', 'th', 'zh', 'ti', 'ckb', 'pt-BR'),
    menu: fc.option(menus, { nil: undefined }),
    extras: fc.oneof(fc.constant({}), extras),
  })
  .map(({ menu, extras: more, ...rest }) => ({ ...rest, ...more, ...(menu ? { menu } : {}) }));

/** The message with its menu turned to a page. */
export function turned(message: Message, from: number): Message {
  return message.menu ? { ...message, menu: { ...message.menu, from } } : message;
}
