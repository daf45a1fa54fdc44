import { expect, test } from '@jest/globals';
import type { Channel, SendResult } from '../../src/channels/channel.ts';
import { createLog } from '../../src/log.ts';
import { deliver } from '../../src/runtime/deliver.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';
import { createVault } from '../../src/runtime/vault.ts';
import type { OutboxEntry } from '../../src/store/store.ts';

const NOW = Date.UTC(2026, 10, 23);
const secrets = createSecrets('a secret of more than thirty-two characters');
const conversation = secrets.conversation('test', '1', 'person');

function channel(result: SendResult): Channel {
  return { name: 'test', render: () => [{}], send: () => Promise.resolve(result) };
}

function entry(over: Partial<OutboxEntry> = {}): OutboxEntry {
  const payload = secrets.seal(conversation, {
    channel: 'test',
    account: '1',
    address: { phone: '+1' },
    part: { text: 'x' },
  });
  return { id: `${conversation}.1`, payload, attempts: 1, sinceMs: NOW, ...over };
}

async function settled(result: SendResult, over: Partial<OutboxEntry> = {}): Promise<unknown> {
  const channels = new Map([['test', channel(result)]]);
  const tools = { channels, vault: createVault(secrets), now: () => NOW, log: createLog('silent') };
  return (await deliver(tools, conversation, entry(over))).settlement;
}

test('what was sent is sent, and what the platform refuses for good is not tried again', async () => {
  expect(await settled({ type: 'sent' })).toEqual({ type: 'sent' });
  expect(await settled({ type: 'refused', reason: 'blocked', why: 'permanent' })).toEqual({
    type: 'refused',
  });
});

test.each([
  [1, 1_000],
  [2, 2_000],
  [4, 8_000],
  [9, 256_000],
  [10, 300_000],
  [50, 300_000],
])('attempt %i is tried again after %i ms', async (attempts, delayMs) => {
  const result = await settled({ type: 'retry', afterMs: null, reason: 'busy' }, { attempts });
  expect(result).toEqual({ type: 'retry', delayMs });
});

test('a platform that says how long to wait is obeyed', async () => {
  expect(await settled({ type: 'retry', afterMs: 42_000, reason: 'Retry-After' })).toEqual({
    type: 'retry',
    delayMs: 42_000,
  });
});

test('a send that may have arrived waits ten seconds for the status', async () => {
  expect(await settled({ type: 'unclear', reason: 'time-out' })).toEqual({
    type: 'unclear',
    graceMs: 10_000,
  });
});

test('after a day an entry is given up', async () => {
  const sinceMs = NOW - 24 * 60 * 60 * 1000 - 1;
  expect(await settled({ type: 'retry', afterMs: null, reason: 'busy' }, { sinceMs })).toEqual({
    type: 'refused',
  });
  expect(await settled({ type: 'unclear', reason: 'time-out' }, { sinceMs })).toEqual({ type: 'refused' });
});

test('an entry that cannot be read is set aside, so that those behind it go out', async () => {
  expect(await settled({ type: 'sent' }, { payload: Buffer.from('no sealed record at all') })).toEqual({
    type: 'aside',
  });
});

test('a channel that was switched off keeps its replies for when it is on again', async () => {
  const channels = new Map<string, Channel>();
  const tools = { channels, vault: createVault(secrets), now: () => NOW, log: createLog('silent') };
  expect((await deliver(tools, conversation, entry())).settlement).toEqual({
    type: 'retry',
    delayMs: 300_000,
  });
});
