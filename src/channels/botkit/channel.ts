import { z } from 'zod';
import type { Log } from '../../log.ts';
import type { Channel, Receive, SendResult } from '../channel.ts';
import { PLAIN_TEXT } from '../limits.ts';
import { present } from '../rendering.ts';
import { readActivity } from './inbound.ts';
import type { Bridge, BridgeRequest, BridgeResponse, Connection, Logic, Reference } from './bridge.ts';
import { createController } from './controller.ts';
import { addBridgeRoute, type Answer } from './http.ts';
import { outcomeOf, within } from './outcome.ts';

export interface BotkitOptions {
  readonly bridge: Bridge;
  readonly connection: Connection;
  readonly log: Log;
  /** For one send; shorter than the grace period for unclear ones. 1–9,000 ms, 8,000 if not given. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 8_000;
/** When a person is not connected, the send is tried again after so long. */
const AWAY_MS = 1_000;

const referenceSchema = z.record(z.string(), z.unknown());

/** The channel `botkit-<name>`: a Botkit or Bot Framework adapter on Lotse's road, reached at `/bridges/<name>`. */
export async function createBotkit(options: BotkitOptions): Promise<Channel> {
  const { bridge, connection, log, timeoutMs = TIMEOUT_MS } = options;
  const name = `botkit-${bridge.name}`;
  const path = `/bridges/${bridge.name}`;
  let receive: Receive = () => Promise.reject(new Error(`${name} is not open yet`));

  const hear = async (raw: unknown, reference: string): Promise<void> => {
    const arrived = readActivity(bridge, raw, reference);
    if (!arrived) {
      log.warn({ channel: name }, 'activity not understood');
      return;
    }
    try {
      await receive([arrived.event]);
    } catch (error) {
      if (!connection.settled) throw error;
      log.error({ channel: name, err: error }, 'message not stored: the person has to send it again');
      connection.settled(arrived.activity, false);
      return;
    }
    connection.settled?.(arrived.activity, true);
  };
  const controller = await createController({ connection, hear });

  const post = async (req: BridgeRequest, answer: Answer): Promise<void> => {
    let failed: { readonly error: unknown } | null = null;
    const logic: Logic = (context) =>
      // Some adapters answer by themselves what their logic throws, and not as platforms understand it.
      controller.handle(context).catch((error: unknown) => {
        failed = { error };
      });
    try {
      await processor(connection)(req, answer.res, logic);
    } catch (error) {
      if (!answer.ended()) throw error;
      log.warn({ channel: name, err: error }, 'the adapter refused a request');
    }
    rethrow(failed);
    if (answer.res.statusCode >= 400)
      log.warn({ channel: name, status: answer.res.statusCode }, 'the adapter refused a request');
  };

  const say = async (reference: Reference, activity: Record<string, unknown>): Promise<SendResult> => {
    try {
      const platformId = await controller.say(reference, activity);
      return platformId === undefined ? { type: 'sent' } : { type: 'sent', platformId };
    } catch (error) {
      return connection.outcome?.(error) ?? outcomeOf(error, name, log);
    }
  };

  return {
    name,
    render: (message) =>
      present(message, bridge.limits ?? PLAIN_TEXT).flatMap((rendering) => {
        // Within these limits everything is text.
        if (!('text' in rendering)) return [];
        const replies = rendering.type === 'quick_replies' ? rendering.replies : [];
        return [bridge.show ? bridge.show(rendering.text, replies) : { text: rendering.text }];
      }),
    async send({ address }, part, outbox) {
      const reference = readReference(address['reference']);
      if (!reference) return { type: 'refused', reason: 'address without reference', why: 'permanent' };
      if (connection.reachable?.(reference) === false)
        return { type: 'retry', afterMs: AWAY_MS, reason: 'nobody is connected' };
      const activity = bridge.stamp ? bridge.stamp(part, outbox) : part;
      return within(timeoutMs, say(reference, activity), () => ({ type: 'unclear', reason: 'time-out' }));
    },
    routes(app, store) {
      receive = store;
      if (connection.attach) connection.attach(app.server, path);
      else addBridgeRoute(app, path, post);
      // Before the server waits for open connections, which would never end by themselves.
      app.addHook('preClose', (done) => {
        connection.close?.();
        done();
      });
    },
    close() {
      connection.close?.();
      return Promise.resolve();
    },
  };
}

type Processor = (req: BridgeRequest, res: BridgeResponse, logic: Logic) => Promise<unknown>;

function processor(connection: Connection): Processor {
  const { adapter } = connection;
  if (connection.process) return connection.process.bind(connection);
  if (!hasProcessActivity(adapter)) throw new Error('the adapter has no processActivity');
  return (req, res, logic) => adapter.processActivity(req, res, logic);
}

function hasProcessActivity(adapter: object): adapter is { processActivity: Processor } {
  return 'processActivity' in adapter && typeof adapter.processActivity === 'function';
}

function readReference(text: string | undefined): Reference | null {
  if (text === undefined) return null;
  try {
    return referenceSchema.parse(JSON.parse(text));
  } catch {
    // Written by this very channel, so only a damaged store brings this about.
    return null;
  }
}

function rethrow(failed: { readonly error: unknown } | null): void {
  if (failed) throw failed.error;
}
