import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CountName } from './engine/effect.ts';
import { noMeter, type Meter, type SendOutcome } from './runtime/meter.ts';
import { StoreUnavailable, type Counts, type Store } from './store/store.ts';

export interface MetricsOptions {
  /** Asked whenever somebody reads the metrics. */
  readonly store: Pick<Store, 'counts' | 'health'>;
  /** Names of the channels that are on: their counters begin at 0, so that the first event is seen as a rise. */
  readonly channels: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Metrics {
  readonly meter: Meter;
  readonly contentType: string;
  /** Every metric in Prometheus' text format, with what the store says of itself at this moment. */
  read(): Promise<string>;
}

/** Beyond so many flows the rest count as one: a time series costs memory here and in Prometheus. */
const FLOWS_MAX = 200;

/** Seconds. A platform waits some seconds for its 200; people wait longer for a reply. */
const QUICK = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const SLOW = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const OUTCOMES: readonly SendOutcome[] = [
  'sent',
  'retry',
  'paced',
  'unclear',
  'permanent',
  'window',
  'opt-out',
];
/** All there are; the type sees to it. */
const EVENTS: Readonly<Record<CountName, 0>> = {
  flow_started: 0,
  flow_ended: 0,
  not_understood: 0,
  crisis: 0,
  stopped: 0,
  forgotten: 0,
  step_gone: 0,
  feedback: 0,
  nothing_found: 0,
  unavailable: 0,
  guard: 0,
};

/** Metrics for Prometheus, in a registry of their own; docs/operators.md says what each is for. */
export function createMetrics({ store, channels, now }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const counter = (name: string, help: string, labelNames: readonly string[] = []): Counter =>
    new Counter({ name: `lotse_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string): Gauge => new Gauge({ name: `lotse_${name}`, help, registers });
  const histogram = (name: string, help: string, buckets: number[], labelNames: string[] = []): Histogram =>
    new Histogram({ name: `lotse_${name}`, help, buckets, labelNames, registers });

  const webhooks = counter('webhooks_total', 'Webhook requests, by route and status.', ['path', 'code']);
  const webhookSeconds = histogram('webhook_seconds', 'From a webhook request to its answer.', QUICK, [
    'path',
  ]);
  const messages = counter('messages_total', 'Messages offered to the store.', ['channel', 'outcome']);
  const turns = counter('turns_total', 'Turns that reached the store.', ['outcome']);
  const turnSeconds = histogram('turn_seconds', 'From the begin of a turn until it is stored.', QUICK);
  const replySeconds = histogram('reply_seconds', 'From a message to its first reply at the platform.', SLOW);
  const sends = counter('sends_total', 'Attempts to send.', ['channel', 'outcome']);
  const sendSeconds = histogram('send_seconds', "A platform's answer to a send.", SLOW, ['channel']);
  const givenUp = counter('sends_given_up_total', 'Replies not sent for a day.', ['channel']);
  const unreadable = counter('unreadable_total', 'Stored records that nobody can read.', ['what']);
  const events = counter('events_total', 'What flows count.', ['event', 'flow', 'detail']);
  const leasesLost = counter('leases_lost_total', 'Conversations another node took over meanwhile.');
  const interruptions = counter('interruptions_total', 'Work left to the sweep.', ['during', 'cause']);
  const inHand = gauge('conversations_in_hand', 'Conversations this process works on now.');
  const up = gauge('store_up', '1 while the store takes writes, else 0.');
  const due = gauge('due_conversations', 'Conversations whose work is due and not taken up.');
  const dueSeconds = gauge('due_oldest_seconds', 'How long the oldest of them has been due.');
  const dead = gauge('dead_letters', 'Conversations with something set aside for an operator.');

  const ofWebhook = once((path, code) => webhooks.labels(path, code));
  const ofWebhookSeconds = once((path) => webhookSeconds.labels(path));
  const ofMessages = once((channel, outcome) => messages.labels(channel, outcome));
  const ofTurns = once((outcome) => turns.labels(outcome));
  const ofSends = once((channel, outcome) => sends.labels(channel, outcome));
  const ofSendSeconds = once((channel) => sendSeconds.labels(channel));
  const ofGivenUp = once((channel) => givenUp.labels(channel));
  const flows = new Set<string>();

  for (const channel of channels) {
    for (const outcome of ['accepted', 'duplicate', 'full']) ofMessages(channel, outcome).inc(0);
    for (const outcome of OUTCOMES) ofSends(channel, outcome).inc(0);
    ofGivenUp(channel).inc(0);
  }
  for (const outcome of ['committed', 'lost']) ofTurns(outcome).inc(0);
  for (const during of ['work', 'sweep'])
    for (const cause of ['store', 'fault']) interruptions.labels(during, cause).inc(0);
  for (const what of ['session', 'message', 'reply']) unreadable.labels(what).inc(0);
  for (const event of Object.keys(EVENTS)) events.labels(event, '', '').inc(0);

  const meter: Meter = {
    webhook(path, status, seconds) {
      ofWebhook(path, String(status)).inc();
      ofWebhookSeconds(path).observe(seconds);
    },
    accepted(channel, outcome) {
      const isNew = outcome === 'leased' || outcome === 'queued';
      ofMessages(channel, isNew ? 'accepted' : outcome).inc();
    },
    turned(outcome, seconds) {
      ofTurns(outcome).inc();
      turnSeconds.observe(seconds);
    },
    sent(channel, outcome, seconds) {
      ofSends(channel, outcome).inc();
      // What was kept back never reached the platform.
      if (outcome !== 'paced') ofSendSeconds(channel).observe(seconds);
    },
    givenUp(channel) {
      ofGivenUp(channel).inc();
    },
    unreadable(what) {
      unreadable.labels(what).inc();
    },
    replied(seconds) {
      replySeconds.observe(seconds);
    },
    counted(event, labels) {
      const { flow = '', rung, why, answer } = labels;
      if (flows.size < FLOWS_MAX) flows.add(flow);
      // Steps are left out: a project may have thousands. The log names them.
      events.labels(event, flows.has(flow) ? flow : 'other', rung ?? why ?? answer ?? '').inc();
    },
    leaseLost() {
      leasesLost.inc();
    },
    interrupted(during, cause) {
      interruptions.labels(during, cause).inc();
    },
    holds(conversations) {
      inHand.set(conversations);
    },
    span: noMeter.span,
  };

  /** What cannot be asked has no value: an old one would look like a true one. */
  async function readStore(): Promise<void> {
    const [health, counts] = await Promise.all([store.health(), countsOf(store)]);
    up.set(health.ok && counts ? 1 : 0);
    for (const one of [due, dueSeconds, dead]) one.remove();
    if (!counts) return;
    due.set(counts.due);
    dueSeconds.set(counts.oldestDueMs === null ? 0 : Math.max(0, now() - counts.oldestDueMs) / 1000);
    dead.set(counts.dead);
  }

  return {
    meter,
    contentType: registry.contentType,
    async read() {
      await readStore();
      return registry.metrics();
    },
  };
}

async function countsOf(store: MetricsOptions['store']): Promise<Counts | null> {
  try {
    return await store.counts();
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return null;
  }
}

/** Keeps what `make` gives for each pair of labels: finding it costs less than making it, on every message. */
function once<T>(make: (first: string, second: string) => T): (first: string, second?: string) => T {
  const made = new Map<string, Map<string, T>>();
  return (first, second = '') => {
    const row = made.get(first) ?? new Map<string, T>();
    const known = row.get(second);
    if (known !== undefined) return known;
    const fresh = make(first, second);
    made.set(first, row.set(second, fresh));
    return fresh;
  };
}
