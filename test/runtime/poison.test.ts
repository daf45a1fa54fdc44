import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Channel, SendResult, Turn } from '../../src/channels/channel.ts';
import type { Bot } from '../../src/engine/model.ts';
import { createLog } from '../../src/log.ts';
import { noBackends, type Backends } from '../../src/runtime/backends.ts';
import { createRuntime, type Runtime } from '../../src/runtime/runtime.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';
import { StoreUnavailable, type DeadLetter, type Store } from '../../src/store/store.ts';
import { botOf } from '../engine/bot.ts';
import { openFrozenStore } from '../support/frozen-store.ts';
import { temporaryFolder } from '../support/lotse.ts';

const LEASE_MS = 30_000;
const MINUTE_MS = 60_000;
const START = Date.UTC(2026, 10, 23);
const secrets = createSecrets('a secret of more than thirty-two characters');

/** Asks what the person needs; «search» asks somebody outside, who may be what is broken. */
const bot = botOf({
  start: `entry: [hello]
steps:
  q: {ask: Q, options: {search: {label: search, next: f}, fine: {label: fine, next: q}}}
  f: {find: {topic: x}, none: q, failed: q, next: q}`,
});

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;
let runtime: Runtime;
let nowMs: number;
let sent: string[];
let ask: Backends['ask'];
let send: Channel['send'];
let lines: string[];
let current: Bot;

beforeEach(async () => {
  folder = await temporaryFolder();
  [nowMs, sent, lines, current] = [START, [], [], bot];
  ask = (question, key, asker) => noBackends.ask(question, key, asker);
  send = (_to, part) => {
    sent.push(String(part['text']));
    return Promise.resolve<SendResult>({ type: 'sent' });
  };
  store = await openFrozenStore(folder.path, () => nowMs);
  runtime = newRuntime();
});

afterEach(async () => {
  await runtime.stop();
  await store.close();
  await folder.remove();
});

const channel: Channel = {
  name: 'test',
  render: (message) => [{ text: message.text }],
  send: (to, part, outbox) => send(to, part, outbox),
};

function newRuntime(): Runtime {
  return createRuntime({
    bot: () => current,
    backends: { ask: (question, key, asker) => ask(question, key, asker) },
    channels: new Map([[channel.name, channel]]),
    secrets,
    now: () => nowMs,
    log: createLog('debug', { write: (line) => void lines.push(line) }),
    store,
  });
}

function says(id: string, text: string, at = nowMs): Turn {
  return { kind: 'text', id, account: '1', from: 'a', user: 'a', address: { user: 'a' }, at, text };
}

const hear = async (...events: Turn[]): Promise<void> => {
  await runtime.receive(channel)(events);
  await runtime.idle();
};

/** So much time goes by, with a look at what is due every half a minute. */
const wait = async (ms: number): Promise<void> => {
  for (const end = nowMs + ms; nowMs < end;) {
    nowMs += LEASE_MS;
    await runtime.sweep();
    await runtime.idle();
  }
};

const dead = (): Promise<readonly DeadLetter[]> => store.dead(10);

describe('a message that cannot be dealt with', () => {
  const broken: Backends['ask'] = () => Promise.reject(new Error('a mistake in here'));

  test('is tried five times, then set aside; the person is told, and goes on where they were', async () => {
    await hear(says('1', 'hello'));
    let tries = 0;
    ask = (...of) => {
      tries += 1;
      return broken(...of);
    };
    await hear(says('2', 'search'));
    await wait(5 * MINUTE_MS);
    expect(tries).toBe(5);
    expect(sent).toEqual(['Q', expect.stringContaining('something went wrong')]);
    expect(await dead()).toMatchObject([{ kind: 'message' }]);
    expect(lines.join('')).toContain('set aside');
    await hear(says('3', 'fine'));
    expect(sent.at(-1)).toBe('Q');
  });

  test('is answered after all when it is tried again and what was broken is mended', async () => {
    ask = broken;
    await hear(says('1', 'hello'), says('2', 'search', nowMs + 1));
    await wait(5 * MINUTE_MS);
    const [letter] = await dead();
    ask = () => Promise.resolve({ kind: 'found', results: [{ text: 'a house', language: 'en' }] });
    expect(await store.exhume(letter!.id, 'retry')).toBe('done');
    await wait(LEASE_MS);
    expect(sent.at(-1)).toContain('a house');
    expect(await dead()).toEqual([]);
  });

  test('takes none of those along that came with it', async () => {
    await hear(says('1', 'hello'));
    let poisonous = true;
    ask = (...of) => (poisonous ? broken(...of) : noBackends.ask(...of));
    // While the first of them fails, the others wait behind it.
    await hear(says('2', 'search'), says('3', 'fine', nowMs + 1), says('4', 'fine', nowMs + 2));
    await wait(5 * MINUTE_MS);
    poisonous = false;
    expect(sent).toEqual(['Q', expect.stringContaining('something went wrong'), 'Q', 'Q']);
    expect(await dead()).toHaveLength(1);
  });

  test('that is unreadable is set aside at once, and no other waits for it', async () => {
    const conversation = secrets.conversation('test', '1', 'a');
    const payload = Buffer.from('rubbish');
    const accepted = await store.accept({ conversation, id: Buffer.alloc(8, 1), payload });
    if (accepted.type !== 'leased') throw new Error('nobody else has the conversation');
    await store.release(accepted.work.lease);
    await hear(says('1', 'hello'));
    await wait(LEASE_MS);
    expect(sent).toEqual(['Q']);
    expect(await dead()).toMatchObject([{ kind: 'message', payload }]);
  });

  test('a node that dies in a turn again and again ends at the same place', async () => {
    await hear(says('1', 'hello'));
    // Like a process that is killed: the turn never comes back, and nobody says so.
    ask = () => new Promise(() => undefined);
    const crashed: Runtime[] = [];
    await runtime.receive(channel)([says('2', 'search')]);
    for (let crash = 0; crash < 5; crash += 1) {
      nowMs += LEASE_MS;
      crashed.push(runtime);
      runtime = newRuntime();
      await runtime.sweep();
    }
    await runtime.idle();
    expect(sent).toEqual(['Q', expect.stringContaining('something went wrong')]);
    expect(await dead()).toMatchObject([{ kind: 'message' }]);
  });
});

test('a turn that ends the process takes none along of those that were leased with it', async () => {
  const others = ['b', 'c', 'd', 'e'];
  const from = (user: string, id: string, text: string): Turn => ({
    ...says(id, text),
    from: user,
    user,
    address: { user },
  });
  await hear(says('1', 'hello'), ...others.map((user) => from(user, `1${user}`, 'hello')));
  const commit = store.commit.bind(store);
  let isDead = false;
  let die = (): void => undefined;
  // The process ends in the middle of the turn: whatever else it had in hand never reaches the store.
  ask = () => {
    isDead = true;
    die();
    return new Promise(() => undefined);
  };
  store.commit = async (...of) => (isDead ? new Promise(() => undefined) : commit(...of));
  const said = [says('2', 'search'), ...others.map((user) => from(user, `2${user}`, 'fine'))];
  await runtime.receive(channel)(said);
  for (let crash = 0; crash < 8; crash += 1) {
    nowMs += LEASE_MS;
    runtime = newRuntime();
    isDead = false;
    const death = new Promise<void>((resolve) => {
      die = resolve;
    });
    await Promise.race([runtime.sweep(), death]);
    await Promise.race([runtime.idle(), death]);
  }
  expect((await dead()).map(({ conversation }) => conversation)).toEqual([
    secrets.conversation('test', '1', 'a'),
  ]);
  expect(sent.filter((text) => text === 'Q')).toHaveLength(1 + 2 * others.length);
  expect(sent.filter((text) => text.includes('something went wrong'))).toHaveLength(1);
});

test('a turn is not to blame for a store that goes away again and again before its end', async () => {
  await hear(says('1', 'hello'));
  const commit = store.commit.bind(store);
  let away = 20;
  store.commit = async (...of) => {
    away -= 1;
    if (away < 0) return commit(...of);
    throw new StoreUnavailable('gone');
  };
  await hear(says('2', 'fine'));
  for (let look = 0; look < 20; look += 1) {
    // Nobody waits until the lease runs out.
    await runtime.sweep();
    await runtime.idle();
  }
  expect(sent).toEqual(['Q', 'Q']);
  expect(await dead()).toEqual([]);
});

test('what is committed though the store did not answer is sent, and once', async () => {
  const commit = store.commit.bind(store);
  store.commit = async (...of) => {
    store.commit = commit;
    await commit(...of);
    throw new StoreUnavailable('gone');
  };
  await hear(says('1', 'hello'));
  await runtime.sweep();
  await runtime.idle();
  expect(sent).toEqual(['Q']);
});

test('while the store is away, leases are kept, and given back when it answers', async () => {
  const [commit, release] = [store.commit.bind(store), store.release.bind(store)];
  store.commit = () => Promise.reject(new StoreUnavailable('gone'));
  await hear(says('1', 'hello'), { ...says('2', 'hello'), from: 'b', user: 'b', address: { user: 'b' } });
  store.commit = commit;
  store.release = () => Promise.reject(new StoreUnavailable('gone'));
  await runtime.sweep();
  await runtime.idle();
  expect(sent).toEqual([]);
  store.release = release;
  await runtime.sweep();
  await runtime.idle();
  expect(sent).toEqual(['Q', 'Q']);
});

test('a reply whose sending never ends well is set aside, and those behind it go out', async () => {
  send = (_to, part) => {
    const text = String(part['text']);
    if (text.includes('A')) throw new Error('a mistake in here');
    sent.push(text);
    return Promise.resolve<SendResult>({ type: 'sent' });
  };
  current = botOf({ start: 'steps: {a: {say: A, next: q}, q: {ask: Q, options: {x: {label: X}}}}' });
  await hear(says('1', 'hello'));
  await hear(says('2', 'menu'));
  await wait(20 * MINUTE_MS);
  expect(await dead()).toEqual([]);
  await wait(180 * MINUTE_MS);
  expect((await dead()).map(({ kind }) => kind)).toEqual(['reply', 'reply']);
  current = botOf({ start: 'steps: {q: {ask: Q, options: {x: {label: X}}}}' });
  await hear(says('3', 'menu'));
  expect(sent.at(-1)).toBe('Q');
});

test('however often a turn failed, it is tried again within five minutes', async () => {
  const waits: (number | undefined)[] = [];
  const release = store.release.bind(store);
  store.release = (lease, failed) => {
    waits.push(failed?.retryMs);
    return release(lease, failed);
  };
  const conversation = secrets.conversation('test', '1', 'a');
  const due = store.due.bind(store);
  // As if even setting it aside had failed a hundred times.
  store.due = async (limit) => (await due(limit)).map((work) => ({ ...work, tries: 100 }));
  store.commit = () => Promise.reject(new Error('a mistake in here'));
  await store.accept({ conversation, id: Buffer.alloc(8, 1), payload: Buffer.from('rubbish') });
  nowMs += LEASE_MS;
  await runtime.sweep();
  await runtime.idle();
  expect(waits).toEqual([5 * MINUTE_MS]);
});

test('a reminder that cannot be given is dropped, and the conversation goes on', async () => {
  current = botOf({
    start: `steps:
  r: {remind: {after: 1 day, to: f}, next: q}
  q: {ask: Q, options: {x: {label: X, next: q}}}
  f: {find: {topic: x}, none: q, failed: q, next: q}`,
  });
  await hear(says('1', 'hello'));
  let tries = 0;
  ask = () => {
    tries += 1;
    return Promise.reject(new Error('a mistake in here'));
  };
  nowMs += 24 * 60 * MINUTE_MS;
  await wait(60 * MINUTE_MS);
  expect(tries).toBe(5);
  await hear(says('2', 'x'));
  expect(sent).toEqual(['Q', 'Q']);
});

describe('an answer that comes late', () => {
  const TWO_HOURS = 120 * MINUTE_MS;

  test('says so, once, before the answer', async () => {
    await hear(says('1', 'hello'));
    nowMs += TWO_HOURS + 2 * MINUTE_MS;
    await hear(says('2', 'fine', START + MINUTE_MS));
    await hear(says('3', 'fine', START + 2 * MINUTE_MS));
    expect(sent).toEqual(['Q', expect.stringContaining('comes late'), 'Q', 'Q']);
    nowMs += TWO_HOURS;
    await hear(says('4', 'fine', nowMs - MINUTE_MS));
    expect(sent).toHaveLength(5);
    await hear(says('5', 'fine', nowMs - TWO_HOURS));
    expect(sent.slice(5)).toEqual([expect.stringContaining('comes late'), 'Q']);
  });

  test('is no first contact twice: whose language is unknown is told in all of them', async () => {
    await hear(says('1', 'hello', START - TWO_HOURS));
    expect(sent).toEqual([expect.stringContaining('comes late'), 'Q']);
  });

  test('a platform that gives no time is believed to be on time', async () => {
    await hear(says('1', 'hello', 0));
    expect(sent).toEqual(['Q']);
  });
});
