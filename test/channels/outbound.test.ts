import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Part } from '../../src/channels/channel.ts';
import { messengerActing, messengerBody, messengerParts } from '../../src/channels/messenger/outbound.ts';
import { whatsappActing, whatsappBody, whatsappParts } from '../../src/channels/whatsapp-cloud/outbound.ts';
import { templateLanguage } from '../../src/channels/whatsapp-cloud/template-language.ts';
import { whatsappTemplate } from '../../src/channels/whatsapp-cloud/template.ts';
import type { Message } from '../../src/engine/message.ts';
import { messages, turned } from './arbitrary-messages.ts';
import { messengerRequest, whatsappRequest } from './platform-schemas.ts';

const hello: Message = { text: 'Hallo', language: 'de' };
const link = { label: 'Termin buchen', url: 'https://example.org/t' };
const options = (count: number): NonNullable<Message['menu']>['options'] =>
  Array.from({ length: count }, (_, index) => ({
    id: `f/s/${String(index)}`,
    label: `Ort ${String(index)}`,
  }));

describe('what WhatsApp is sent', () => {
  test('a link', () => {
    expect(whatsappParts({ ...hello, link })).toEqual([
      {
        type: 'interactive',
        interactive: {
          type: 'cta_url',
          body: { text: 'Hallo' },
          action: { name: 'cta_url', parameters: { display_text: link.label, url: link.url } },
        },
      },
    ]);
  });

  test('a place and cards', () => {
    const location = { latitude: 48.37, longitude: 10.9, name: 'Amt', address: 'Weg 1' };
    const contacts = [
      { name: 'Beratung\nAugsburg', phones: ['+49821000'], url: 'https://example.org' },
      { name: ' ', phones: ['+112'] },
    ];
    expect(whatsappParts({ ...hello, location, contacts })).toEqual([
      { type: 'text', text: { body: 'Hallo' } },
      { type: 'location', location },
      {
        type: 'contacts',
        contacts: [
          {
            name: { formatted_name: 'Beratung Augsburg', first_name: 'Beratung Augsburg' },
            phones: [{ phone: '+49821000' }],
            urls: [{ url: 'https://example.org' }],
          },
          { name: { formatted_name: '+112', first_name: '+112' }, phones: [{ phone: '+112' }] },
        ],
      },
    ]);
  });

  test.each<['image' | 'audio' | 'video' | 'document', string, object]>([
    ['image', 'https://example.org/a.png', {}],
    ['audio', 'https://example.org/a.ogg', {}],
    ['video', 'https://example.org/a.mp4', {}],
    ['document', 'https://example.org/b/Mein%20Antrag.pdf?v=1', { filename: 'Mein Antrag.pdf' }],
    ['document', 'https://example.org/%E0%A4%A', { filename: '%E0%A4%A' }],
    ['document', 'https://example.org/', {}],
  ])('%s %s', (type, url, more) => {
    expect(whatsappParts({ ...hello, media: [{ type, url }] })).toEqual([
      { type: 'text', text: { body: 'Hallo' } },
      { type, [type]: { link: url, ...more } },
    ]);
  });

  test('a recording is heard before the buttons it belongs to', () => {
    const media: Message['media'] = [{ type: 'audio', url: 'https://example.org/a.ogg' }];
    const menu: Message['menu'] = { button: 'Auswählen', style: 'auto', options: options(2) };
    expect(whatsappParts({ ...hello, media, menu }).map(({ type }) => type)).toEqual([
      'audio',
      'interactive',
    ]);
  });

  test('only WhatsApp’s own message ids are quoted or marked as read', () => {
    const [part = {}] = whatsappParts(hello);
    const quoted = (id?: string): unknown => whatsappBody({ phone: '+49151' }, part, 'c.0', id)?.['context'];
    expect(quoted('wamid.A')).toEqual({ message_id: 'wamid.A' });
    expect([quoted('derived.abc'), quoted('')]).toEqual([undefined, undefined]);
    expect(whatsappActing('wamid.A')).toEqual({
      messaging_product: 'whatsapp',
      status: 'read',
      message_id: 'wamid.A',
      typing_indicator: { type: 'text' },
    });
    expect(whatsappActing('derived.abc')).toBeNull();
  });
});

describe('what Messenger is sent', () => {
  test('a link', () => {
    const buttons = [{ type: 'web_url', title: link.label, url: link.url }];
    expect(messengerParts({ ...hello, link })).toEqual([
      {
        attachment: { type: 'template', payload: { template_type: 'button', text: 'Hallo', buttons } },
      },
    ]);
  });

  test('a place as a link, for it has no form of its own', () => {
    expect(messengerParts({ ...hello, location: { latitude: 1, longitude: 2 } })).toEqual([
      { text: 'Hallo\n\nhttps://www.openstreetmap.org/?mlat=1&mlon=2#map=17/1/2' },
    ]);
  });

  test('people to call as cards with buttons, as many as there is room for', () => {
    const many = {
      name: 'Beratung',
      phones: ['+49821000', '+49821001', '+49821002'],
      url: 'https://example.org/a',
    };
    const call = (phone: string): object => ({ type: 'phone_number', title: phone, payload: phone });
    const elements = [
      { title: 'A', subtitle: '+112', buttons: [call('+112')] },
      {
        title: 'Beratung',
        subtitle: '+49821000, +49821001, +49821002',
        buttons: [
          call('+49821000'),
          call('+49821001'),
          { type: 'web_url', title: 'example.org', url: many.url },
        ],
      },
    ];
    expect(messengerParts({ ...hello, contacts: [{ name: 'A', phones: ['+112'] }, many] })).toEqual([
      { text: 'Hallo' },
      { attachment: { type: 'template', payload: { template_type: 'generic', elements } } },
    ]);
  });

  test('people whose names or numbers are too long for a card as text', () => {
    const long = { name: 'Beratungsstelle '.repeat(6), phones: ['+112'] };
    expect(messengerParts({ ...hello, contacts: [long] })).toEqual([
      { text: expect.stringContaining('+112') },
    ]);
  });

  test('pictures, recordings and documents, before what vanishes with the next message', () => {
    const media = (['image', 'audio', 'video', 'document'] as const).map((type) => ({
      type,
      url: `https://example.org/${type}`,
    }));
    const menu: Message['menu'] = { button: 'Auswählen', style: 'auto', options: options(1) };
    const attached = ['image', 'audio', 'video', 'file'].map((type, index) => ({
      attachment: { type, payload: { url: media[index]!.url, is_reusable: true } },
    }));
    expect(messengerParts({ ...hello, media })).toEqual([{ text: 'Hallo' }, ...attached]);
    expect(messengerParts({ ...hello, media, menu }).at(-1)).toMatchObject({ quick_replies: { length: 1 } });
  });

  test('sender actions, each alone', () => {
    expect(messengerActing({ psid: '7' })).toEqual([
      { recipient: { id: '7' }, sender_action: 'mark_seen' },
      { recipient: { id: '7' }, sender_action: 'typing_on' },
    ]);
    expect(messengerActing({})).toEqual([]);
  });
});

describe('templates', () => {
  const template = { name: 'reminder', parameters: ['  um \n\t8:00   Uhr ', '', 'x'.repeat(2000)] };

  test('hold one line each of what stands in for {{1}}, {{2}} …', () => {
    expect(whatsappTemplate({ ...hello, template })).toEqual({
      type: 'template',
      template: {
        name: 'reminder',
        language: { code: 'de' },
        components: [
          {
            type: 'body',
            parameters: ['um 8:00 Uhr', '…', `${'x'.repeat(1023)}…`].map((text) => ({ type: 'text', text })),
          },
        ],
      },
    });
  });

  test('have no components without anything to fill in; a message may have none', () => {
    expect(whatsappTemplate({ ...hello, template: { name: 'a', parameters: [] } })).toEqual({
      type: 'template',
      template: { name: 'a', language: { code: 'de' } },
    });
    expect(whatsappTemplate(hello)).toBeNull();
  });

  test.each([
    ['en', 'en'],
    ['en-US', 'en_US'],
    ['de-DE', 'de'],
    ['de-AT', 'de_AT'],
    ['pt', 'pt_PT'],
    ['pt-BR', 'pt_BR'],
    ['zh', 'zh_CN'],
    ['zh-Hant', 'zh_TW'],
    ['zh-Hant-HK', 'zh_HK'],
    ['zh-Hans-SG', 'zh_CN'],
    ['sr-Latn', 'sr'],
    ['fa', 'fa'],
    ['fa-AF', 'prs_AF'],
    ['ps', 'ps_AF'],
    ['uk', 'uk'],
    ['ckb', 'ar'],
    ['ku-TR', 'tr'],
    ['ti', 'en'],
    ['xx-YY', 'xx_YY'],
    ['constructor', 'constructor'],
  ])('the language %s is %s to Meta', (tag, code) => {
    expect(templateLanguage(tag)).toBe(code);
  });
});

/** The option that leads to the next page, and how many options come before that. */
const more = /^_\/more\/(\d+)$/u;

describe.each([
  [
    'WhatsApp',
    whatsappRequest,
    (message: Message) =>
      whatsappParts(message).map((part) => whatsappBody({ phone: '+49151' }, part, 'c.0', 'wamid.A')),
    /"id":"([^"]+)","title"/gu,
  ],
  [
    'Messenger',
    messengerRequest,
    (message: Message) => messengerParts(message).map((part) => messengerBody({ psid: '7' }, part, 'c.0')),
    // What calls a number is no option.
    /"payload":"([^"+][^"]*)"/gu,
  ],
])('any message to %s', (_, schema, requests, ids) => {
  test('keeps every limit of the platform on every page, and every option can be tapped or is written', () => {
    fc.assert(
      fc.property(messages, (any) => {
        const tapped: string[] = [];
        let from: number | null = 0;
        while (from !== null) {
          const bodies: readonly (Part | null)[] = requests(turned(any, from));
          expect(bodies.map((body) => schema.safeParse(body).error?.issues ?? [])).toEqual(
            bodies.map(() => []),
          );
          const found: readonly string[] = Array.from(
            JSON.stringify(bodies).matchAll(ids),
            (match) => match[1] ?? '',
          );
          const next: string | undefined = more.exec(found.at(-1) ?? '')?.[1];
          from = next === undefined ? null : Number(next);
          tapped.push(...found.slice(0, from === null ? undefined : -1));
        }
        if (any.menu?.style === 'auto') expect(tapped).toEqual(any.menu.options.map(({ id }) => id));
        else expect(tapped).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

test('any template keeps Meta’s limits', () => {
  fc.assert(
    fc.property(messages, (any) => {
      const part = whatsappTemplate(any);
      expect(part === null).toBe(any.template === undefined);
      if (part)
        expect(
          whatsappRequest.safeParse(whatsappBody({ recipient: 'DE.1' }, part, 'c.0')).error?.issues ?? [],
        ).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
