import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Channel, ChannelEvent, Recipient, SendResult, Turn } from '../../src/channels/channel.ts';
import type { Bot } from '../../src/engine/model.ts';
import { createLog } from '../../src/log.ts';
import type { Backends } from '../../src/runtime/backends.ts';
import { createRuntime, type Runtime } from '../../src/runtime/runtime.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';
import type { Store } from '../../src/store/store.ts';
import { botOf } from '../engine/bot.ts';
import { openFrozenStore } from '../support/frozen-store.ts';
import { temporaryFolder } from '../support/lotse.ts';

const START = Date.UTC(2026, 10, 23, 12);
const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const secrets = createSecrets('a secret of more than thirty-two characters');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;
let runtime: Runtime;
let nowMs: number;
let sent: { text: string; to: Recipient }[];
let results: SendResult[];
let shown: { to: Recipient; inbound: string }[];
let bots: Record<string, Bot>;
let ask: Backends['ask'];

const channel: Channel = {
  name: 'test',
  windowMs: DAY,
  render: (message) => [{ text: message.text }],
  renderTemplate: ({ template }) =>
    template ? { text: `template ${template.name} ${template.parameters.join()}`.trim() } : null,
  send: (to, part) => {
    const result = results.shift() ?? { type: 'sent' };
    if (result.type === 'sent') sent.push({ text: String(part['text']), to });
    return Promise.resolve(result);
  },
  acting: (to, inbound) => {
    shown.push({ to, inbound });
    return Promise.resolve();
  },
};

const QUESTION = 'q: {ask: Q, options: {x: {label: X, next: e}, y: {label: Y, next: e}}}, e: {end: E}';

beforeEach(async () => {
  folder = await temporaryFolder();
  nowMs = START;
  [sent, results, shown] = [[], [], []];
  bots = { '1': botOf({ start: `steps: {${QUESTION}}` }) };
  ask = () => Promise.resolve({ kind: 'unavailable' });
  store = await openFrozenStore(folder.path, () => nowMs);
  runtime = createRuntime({
    bot: (_channel, account) => bots[account] ?? bots['1']!,
    backends: { ask: (question, key, asker) => ask(question, key, asker) },
    channels: new Map([[channel.name, channel]]),
    secrets,
    now: () => nowMs,
    log: createLog('silent'),
    store,
  });
});

afterEach(async () => {
  await runtime.stop();
  await store.close();
  await folder.remove();
});

const origin = (user: string, id: string, account = '1') => ({
  id,
  account,
  from: user,
  user,
  address: { user },
  at: nowMs,
});
const says = (user: string, id: string, text: string, account = '1'): Turn => ({
  kind: 'text',
  text,
  ...origin(user, id, account),
});
const hear = async (...events: ChannelEvent[]): Promise<string[]> => {
  const before = sent.length;
  await runtime.receive(channel)(events);
  await runtime.idle();
  return sent.slice(before).map(({ text }) => text);
};
const sweep = async (): Promise<string[]> => {
  const before = sent.length;
  for (let round = 0; round < 3; round += 1) {
    await runtime.sweep();
    await runtime.idle();
  }
  return sent.slice(before).map(({ text }) => text);
};

describe('outside the window', () => {
  const reminding = (template: string): Bot =>
    botOf({
      start: `answers: {day: {type: date, purpose: test, keep: 30 days}}
steps:
  a: {ask: When?, answer: day, next: r}
  r: {remind: {after: 3 days, to: c}${template}, next: q}
  c: {say: Did it help?, next: s}
  s: {say: Really?}
  ${QUESTION.replace(', e: {end: E}', '')}
  e: {end: E}`,
    });

  test('a reminder without a template waits until the person writes, and comes after the answer', async () => {
    bots['1'] = reminding('');
    await hear(says('a', '1', 'hello'));
    expect(await hear(says('a', '2', '31.12.2026'))).toEqual(['Q']);
    nowMs += 4 * DAY;
    expect(await sweep()).toEqual([]);
    nowMs += DAY;
    expect(await sweep()).toEqual([]);
    expect(await hear(says('a', '3', 'x'))).toEqual(['E']);
    expect(await sweep()).toEqual(['Did it help?\n\nReally?']);
    nowMs += DAY;
    expect(await sweep()).toEqual([]);
  });

  test('a template stands for all that the reminder says, with answers as the language writes them', async () => {
    bots['1'] = reminding(', template: {name: follow_up, with: [day]}');
    await hear(says('a', '1', 'hello'));
    await hear(says('a', '2', '31.12.2026'));
    nowMs += 3 * DAY;
    expect(await sweep()).toEqual(['template follow_up December 31, 2026']);
    expect(await sweep()).toEqual([]);
    // The question stays open.
    expect(await hear(says('a', '3', 'x'))).toEqual(['E']);
  });

  test('inside it the words themselves are sent', async () => {
    bots['1'] = reminding(', template: follow_up');
    await hear(says('a', '1', 'hello'));
    await hear(says('a', '2', '31.12.2026'));
    nowMs += 2 * DAY + 12 * HOUR;
    await hear(says('a', '3', '???'));
    nowMs += 12 * HOUR;
    expect(await sweep()).toEqual(['Did it help?\n\nReally?\n\nQ']);
  });

  test('what was refused because it closed meanwhile is said when the person writes, before the answer', async () => {
    results = [
      { type: 'refused', reason: '131047', why: 'window' },
      { type: 'refused', reason: '131047', why: 'window' },
    ];
    bots['1'] = botOf({
      start: `steps: {p: {say: '${'x'.repeat(999)}', next: q}, ${QUESTION}}`,
    });
    expect(await hear(says('a', '1', 'hello'))).toEqual([]);
    expect(await hear(says('a', '1', 'hello'))).toEqual([]);
    nowMs += DAY;
    expect(await sweep()).toEqual([]);
    expect(await hear(says('a', '2', 'x'))).toEqual(['x'.repeat(999), 'Q', 'E']);
    expect(await hear(says('a', '3', 'hello'))).toHaveLength(2);
  });

  test('an old time stamp opens no window', async () => {
    bots['1'] = botOf({
      start: `steps: {r: {remind: {after: 1 minute, to: c}, next: q}, c: {say: C}, ${QUESTION}}`,
    });
    await hear({ ...says('a', '1', 'hello'), at: START - 2 * DAY });
    nowMs += 2 * 60_000;
    expect(await sweep()).toEqual([]);
  });
});

describe('a person who moved', () => {
  const moved = (from: string, to: string, id = 'sys'): ChannelEvent => ({
    kind: 'system',
    change: 'user_changed_number',
    moved: { user: to, address: { user: to } },
    ...origin(from, id),
  });
  const answered = (): Bot =>
    botOf({
      start: `answers: {name: {type: text, purpose: test, keep: 30 days}}
steps: {a: {ask: Name?, answer: name, next: q}, q: {ask: 'Q {{name}}', options: {x: {label: X, next: e}}}, e: {end: E}}`,
    });

  test('goes on where they were, at the new address', async () => {
    bots['1'] = answered();
    await hear(says('a', '1', 'hello'));
    await hear(says('a', '2', 'Amal'));
    expect(await hear(moved('a', 'b'))).toEqual([]);
    await sweep();
    expect(await hear(says('b', '3', 'nonsense'))).toEqual([expect.stringContaining('Q Amal')]);
    expect(sent.at(-1)!.to.address).toEqual({ user: 'b' });
    // Nothing is left behind.
    expect(await hear(says('a', '4', 'hello'))).toEqual(['Name?']);
  });

  test('is told of twice, and moves once', async () => {
    bots['1'] = answered();
    await hear(says('a', '1', 'hello'));
    await hear(says('a', '2', 'Amal'));
    await hear(moved('a', 'b'), moved('a', 'b'));
    await hear(moved('a', 'b', 'again'));
    expect(await hear(says('b', '3', 'x'))).toEqual(['E']);
  });

  test('and wrote from the new number first keeps both conversations', async () => {
    bots['1'] = answered();
    await hear(says('a', '1', 'hello'));
    await hear(says('a', '2', 'stop'));
    await hear(says('b', '3', 'hello'));
    await hear(moved('a', 'b'));
    await sweep();
    expect(await hear(says('b', '4', 'hello'))).toEqual([expect.stringContaining('start')]);
  });

  test('and keeps the name of the conversation is reached at the new address, and by what was known before', async () => {
    await hear(says('a', '1', 'hello'));
    const event: ChannelEvent = {
      kind: 'system',
      change: 'user_changed_number',
      moved: { user: 'a', address: { phone: '+2' } },
      ...origin('a', 'sys'),
    };
    bots['1'] = botOf({
      start: `steps: {q: {ask: Q, options: {x: {label: X, next: r}}}, r: {remind: {after: 1 hour, to: e}}, e: {say: E}}`,
    });
    await hear(says('a', '2', 'x'));
    await hear(event);
    nowMs += HOUR;
    expect(await sweep()).toEqual(['E']);
    expect(sent.at(-1)!.to.address).toEqual({ user: 'a', phone: '+2' });
  });

  test('of whom nothing is known leaves no trace', async () => {
    await hear(moved('nobody', 'b'));
    expect(await hear(says('b', '1', 'hello'))).toEqual(['Q']);
  });
});

describe('who wants no messages', () => {
  test('by the platform gets no reminders, and an answer whenever they write', async () => {
    bots['1'] = botOf({
      start: `steps: {r: {remind: {after: 1 hour, to: c}, next: q}, c: {say: C}, ${QUESTION}}`,
    });
    await hear(says('a', '1', 'hello'));
    const wants: ChannelEvent = { kind: 'system', change: 'x', wants: 'stop', ...origin('a', 'p1') };
    expect(await hear(wants)).toEqual([]);
    nowMs += HOUR;
    expect(await sweep()).toEqual([]);
    expect(await hear(says('a', '2', 'x'))).toEqual(['E']);
  });

  test('may want them again', async () => {
    bots['1'] = botOf({
      start: `steps: {r: {remind: {after: 1 hour, to: c}, next: q}, c: {say: C}, ${QUESTION}}`,
    });
    await hear(says('a', '1', 'hello'));
    await hear({ kind: 'system', change: 'x', wants: 'stop', ...origin('a', 'p1') });
    await hear({ kind: 'system', change: 'x', wants: 'start', ...origin('a', 'p2') });
    nowMs += HOUR;
    expect(await sweep()).toEqual(['C\n\nQ']);
  });

  test('as the platform says when it refuses a message, gets no reminders', async () => {
    bots['1'] = botOf({
      start: `steps: {r: {remind: {after: 1 hour, to: c}, next: q}, c: {say: C}, ${QUESTION}}`,
    });
    results = [{ type: 'refused', reason: 'opted out', why: 'opt-out' }];
    await hear(says('a', '1', 'hello'));
    nowMs += HOUR;
    expect(await sweep()).toEqual([]);
    expect(await hear(says('a', '2', 'x'))).toEqual(['E']);
  });
});

describe('our accounts', () => {
  test('have conversations of their own, each where it begins, and answer from where they were written to', async () => {
    bots['2'] = botOf({ start: 'steps: {z: {ask: Z, options: {x: {label: X}}}}' });
    expect(await hear(says('a', '1', 'hello'))).toEqual(['Q']);
    expect(await hear(says('a', '1', 'hello', '2'))).toEqual(['Z']);
    expect(sent.map(({ to }) => to.account)).toEqual(['1', '2']);
  });
});

describe('several messages at once', () => {
  test('are each quoted by their answer; a lone one is not', async () => {
    await hear(says('a', 'first', 'hello'));
    expect(sent.at(-1)!.to.replyTo).toBeUndefined();
    const conversation = secrets.conversation('test', '1', 'a');
    const accepted = await store.accept({
      conversation,
      id: Buffer.alloc(8, 7),
      payload: secrets.seal(conversation, {
        channel: 'test',
        ...origin('a', 'second'),
        input: { kind: 'text', text: '???' },
      }),
    });
    if (accepted.type !== 'leased') throw new Error('nobody else has the conversation');
    await runtime.receive(channel)([says('a', 'third', 'x')]);
    await store.release(accepted.work.lease);
    await sweep();
    expect(sent.slice(1).map(({ to }) => to.replyTo)).toEqual(['second', 'third']);
  });
});

test('while somebody else is asked, the person sees that an answer is on its way', async () => {
  bots['1'] = botOf({
    start:
      'steps: {f: {find: {topic: x}, none: q, failed: q, next: q}, q: {ask: Q, options: {x: {label: X}}}}',
  });
  let seen = 0;
  ask = () => {
    seen = shown.length;
    return Promise.resolve({ kind: 'unavailable' });
  };
  await hear(says('a', 'wamid.1', 'hello'));
  expect(seen).toBe(1);
  expect(shown[0]).toEqual({ to: { account: '1', address: { user: 'a' } }, inbound: 'wamid.1' });
});
