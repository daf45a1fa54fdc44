import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Happening } from '../../src/channels/whatsapp-web/client.ts';
import { readHappening } from '../../src/channels/whatsapp-web/inbound.ts';

const FROM = '4915112345678@c.us';
const ID = `false_${FROM}_3EB0AAAABBBBCCCCDDDD`;
const SECONDS = 1_800_000_000;
const options = { account: '4915100000000', notBefore: (SECONDS - 100) * 1000 };

/** As whatsapp-web.js 1.34 makes it of what the page gives (src/structures/Message.js). */
const message = (fields: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: {
    fromMe: false,
    remote: FROM,
    id: '3EB0AAAABBBBCCCCDDDD',
    _serialized: `false_${typeof fields['from'] === 'string' ? fields['from'] : FROM}_3EB0AAAABBBBCCCCDDDD`,
  },
  ack: 1,
  hasMedia: false,
  body: 'Hallo',
  type: 'chat',
  timestamp: SECONDS,
  from: FROM,
  to: '4915100000000@c.us',
  isStatus: false,
  fromMe: false,
  vCards: [],
  _data: {},
  ...fields,
});

const origin = {
  id: ID,
  account: '4915100000000',
  from: '4915112345678',
  user: '4915112345678',
  address: { chat: FROM },
  at: SECONDS * 1000,
};

const read = (data: unknown, kind: Happening = 'message') => readHappening(kind, data, options);

describe('a message of a person', () => {
  test.each<[string, Record<string, unknown>, object]>([
    ['text', {}, { kind: 'text', text: 'Hallo' }],
    [
      'an answer tapped in a list',
      { type: 'list_response', body: 'Wohnung' },
      { kind: 'text', text: 'Wohnung' },
    ],
    ['an empty text', { body: '' }, { kind: 'unsupported', what: 'text' }],
    [
      'a place with a name',
      { type: 'location', body: '/9j/4AAQ', location: { latitude: 48.37, longitude: 10.9, name: 'Rathaus' } },
      { kind: 'location', latitude: 48.37, longitude: 10.9, name: 'Rathaus' },
    ],
    [
      'a place with an address only',
      { type: 'location', location: { latitude: -90, longitude: 180, address: 'Rathausplatz 1' } },
      { kind: 'location', latitude: -90, longitude: 180, name: 'Rathausplatz 1' },
    ],
    [
      'a place off the globe',
      { type: 'location', location: { latitude: 91, longitude: 0 } },
      { kind: 'unsupported', what: 'location' },
    ],
    [
      'a picture with a caption',
      { type: 'image', hasMedia: true, _data: { mimetype: 'image/jpeg', caption: 'Brief' } },
      { kind: 'media', media: { type: 'image', id: ID, mime: 'image/jpeg', caption: 'Brief' } },
    ],
    [
      'a voice message',
      { type: 'ptt', body: '', _data: { mimetype: 'audio/ogg; codecs=opus' } },
      { kind: 'media', media: { type: 'voice', id: ID, mime: 'audio/ogg; codecs=opus', caption: undefined } },
    ],
    [
      'a video note',
      { type: 'ptv', body: '/9j/4AAQ', _data: {} },
      { kind: 'media', media: { type: 'video', id: ID, mime: undefined, caption: undefined } },
    ],
    ['a contact', { type: 'vcard', vCards: ['BEGIN:VCARD'] }, { kind: 'contacts', count: 1 }],
    ['several contacts', { type: 'multi_vcard', vCards: ['a', 'b', 'c'] }, { kind: 'contacts', count: 3 }],
    ['a poll', { type: 'poll_creation', body: 'Wann?' }, { kind: 'unsupported', what: 'poll_creation' }],
    ['an order', { type: 'order' }, { kind: 'unsupported', what: 'order' }],
    ['something nobody knows', { type: 'New Thing!' }, { kind: 'unsupported', what: 'unknown' }],
    ['nothing at all', { type: undefined }, { kind: 'unsupported', what: 'unknown' }],
  ])('%s', (_name, fields, input) => {
    expect(read(message(fields))).toEqual({ ...origin, ...input });
  });

  test('somebody who hides the number is known by the whole id, which no number equals', () => {
    const from = '120363025246125486@lid';
    expect(read(message({ from }))).toMatchObject({
      kind: 'text',
      from,
      user: from,
      address: { chat: from },
    });
  });

  test('without a time it is answered too', () => {
    expect(read(message({ timestamp: undefined }))).toMatchObject({ kind: 'text', at: 0 });
  });
});

describe('what nobody is to be answered for', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['a group', { from: '120363025246125486@g.us' }, 'not from one person'],
    ['an old group', { from: '4915112345678-1600000000@g.us' }, 'not from one person'],
    ['a channel', { from: '120363025246125486@newsletter' }, 'not from one person'],
    ['a status', { from: 'status@broadcast' }, 'not from one person'],
    ['a status told by its mark', { isStatus: true }, 'status or broadcast'],
    ['a list of recipients', { broadcast: true }, 'status or broadcast'],
    ['WhatsApp itself', { from: '0@c.us' }, 'not from one person'],
    ['nobody', { from: undefined }, 'not from one person'],
    ['ourselves', { fromMe: true }, 'our own message'],
    ['ourselves, told by the id', { id: { fromMe: true, _serialized: 'true_x' } }, 'our own message'],
    ['a changed key', { type: 'e2e_notification' }, 'e2e_notification'],
    ['a missed call', { type: 'call_log' }, 'call_log'],
    ['the frame around several pictures', { type: 'album' }, 'album'],
    ['an old message', { timestamp: SECONDS - 101 }, 'older than this link'],
    ['no message', { id: undefined }, 'broken message'],
  ])('%s', (_name, fields, reason) => {
    expect(read(message(fields))).toEqual({ kind: 'ignored', reason });
  });

  test('the oldest that counts is answered', () => {
    expect(read(message({ timestamp: SECONDS - 100 }))).toMatchObject({ kind: 'text' });
  });

  test('what cannot be decrypted waits: it may come again under the same id', () => {
    expect(read(message({ type: 'ciphertext' }), 'unreadable')).toEqual({
      kind: 'ignored',
      reason: 'could not be decrypted',
    });
  });
});

describe('quiet events', () => {
  test.each(['edit', 'revoke'] as const)('%s', (kind) => {
    expect(read(message(), kind)).toEqual({ ...origin, kind: 'system', change: kind });
  });

  test('a message that is shown as deleted', () => {
    expect(read(message({ type: 'revoked' }))).toEqual({ ...origin, kind: 'system', change: 'revoke' });
  });

  test.each([
    ['👍', '👍'],
    [undefined, ''],
  ])('the reaction %s', (reaction, emoji) => {
    const data = {
      id: { fromMe: false, _serialized: ID },
      msgId: { _serialized: 'true_4915112345678@c.us_AAAA' },
      senderId: FROM,
      reaction,
      timestamp: SECONDS,
    };
    expect(read(data, 'reaction')).toEqual({
      ...origin,
      kind: 'reaction',
      emoji,
      target: 'true_4915112345678@c.us_AAAA',
    });
    expect(read({ ...data, id: { fromMe: true, _serialized: ID } }, 'reaction').kind).toBe('ignored');
    expect(read({ ...data, senderId: '1@g.us' }, 'reaction').kind).toBe('ignored');
  });
});

test('nothing that a page could give throws', () => {
  const kinds = fc.constantFrom<Happening>('message', 'unreadable', 'edit', 'revoke', 'reaction');
  fc.assert(
    fc.property(kinds, fc.anything(), fc.dictionary(fc.string(), fc.anything()), (kind, data, fields) => {
      expect(typeof readHappening(kind, data, options).kind).toBe('string');
      expect(typeof readHappening(kind, message(fields), options).kind).toBe('string');
    }),
  );
  fc.assert(
    fc.property(
      kinds,
      fc.constantFrom('id', 'from', 'type', 'body', 'location', 'vCards', '_data', 'timestamp'),
      fc.anything(),
      (kind, field, value) => {
        expect(typeof readHappening(kind, message({ [field]: value }), options).kind).toBe('string');
      },
    ),
  );
});
