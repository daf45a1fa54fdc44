import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Channel, SendResult, Turn } from '../../src/channels/channel.ts';
import { loadProject } from '../../src/authoring/project.ts';
import type { Bot } from '../../src/engine/model.ts';
import { createLog } from '../../src/log.ts';
import { noBackends, type Backends } from '../../src/runtime/backends.ts';
import { createRuntime, type Runtime } from '../../src/runtime/runtime.ts';
import { takeTurn, type TurnTools } from '../../src/runtime/turn.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';
import { createVault } from '../../src/runtime/vault.ts';
import type { Store } from '../../src/store/store.ts';
import { botOf } from '../engine/bot.ts';
import { openFrozenStore } from '../support/frozen-store.ts';
import { temporaryFolder } from '../support/lotse.ts';

const secrets = createSecrets('a secret of more than thirty-two characters');
const loaded = await loadProject('flows', 'locales', 'start');
const bot = loaded.bot!;
const START = Date.UTC(2026, 10, 23);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;
let runtime: Runtime;
let nowMs: number;
let sent: { to: string; text: string; outbox: string }[];
let results: SendResult[];
let lines: string[];
let current: Bot;
let ask: Backends['ask'];

const channel: Channel = {
  name: 'test',
  render: (message) => [{ text: message.text }],
  send: ({ address }, part, outbox) => {
    const result = results.shift() ?? { type: 'sent' };
    if (result.type !== 'retry')
      sent.push({ to: String(address['user']), text: String(part['text']), outbox });
    return Promise.resolve(result);
  },
};

beforeEach(async () => {
  folder = await temporaryFolder();
  nowMs = START;
  [sent, results, lines] = [[], [], []];
  current = bot;
  ask = (question, key, asker) => noBackends.ask(question, key, asker);
  store = await openFrozenStore(folder.path, () => nowMs);
  runtime = createRuntime({ ...tools(), store });
});

const tools = (): TurnTools => ({
  bot: () => current,
  backends: { ask: (question, key, asker) => ask(question, key, asker) },
  channels: new Map([[channel.name, channel]]),
  secrets,
  vault: createVault(secrets),
  now: () => nowMs,
  log: createLog('debug', { write: (line) => void lines.push(line) }),
});

afterEach(async () => {
  await runtime.stop();
  await store.close();
  await folder.remove();
});

function event(user: string, id: string, text: string, at = nowMs): Turn {
  return { kind: 'text', id, account: '1', from: user, user, address: { user }, at, text };
}

const hear = async (...events: Parameters<ReturnType<Runtime['receive']>>[0]): Promise<void> => {
  await runtime.receive(channel)(events);
  await runtime.idle();
};

/** What the timer does: takes over whatever is due by the frozen clock. */
const sweep = async (): Promise<void> => {
  await runtime.sweep();
  await runtime.idle();
};

describe('on the road', () => {
  test('several messages of one body are answered in the order of their time stamps', async () => {
    await hear(event('a', '2', 'deutsch', START + 1), event('a', '1', 'hello', START));
    expect(sent).toHaveLength(2);
    expect(sent[1]!.text).toContain('Was brauchen Sie?');
  });

  test('a status between two messages of a body does not hide their order', async () => {
    const status = {
      kind: 'status' as const,
      id: 's',
      account: '1',
      at: nowMs,
      status: 'read',
      target: 'wamid',
    };
    const later = ['english', 'deutsch'].map((word, index) => event('a', word, word, START + 2 - index));
    await hear(later[0]!, status, later[1]!, status, event('a', 'hello', 'hello', START));
    expect(sent.at(-1)!.text).toContain('What do you need?');
    expect(sent.at(-2)!.text).toContain('Was brauchen Sie?');
  });

  test('a reply that is to be tried again goes out when its time has come, and those behind it after it', async () => {
    results = [{ type: 'retry', afterMs: 5_000, reason: 'busy' }];
    await hear(event('a', '1', 'hello'));
    await hear(event('a', '2', 'deutsch'));
    expect(sent).toEqual([]);
    nowMs += 4_999;
    await sweep();
    expect(sent).toEqual([]);
    nowMs += 1;
    await sweep();
    expect(sent.map(({ text }) => text.includes('Was brauchen Sie?'))).toEqual([false, true]);
  });

  test('an unclear send whose status comes is not sent again; without a status it is, after ten seconds', async () => {
    results = [{ type: 'unclear', reason: 'time-out' }];
    await hear(event('a', '1', 'hello'));
    const status = {
      kind: 'status' as const,
      id: 's',
      account: '1',
      at: nowMs,
      status: 'sent',
      target: 'wamid',
    };
    await hear({ ...status, outbox: sent[0]!.outbox });
    nowMs += 60_000;
    await sweep();
    expect(sent).toHaveLength(1);

    results = [{ type: 'unclear', reason: 'time-out' }];
    await hear(event('b', '1', 'hello'));
    nowMs += 9_999;
    await sweep();
    expect(sent).toHaveLength(2);
    nowMs += 1;
    await sweep();
    expect(sent).toHaveLength(3);
    expect(sent[2]).toEqual(sent[1]);
  });

  test('«delete my data» leaves no session behind, and the next word is a first contact', async () => {
    await hear(event('a', '1', 'deutsch'));
    await hear(event('a', '2', 'delete my data'));
    await hear(event('a', '3', '1'));
    expect(sent.at(-1)!.text).toContain('gelöscht');
    await hear(event('a', '4', '?'));
    expect(sent.at(-1)!.text.split('\n').length).toBeGreaterThanOrEqual(bot.languages.length);
  });

  test('a session that cannot be read is reported, and the person begins anew', async () => {
    const conversation = secrets.conversation('test', '1', 'a');
    const accepted = await store.accept({
      conversation,
      id: Buffer.alloc(8),
      payload: Buffer.from('rubbish'),
    });
    if (accepted.type !== 'leased') throw new Error('expected the lease');
    const commit = { keepMs: 1_000_000, consumed: 1, outbox: [], alarmAtMs: null };
    await store.commit(accepted.work.lease, { ...commit, session: Buffer.from('no session') });
    await hear(event('a', '1', 'hello'));
    expect(sent).toHaveLength(1);
    expect(lines.join('')).toContain('session unreadable');
    expect(await store.dead(10)).toMatchObject([{ kind: 'session', payload: Buffer.from('no session') }]);
  });

  test('no log line holds what a person wrote, who they are, or what they were told', async () => {
    results = [{ type: 'refused', reason: 'permanent', why: 'permanent' }];
    await hear(event('4915112345678', 'wamid.secret', 'my very private words'));
    await hear(event('4915112345678', 'wamid.secret2', 'hello'));
    const log = lines.join('');
    expect(log).not.toMatch(/4915112345678|private words|wamid\.secret/);
    for (const { text } of sent) expect(log).not.toContain(text);
    expect(lines.length).toBeGreaterThan(0);
  });

  test('a reminder comes when it is due, whatever node is up then', async () => {
    current = botOf({
      start: `steps:
  a: {say: A, next: r}
  r: {remind: {after: 3 days, to: c}, next: q}
  q: {ask: Q, options: {x: {label: X}}}
  c: {say: C}`,
    });
    await hear(event('a', '1', 'hello'));
    expect(sent.map(({ text }) => text)).toEqual(['A\n\nQ']);
    nowMs += 3 * 24 * 60 * 60 * 1000 - 1;
    await sweep();
    expect(sent).toHaveLength(1);
    nowMs += 1;
    await sweep();
    expect(sent.map(({ text }) => text)).toEqual(['A\n\nQ', 'C\n\nQ']);
    nowMs += 60 * 60 * 1000;
    await sweep();
    expect(sent).toHaveLength(2);
  });

  test('a turn that is run again names its questions and replies as before', async () => {
    current = botOf({
      start: 'steps: {a: {find: {topic: x}, next: b}, b: {find: {topic: y}, next: c}, c: {say: C}}',
    });
    const keys: string[] = [];
    ask = (_question, key) => {
      keys.push(key);
      return Promise.resolve({ kind: 'found', results: [] });
    };
    const conversation = secrets.conversation('test', '1', 'a');
    const inbound = {
      channel: 'test',
      account: '1',
      address: { user: 'a' },
      id: 'm1',
      at: 0,
      input: { kind: 'text', text: 'hello' },
    };
    const inbox = [{ id: Buffer.alloc(8), payload: secrets.seal(conversation, inbound) }];
    const run = async (): Promise<string[]> =>
      (await takeTurn(tools(), conversation, null, { inbox, alarm: false })).commit.outbox.map(
        ({ id }) => id,
      );
    const [first, second] = [await run(), await run()];
    expect(first).toEqual(second);
    expect(keys.slice(0, 2)).toEqual(keys.slice(2));
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(key.length).toBeLessThanOrEqual(100);
  });

  test('a flow that asks in a circle ends its turn', async () => {
    current = botOf({ start: 'steps: {a: {find: {topic: x}, next: a}}' });
    ask = () => Promise.resolve({ kind: 'found', results: [] });
    await hear(event('a', '1', 'hello'));
    expect(lines.join('')).toContain('asks in a circle');
  });

  test('every message of a conversation is answered once, however its events are delivered again', async () => {
    const events = ['hello', 'deutsch', '2', 'english', '1'].map((word, index) =>
      event('a', String(index), word),
    );
    for (const one of events) await hear(one, one);
    const once = sent.length;
    await hear(...events, ...events);
    expect(sent).toHaveLength(once);
  });
});
