import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';
import { createMetrics, type Metrics } from '../src/metrics.ts';
import { metricsPage } from '../src/metrics-page.ts';
import { StoreUnavailable, type Counts, type Health } from '../src/store/store.ts';

const NOW = Date.UTC(2026, 10, 23);
const TOKEN = 'a token of more than sixteen characters';

let counts: () => Promise<Counts>;
let health: Health;
let metrics: Metrics;

beforeEach(() => {
  counts = () => Promise.resolve({ due: 3, oldestDueMs: NOW - 7_500, dead: 2 });
  health = { ok: true, warnings: [] };
  metrics = createMetrics({
    store: { counts: () => counts(), health: () => Promise.resolve(health) },
    channels: ['whatsapp'],
    now: () => NOW,
  });
});

/** The value of one time series, written as Prometheus shows it; undefined where there is none. */
async function value(series: string): Promise<number | undefined> {
  const line = (await metrics.read()).split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

/** All series of Lotse's own. */
const series = async (): Promise<string[]> =>
  (await metrics.read()).split('\n').filter((line) => line.startsWith('lotse_'));

describe('what is counted', () => {
  test('begins at 0 for the channels that are on, so that the first event is seen as a rise', async () => {
    expect(await value('lotse_messages_total{channel="whatsapp",outcome="full"}')).toBe(0);
    expect(await value('lotse_sends_total{channel="whatsapp",outcome="permanent"}')).toBe(0);
    expect(await value('lotse_sends_given_up_total{channel="whatsapp"}')).toBe(0);
    expect(await value('lotse_unreadable_total{what="session"}')).toBe(0);
    expect(await value('lotse_interruptions_total{during="work",cause="store"}')).toBe(0);
    expect(await value('lotse_events_total{event="crisis",flow="",detail=""}')).toBe(0);
    expect(await value('lotse_leases_lost_total')).toBe(0);
  });

  test('messages, whichever way they were accepted', async () => {
    const { meter } = metrics;
    for (const outcome of ['leased', 'queued', 'duplicate', 'full'] as const)
      meter.accepted('whatsapp', outcome);
    expect(await value('lotse_messages_total{channel="whatsapp",outcome="accepted"}')).toBe(2);
    expect(await value('lotse_messages_total{channel="whatsapp",outcome="duplicate"}')).toBe(1);
    expect(await value('lotse_messages_total{channel="whatsapp",outcome="full"}')).toBe(1);
  });

  test('turns, sends and replies, with how long they took', async () => {
    const { meter } = metrics;
    meter.turned('committed', 0.004);
    meter.turned('lost', 0.2);
    meter.sent('whatsapp', 'sent', 0.3);
    meter.sent('whatsapp', 'paced', 0);
    meter.replied(0.6);
    expect(await value('lotse_turns_total{outcome="lost"}')).toBe(1);
    expect(await value('lotse_turn_seconds_bucket{le="0.005"}')).toBe(1);
    expect(await value('lotse_turn_seconds_count')).toBe(2);
    expect(await value('lotse_sends_total{channel="whatsapp",outcome="paced"}')).toBe(1);
    // What Lotse kept back itself is no answer of the platform's.
    expect(await value('lotse_send_seconds_count{channel="whatsapp"}')).toBe(1);
    expect(await value('lotse_reply_seconds_bucket{le="0.5"}')).toBe(0);
    expect(await value('lotse_reply_seconds_bucket{le="1"}')).toBe(1);
  });

  test('everything else that goes wrong', async () => {
    const { meter } = metrics;
    meter.webhook('/webhooks/whatsapp', 503, 0.01);
    meter.givenUp('whatsapp');
    meter.unreadable('session');
    meter.leaseLost();
    meter.interrupted('sweep', 'store');
    meter.holds(4);
    expect(await value('lotse_webhooks_total{path="/webhooks/whatsapp",code="503"}')).toBe(1);
    expect(await value('lotse_webhook_seconds_count{path="/webhooks/whatsapp"}')).toBe(1);
    expect(await value('lotse_sends_given_up_total{channel="whatsapp"}')).toBe(1);
    expect(await value('lotse_unreadable_total{what="session"}')).toBe(1);
    expect(await value('lotse_leases_lost_total')).toBe(1);
    expect(await value('lotse_interruptions_total{during="sweep",cause="store"}')).toBe(1);
    expect(await value('lotse_conversations_in_hand')).toBe(4);
  });

  test('what flows count: by flow and detail, never by step', async () => {
    metrics.meter.counted('not_understood', { flow: 'housing', step: 'need', rung: '2' });
    metrics.meter.counted('feedback', { flow: 'housing', step: 'helped', answer: 'yes' });
    metrics.meter.counted('stopped', {});
    expect(await value('lotse_events_total{event="not_understood",flow="housing",detail="2"}')).toBe(1);
    expect(await value('lotse_events_total{event="feedback",flow="housing",detail="yes"}')).toBe(1);
    expect(await value('lotse_events_total{event="stopped",flow="",detail=""}')).toBe(1);
    expect(await metrics.read()).not.toContain('need');
  });

  test('however many flows and steps there are, the number of series stays bounded', async () => {
    for (let flow = 0; flow < 1_000; flow += 1)
      for (let step = 0; step < 5; step += 1)
        metrics.meter.counted('flow_started', { flow: `flow${String(flow)}`, step: `step${String(step)}` });
    const started = (await series()).filter((line) => line.includes('event="flow_started"'));
    expect(started.length).toBeLessThan(250);
    expect(await value('lotse_events_total{event="flow_started",flow="flow7",detail=""}')).toBe(5);
    expect(await value('lotse_events_total{event="flow_started",flow="other",detail=""}')).toBe(4_000);
  });

  test('the process itself', async () => {
    expect(await value('process_resident_memory_bytes')).toBeGreaterThan(0);
    expect(await value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
  });

  test('two servers in one process keep apart what they count', async () => {
    const options = {
      store: { counts, health: () => Promise.resolve(health) },
      channels: [],
      now: () => NOW,
    };
    createMetrics(options).meter.leaseLost();
    expect(await value('lotse_leases_lost_total')).toBe(0);
  });
});

describe('what the store says when it is asked', () => {
  test('is read at every scrape', async () => {
    expect(await value('lotse_due_conversations')).toBe(3);
    expect(await value('lotse_due_oldest_seconds')).toBe(7.5);
    expect(await value('lotse_dead_letters')).toBe(2);
    expect(await value('lotse_store_up')).toBe(1);
    counts = () => Promise.resolve({ due: 0, oldestDueMs: null, dead: 0 });
    expect(await value('lotse_due_conversations')).toBe(0);
    expect(await value('lotse_due_oldest_seconds')).toBe(0);
  });

  test('has no value while it cannot be asked, rather than an old one', async () => {
    await metrics.read();
    counts = () => Promise.reject(new StoreUnavailable('gone'));
    health = { ok: false, warnings: ['gone'] };
    expect(await value('lotse_store_up')).toBe(0);
    expect(await value('lotse_due_conversations')).toBeUndefined();
    expect(await value('lotse_due_oldest_seconds')).toBeUndefined();
    expect(await value('lotse_dead_letters')).toBeUndefined();
    counts = () => Promise.resolve({ due: 1, oldestDueMs: NOW, dead: 0 });
    health = { ok: true, warnings: [] };
    expect(await value('lotse_store_up')).toBe(1);
    expect(await value('lotse_due_conversations')).toBe(1);
  });

  test('is down when it takes no writes though it can be read', async () => {
    health = { ok: false, warnings: ['read-only'] };
    expect(await value('lotse_store_up')).toBe(0);
    expect(await value('lotse_dead_letters')).toBe(2);
  });

  test('is no more than what went wrong when the fault is ours', async () => {
    counts = () => Promise.reject(new TypeError('a bug'));
    await expect(metrics.read()).rejects.toThrow('a bug');
  });

  test('is never an age below 0, though its clock is ahead of ours', async () => {
    counts = () => Promise.resolve({ due: 1, oldestDueMs: NOW + 5_000, dead: 0 });
    expect(await value('lotse_due_oldest_seconds')).toBe(0);
  });
});

describe('GET /metrics', () => {
  let app: FastifyInstance;
  const open = (token?: string): FastifyInstance => {
    app = fastify();
    metricsPage(app, metrics, token);
    return app;
  };
  afterEach(() => app.close());

  const ask = async (
    headers: Record<string, string> = {},
    remoteAddress = '127.0.0.1',
  ): Promise<{ status: number; body: string; headers: Record<string, unknown> }> => {
    const answer = await app.inject({
      url: '/metrics',
      remoteAddress,
      headers: { host: 'localhost:3000', ...headers },
    });
    return { status: answer.statusCode, body: answer.body, headers: answer.headers };
  };

  test('is in the format that Prometheus reads', async () => {
    open();
    const { status, body, headers } = await ask();
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(body).toContain('# TYPE lotse_turn_seconds histogram');
  });

  test('without a token it is for this machine only, and not for what came through a proxy', async () => {
    open();
    for (const [headers, from] of [
      [{}, '203.0.113.7'],
      [{ 'x-forwarded-for': '203.0.113.7' }, '127.0.0.1'],
      [{ host: 'evil.example' }, '127.0.0.1'],
    ] as const) {
      const { status, body } = await ask(headers, from);
      expect([status, body.includes('lotse_')]).toEqual([403, false]);
      expect(body).toContain('ADMIN_TOKEN');
    }
  });

  test('with a token it is for whoever has it, as bearer or as password', async () => {
    open(TOKEN);
    const basic = (words: string): string => `Basic ${Buffer.from(words).toString('base64')}`;
    const far = '203.0.113.7';
    // Bearer tokens have no blanks; ADMIN_TOKEN may.
    expect((await ask({ authorization: basic(`prometheus:${TOKEN}`) }, far)).status).toBe(200);
    for (const authorization of ['', 'Bearer', 'Bearer wrong', basic(`x:${TOKEN}x`), basic(TOKEN), TOKEN]) {
      const { status, headers } = await ask({ authorization });
      expect(status).toBe(401);
      expect(headers['www-authenticate']).toMatch(/^Basic realm=/);
    }
    await app.close();
    open('0123456789abcdef0123456789abcdef');
    expect((await ask({ authorization: 'Bearer 0123456789abcdef0123456789abcdef' }, far)).status).toBe(200);
    expect((await ask({ authorization: 'bearer 0123456789abcdef0123456789abcdef' }, far)).status).toBe(200);
    expect((await ask({ authorization: 'Bearer 0123456789abcdef0123456789abcdee' }, far)).status).toBe(401);
  });
});
