import { expect, test } from '@jest/globals';
import { newSession } from '../../src/engine/session.ts';
import type { Conversation } from '../../src/runtime/records.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';
import { createVault } from '../../src/runtime/vault.ts';

const secrets = createSecrets('a secret of more than thirty-two characters');
const [one, other] = ['a', 'b'].map((user) => secrets.conversation('test', '1', user));

const conversation = (language: string): Conversation => ({
  channel: 'test',
  account: '1',
  address: { user: 'a' },
  heardMs: 5,
  session: { ...newSession(5), language },
  held: [],
  sorryMs: 0,
});

test('what was sealed here is given back as it was; other bytes are opened', () => {
  const vault = createVault(secrets);
  const value = conversation('ar');
  const first = vault.conversations.seal(one!, value);
  expect(vault.conversations.open(one!, Buffer.from(first))).toBe(value);
  vault.conversations.seal(one!, conversation('de'));
  const again = vault.conversations.open(one!, first);
  expect([again, again === value]).toEqual([value, false]);
  expect(createVault(secrets).conversations.open(one!, first)).toEqual(value);
});

test('nothing sealed for one conversation is given to another, nor anything that was changed', () => {
  const vault = createVault(secrets);
  const sealed = vault.conversations.seal(one!, conversation('ar'));
  expect(vault.conversations.open(other!, sealed)).toBeNull();
  const changed = Buffer.from(sealed);
  changed[30]! ^= 1;
  expect(vault.conversations.open(one!, changed)).toBeNull();
});

test('what was forgotten is not remembered either', () => {
  const vault = createVault(secrets);
  const value = conversation('ar');
  const sealed = vault.conversations.seal(one!, value);
  vault.conversations.forget(one!);
  expect(vault.conversations.open(one!, sealed)).not.toBe(value);
});

test('only the latest are remembered', () => {
  const vault = createVault(secrets);
  const value = conversation('ar');
  const sealed = vault.conversations.seal(one!, value);
  for (let n = 0; n < 1_000; n += 1)
    vault.conversations.seal(secrets.conversation('test', '1', String(n)), value);
  expect(vault.conversations.open(one!, sealed)).not.toBe(value);
});
