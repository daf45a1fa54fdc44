import { fastify, type FastifyInstance } from 'fastify';
import type { Channel } from '../channels/channel.ts';
import type { Log } from '../log.ts';
import { StoreUnavailable, type Store } from '../store/store.ts';
import type { Meter } from './meter.ts';
import type { Runtime } from './runtime.ts';

/** Bodies above this are refused with 413: Meta's own maximum. Bytes. */
const BODY_MAX = 3 * 1024 * 1024;

/** So much may be on its way in at once; whoever comes then is told to come back. Bytes. */
const OPEN_BYTES_MAX = 64 * 1024 * 1024;

export interface ServerTools {
  readonly channels: Iterable<Channel>;
  readonly runtime: Runtime;
  readonly store: Store;
  readonly log: Log;
  readonly meter?: Meter;
}

/** The HTTP side, ready to `listen` or to `inject` into; pages are added by the caller. */
export function createServer({ channels, runtime, store, log, meter }: ServerTools): FastifyInstance {
  // Requests are not logged: their addresses hold verify tokens, and every event logs itself.
  const app = fastify({ bodyLimit: BODY_MAX, logger: false, forceCloseConnections: true });

  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof StoreUnavailable)
      return reply
        .code(503)
        .header('retry-after', '5')
        .send({ error: 'The store cannot be reached; try again.' });
    const { status, message } = refusal(error);
    if (status < 500) return reply.code(status).send({ error: message });
    log.error({ err: error }, 'request failed');
    return reply.code(500).send({ error: 'Something went wrong here; it has been logged.' });
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'There is nothing here.' }));

  keepMemory(app);
  if (meter)
    app.addHook('onResponse', (request, reply, done) => {
      const { url: path = '' } = request.routeOptions;
      if (request.method === 'POST' && path.startsWith('/webhooks/'))
        meter.webhook(path, reply.statusCode, reply.elapsedTime / 1000);
      done();
    });

  app.get('/health/live', () => ({ ok: true }));
  app.get('/health/ready', async (_request, reply) => {
    const health = await store.health();
    return reply.code(health.ok ? 200 : 503).send(health);
  });

  for (const channel of channels) channel.routes?.(app, runtime.receive(channel));
  return app;
}

/** Turns requests away before memory runs out: platforms deliver again, a process that died answers nobody. */
function keepMemory(app: FastifyInstance): void {
  let openBytes = 0;
  app.addHook('onRequest', (request, reply, done) => {
    if (request.method === 'GET' || request.method === 'HEAD') {
      done();
      return;
    }
    const length = request.headers['content-length'];
    const bytes = length === undefined ? BODY_MAX : Math.min(Number(length), BODY_MAX);
    if (openBytes + bytes > OPEN_BYTES_MAX) {
      void reply
        .code(503)
        .header('retry-after', '5')
        .header('connection', 'close')
        .send({ error: 'Too much comes in at once; try again.' });
      return;
    }
    openBytes += bytes;
    // Also when the sender goes away in the middle.
    reply.raw.once('close', () => {
      openBytes -= bytes;
    });
    done();
  });
}

/** What Fastify itself refuses (too large, not JSON …) carries a status below 500; anything else is ours. */
function refusal(error: unknown): { status: number; message: string } {
  if (!(error instanceof Error)) return { status: 500, message: '' };
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  return { status, message: error.message };
}
