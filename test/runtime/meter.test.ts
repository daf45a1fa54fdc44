import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { loadProject } from '../../src/authoring/project.ts';
import type { Channel, SendResult, Turn } from '../../src/channels/channel.ts';
import { createLog } from '../../src/log.ts';
import { noBackends } from '../../src/runtime/backends.ts';
import { noMeter, outcomeOf, type Meter } from '../../src/runtime/meter.ts';
import { createRuntime, type Runtime } from '../../src/runtime/runtime.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';
import { createServer } from '../../src/runtime/server.ts';
import { StoreUnavailable, type Store } from '../../src/store/store.ts';
import { openFrozenStore } from '../support/frozen-store.ts';
import { temporaryFolder } from '../support/lotse.ts';

const START = Date.UTC(2026, 10, 23);
const bot = (await loadProject('flows', 'locales', 'start')).bot!;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;
let runtime: Runtime;
let nowMs: number;
let results: SendResult[];
let told: string[];

const channel: Channel = {
  name: 'test',
  render: (message) => [{ text: message.text }],
  send: () => Promise.resolve(results.shift() ?? { type: 'sent' }),
};

/** Every call in words, without its durations, which must be none below 0. */
const meter: Meter = {
  webhook: (path, status, seconds) => void told.push(`webhook ${path} ${String(status)} ${sane(seconds)}`),
  accepted: (name, outcome) => void told.push(`accepted ${name} ${outcome}`),
  turned: (outcome, seconds) => void told.push(`turned ${outcome} ${sane(seconds)}`),
  sent: (name, outcome, seconds) => void told.push(`sent ${name} ${outcome} ${sane(seconds)}`),
  givenUp: (name) => void told.push(`given up ${name}`),
  unreadable: (what) => void told.push(`unreadable ${what}`),
  replied: (seconds) => void told.push(`replied ${sane(seconds)}`),
  counted: (name, labels) => void told.push(`counted ${name} ${labels['flow'] ?? ''}`.trim()),
  leaseLost: () => void told.push('lease lost'),
  interrupted: (during, cause) => void told.push(`interrupted ${during} ${cause}`),
  holds: (conversations) => void told.push(`holds ${String(conversations)}`),
  span: async (name, on, run, ended) => {
    const result = await run();
    told.push(['span', name, on, ended?.(result)].filter(Boolean).join(' '));
    return result;
  },
};

const sane = (seconds: number): string => (seconds >= 0 && seconds < 60 ? 'ok' : String(seconds));

const open = (over: Partial<Store> = {}): Runtime =>
  createRuntime({
    bot: () => bot,
    backends: noBackends,
    channels: new Map([[channel.name, channel]]),
    secrets: createSecrets('a secret of more than thirty-two characters'),
    now: () => nowMs,
    log: createLog('silent'),
    store: { ...store, ...over },
    meter,
  });

beforeEach(async () => {
  folder = await temporaryFolder();
  [nowMs, results, told] = [START, [], []];
  store = await openFrozenStore(folder.path, () => nowMs);
  runtime = open();
});

afterEach(async () => {
  await runtime.stop();
  await store.close();
  await folder.remove();
});

function event(user: string, id: string, text: string): Turn {
  return { kind: 'text', id, account: '1', from: user, user, address: { user }, at: nowMs, text };
}

const hear = async (...events: Turn[]): Promise<void> => {
  await runtime.receive(channel)(events);
  await runtime.idle();
};

const whatWas = (start: string): string[] => told.filter((one) => one.startsWith(start));

test('one message on its way: accepted, held, turned, sent, replied, and let go', async () => {
  await hear(event('a', '1', 'hello'));
  // `receive` ends on its own, beside the turn.
  expect(told.filter((one) => !/^(span receive|holds 1|counted)/.test(one))).toEqual([
    'accepted test leased',
    'span turn',
    'turned committed ok',
    'span send test sent',
    'sent test sent ok',
    'replied ok',
    'holds 0',
  ]);
  expect(whatWas('span receive')).toEqual(['span receive test']);
  expect(whatWas('holds')).toEqual(['holds 1', 'holds 0']);
  expect(whatWas('counted')).toEqual(['counted flow_started start']);
});

test('a redelivered message is told as one, and is no turn', async () => {
  await hear(event('a', '1', 'hello'));
  await hear(event('a', '1', 'hello'));
  expect(whatWas('accepted')).toEqual(['accepted test leased', 'accepted test duplicate']);
  expect(whatWas('turned')).toHaveLength(1);
});

test('a reply that goes out later is no reply at once', async () => {
  results = [{ type: 'retry', afterMs: 1_000, reason: 'busy' }];
  await hear(event('a', '1', 'hello'));
  nowMs += 1_000;
  await runtime.sweep();
  await runtime.idle();
  expect(whatWas('sent')).toEqual(['sent test retry ok', 'sent test sent ok']);
  expect(whatWas('replied')).toEqual([]);
});

test('after a day of retries the reply is given up', async () => {
  results = [
    { type: 'retry', afterMs: 1, reason: 'busy' },
    { type: 'retry', afterMs: 1, reason: 'busy' },
  ];
  await hear(event('a', '1', 'hello'));
  nowMs += 24 * 60 * 60 * 1000 + 1;
  await runtime.sweep();
  await runtime.idle();
  expect(whatWas('given up')).toEqual(['given up test']);
});

test('a store that goes away under a turn and under the sweep is told as the store', async () => {
  runtime = open({
    commit: () => Promise.reject(new StoreUnavailable('gone')),
    due: () => Promise.reject(new StoreUnavailable('gone')),
  });
  await hear(event('a', '1', 'hello'));
  await runtime.sweep();
  expect(whatWas('interrupted')).toEqual(['interrupted work store', 'interrupted sweep store']);
});

test('a fault of ours is told as a fault', async () => {
  runtime = open({ commit: () => Promise.reject(new Error('a bug')) });
  await hear(event('a', '1', 'hello'));
  expect(whatWas('interrupted')).toEqual(['interrupted work fault']);
});

test('a turn whose lease was lost is told so, and answers nobody', async () => {
  runtime = open({ commit: () => Promise.resolve({ type: 'lost' }) });
  await hear(event('a', '1', 'hello'));
  expect([...whatWas('turned'), ...whatWas('lease'), ...whatWas('sent')]).toEqual([
    'turned lost ok',
    'lease lost',
  ]);
});

test('webhooks are told by route and status; other requests are not', async () => {
  const web: Channel = {
    ...channel,
    routes(app) {
      app.post('/webhooks/:name', (request, reply) =>
        reply.code(request.body === 'bad' ? 401 : 200).send({ text: 'secret' }),
      );
      app.post('/chat', () => ({}));
    },
  };
  const app = createServer({ channels: [web], runtime, store, log: createLog('silent'), meter });
  const headers = { 'content-type': 'text/plain' };
  await app.inject({ method: 'POST', url: '/webhooks/one?person=4915112345671', headers, payload: 'good' });
  await app.inject({ method: 'POST', url: '/webhooks/two', headers, payload: 'bad' });
  await app.inject({ method: 'POST', url: '/chat' });
  await app.inject('/health/live');
  await app.close();
  expect(told).toEqual(['webhook /webhooks/:name 200 ok', 'webhook /webhooks/:name 401 ok']);
});

test('every end of a send has its outcome', () => {
  const ends: readonly SendResult[] = [
    { type: 'sent' },
    { type: 'unclear', reason: 'time-out' },
    { type: 'retry', afterMs: 1, reason: 'busy' },
    { type: 'retry', afterMs: 1, reason: 'pace' },
    { type: 'refused', why: 'permanent', reason: 'no such number' },
    { type: 'refused', why: 'window', reason: 'too late' },
    { type: 'refused', why: 'opt-out', reason: 'stop' },
  ];
  expect(ends.map(outcomeOf)).toEqual([
    'sent',
    'unclear',
    'retry',
    'paced',
    'permanent',
    'window',
    'opt-out',
  ]);
});

test('whom nobody watches runs all the same', async () => {
  expect(await noMeter.span('turn', 'test', () => Promise.resolve(7))).toBe(7);
  await expect(noMeter.span('send', 'test', () => Promise.reject(new Error('as it was')))).rejects.toThrow(
    'as it was',
  );
});
