import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { conversationOf, createSecrets } from '../../src/runtime/secrets.ts';

const secrets = createSecrets('a secret of more than thirty-two characters');
const others = createSecrets('another secret, also of thirty-two characters');
const conversation = secrets.conversation('whatsapp', '1', '49151');

test('a conversation is named by 22 characters that say nothing of the person and differ per deployment', () => {
  expect(conversation).toMatch(/^[\w-]{22}$/);
  expect(secrets.conversation('whatsapp', '1', '49151')).toBe(conversation);
  expect(secrets.conversation('messenger', '1', '49151')).not.toBe(conversation);
  expect(others.conversation('whatsapp', '1', '49151')).not.toBe(conversation);
});

test('parts of a name cannot be shifted into one another', () => {
  expect(secrets.conversation('whatsapp', '12', '3')).not.toBe(secrets.conversation('whatsapp', '1', '23'));
});

test('outbox ids follow from event and position, and name their conversation', () => {
  const event = secrets.event('whatsapp', '1', 'wamid.1');
  expect(event).toHaveLength(8);
  const id = secrets.outbox(conversation, event, 0);
  expect(secrets.outbox(conversation, event, 0)).toBe(id);
  expect(secrets.outbox(conversation, event, 1)).not.toBe(id);
  expect(conversationOf(id)).toBe(conversation);
  expect(id.length).toBeLessThanOrEqual(100);
});

test('whatever JSON is sealed comes back, and looks different every time', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const sealed = secrets.seal(conversation, value);
      expect(secrets.open(conversation, sealed)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(secrets.seal(conversation, value).equals(sealed)).toBe(false);
    }),
  );
});

test('a record that was changed, moved to another conversation or sealed elsewhere does not open', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), fc.integer({ min: 1, max: 255 }), (text, place, flip) => {
      const sealed = secrets.seal(conversation, text);
      const changed = Buffer.from(sealed);
      const at = place % changed.length;
      changed[at] = changed[at]! ^ flip;
      expect(secrets.open(conversation, changed)).toBeNull();
      expect(secrets.open(secrets.conversation('whatsapp', '1', 'x'), sealed)).toBeNull();
      expect(others.open(conversation, sealed)).toBeNull();
      expect(secrets.open(conversation, sealed.subarray(0, place % 28))).toBeNull();
    }),
  );
});
