import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../../log.ts';
import type { ChannelEvent, Reading, Receive } from '../channel.ts';
import { createSignatureCheck, sameSecret } from './signature.ts';

/** Meta's largest webhook body; Fastify's own limit is a third of it. */
const BODY_BYTES_MAX = 3 * 1024 * 1024;

export interface WebhookOptions {
  readonly channel: string;
  /** `/webhooks/…` */
  readonly path: string;
  /** By our phone number ids or page ids; events of others are none of ours. */
  readonly accounts: ReadonlyMap<string, unknown>;
  readonly appSecret: string;
  readonly verifyToken: string;
  readonly read: (body: unknown) => Reading;
  readonly log: Log;
}

/**
 * Adds a webhook of Meta's: GET answers its verification, POST hands on what was signed. In a scope of its
 * own, for it needs bodies as raw bytes and everything else on the server does not.
 */
export function addWebhook(app: FastifyInstance, options: WebhookOptions, receive: Receive): void {
  const { path } = options;
  void app.register((scope, _, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => {
      parsed(null, body);
    });
    // The signature covers bytes whatever they are called; a misspelt content type must not turn them away.
    scope.addHook('onRequest', (request, _reply, next) => {
      // Not deleted: that would make every later look at a header slow.
      request.raw.headers['content-type'] = undefined;
      next();
    });
    scope.get(path, { exposeHeadRoute: false }, verification(options));
    scope.post(path, { bodyLimit: BODY_BYTES_MAX }, delivery(options, receive));
    scope.route({
      method: scope.supportedMethods.filter((method) => method !== 'GET' && method !== 'POST'),
      url: path,
      onRequest: (_request, reply) => {
        void reply.code(405).header('allow', 'GET, POST').send();
      },
      handler: (_request, reply) => reply.code(405).send(),
    });
    done();
  });
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

function verification({ path, verifyToken }: WebhookOptions): Handler {
  return async (request, reply) => {
    const query = new URLSearchParams(request.url.slice(path.length));
    const challenge = query.get('hub.challenge') ?? '';
    const good =
      query.get('hub.mode') === 'subscribe' && sameSecret(query.get('hub.verify_token'), verifyToken);
    if (!good || challenge === '') return reply.code(403).type('text/plain').send('forbidden');
    return reply.header('x-content-type-options', 'nosniff').type('text/plain').send(challenge);
  };
}

function delivery(options: WebhookOptions, receive: Receive): Handler {
  const { channel, read, log, appSecret } = options;
  const signed = createSignatureCheck(appSecret);
  return async (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    if (!signed(body, request.headers['x-hub-signature-256'])) {
      log.warn({ channel, bytes: body.length }, 'webhook refused: wrong or missing signature');
      return reply.code(401).send();
    }
    const reading = readBytes(body, read);
    if (reading.outcome === 'reject')
      // Answered 200: the platform would deliver the same again for days, and it would mean no more then.
      log.warn({ channel, bytes: body.length, reason: reading.reason }, 'webhook body not understood');
    else await receive(ownEvents(reading.events, options));
    return reply.code(200).send();
  };
}

function readBytes(bytes: Buffer, read: WebhookOptions['read']): Reading {
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString());
  } catch {
    return { outcome: 'reject', events: [], reason: 'not JSON' };
  }
  return read(body);
}

function ownEvents(
  events: readonly ChannelEvent[],
  { channel, accounts, log }: WebhookOptions,
): readonly ChannelEvent[] {
  const isForeign = (event: ChannelEvent): boolean =>
    event.kind !== 'ignored' && !accounts.has(event.account);
  const foreign = events.filter(isForeign).length;
  if (foreign === 0) return events;
  log.warn({ channel, events: foreign }, 'events of another account ignored: check the configured ids');
  return events.map((event) =>
    isForeign(event) ? { kind: 'ignored', reason: 'of another account' } : event,
  );
}
