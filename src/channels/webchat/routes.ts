import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../../log.ts';
import type { ChannelEvent, Receive } from '../channel.ts';
import { BODY_LIMIT_BYTES, parseAcks, parseMessage } from './bodies.ts';
import type { Clock } from '../clock.ts';
import { refuseChat, type WebchatMode } from './guard.ts';
import { createLimit } from '../rate.ts';
import type { Streams } from './streams.ts';
import { FORGET_COOKIE, newVisitor, readVisitor, visitorCookie } from './visitor.ts';

const ACCOUNT = 'local';
const NO_VISITOR = 'Open /chat/events first: it hands out the cookie that names this chat.';
const TOO_MANY_WINDOWS = 'This chat is open in too many windows; close some of them.';
const TOO_FAST = 'Too many messages in a short time; wait a little.';
const STREAM_HEAD = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // nginx would keep events back until its buffer is full.
  'x-accel-buffering': 'no',
  // The socket ends with the stream: an idle one left over would hold up the server's shutdown.
  connection: 'close',
};

/** What holds for every route of the chat: who may ask, what a body is, and how a refusal reads. */
export function guardRoutes(chat: FastifyInstance, mode: WebchatMode, log: Log): void {
  chat.addHook('onRequest', async (request, reply) => {
    const problem = refuseChat(request.raw, mode);
    if (problem === null) return;
    log.info({ route: request.routeOptions.url }, 'web chat refused a request');
    await refuse(reply, 403, problem);
  });
  // The webhooks' parser keeps bodies raw; here JSON is all there is, which also keeps HTML forms out.
  chat.removeAllContentTypeParsers();
  chat.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      done(Object.assign(new Error('The body must be JSON.'), { statusCode: 400 }));
    }
  });
  chat.setErrorHandler<FastifyError>((error, _request, reply) => {
    const status = error.statusCode ?? 500;
    // A store that cannot be reached is the server's to answer, as on every other channel.
    if (status >= 500) throw error;
    return refuse(reply, status, REFUSALS[status] ?? error.message);
  });
}

const REFUSALS: Readonly<Record<number, string>> = {
  413: `The body must have at most ${String(BODY_LIMIT_BYTES)} bytes.`,
  415: 'The body must be JSON, with the header Content-Type: application/json.',
};

const refuse = (reply: FastifyReply, status: number, error: string): FastifyReply =>
  reply.code(status).header('cache-control', 'no-store').send({ error });

export interface RouteParts {
  readonly streams: Streams;
  readonly receive: Receive;
  readonly clock: Clock;
}

export function addRoutes(chat: FastifyInstance, { streams, receive, clock }: RouteParts): void {
  const messages = createLimit(30, 10_000);
  const acks = createLimit(120, 10_000);

  /** The visitor, or null after the request was refused. */
  const admit = async (
    request: FastifyRequest,
    reply: FastifyReply,
    limit = messages,
  ): Promise<string | null> => {
    const visitor = readVisitor(request.raw);
    const waitMs = visitor === null ? 0 : limit.take(visitor, clock.now());
    if (visitor === null) await refuse(reply, 401, NO_VISITOR);
    else if (waitMs === 0) return visitor;
    else await refuse(reply.header('retry-after', Math.ceil(waitMs / 1000)), 429, TOO_FAST);
    return null;
  };

  chat.get('/events', (request, reply) => {
    const known = readVisitor(request.raw);
    const visitor = known ?? newVisitor();
    const full = streams.full(visitor);
    if (full !== null)
      return refuse(reply.header('retry-after', 10), full === 'visitor' ? 429 : 503, TOO_MANY_WINDOWS);
    reply.hijack();
    const cookie = known === null ? { 'set-cookie': visitorCookie(request.raw, visitor) } : {};
    reply.raw.writeHead(200, { ...STREAM_HEAD, ...cookie });
    // Something at once: the browser calls the stream open only when its head has arrived.
    reply.raw.write(': welcome\n\n');
    streams.add(visitor, reply.raw);
    return reply;
  });

  chat.post('/messages', { bodyLimit: BODY_LIMIT_BYTES }, async (request, reply) => {
    const visitor = await admit(request, reply);
    if (visitor === null) return reply;
    const parsed = parseMessage(request.body);
    if (!parsed.ok) return refuse(reply, 400, parsed.problem);
    const { id, input } = parsed.value;
    const address = { visitor };
    // The same id from the same browser is the same event: the store drops what is sent twice.
    const origin = { id: `${visitor}.${id}`, account: ACCOUNT, from: visitor, user: visitor, address };
    await receive([{ ...origin, at: clock.now(), ...input }]);
    return reply.code(202).send({ accepted: true });
  });

  chat.post('/acks', { bodyLimit: BODY_LIMIT_BYTES }, async (request, reply) => {
    const visitor = await admit(request, reply, acks);
    if (visitor === null) return reply;
    const parsed = parseAcks(request.body);
    if (!parsed.ok) return refuse(reply, 400, parsed.problem);
    const late = parsed.value.filter((id) => !streams.acknowledge(visitor, id));
    // Too late for the send, or sent by another node: still a fact, which saves sending it again.
    if (late.length > 0) await receive(late.map((outbox) => receipt(outbox, clock.now())));
    return reply.code(202).send({ accepted: true });
  });

  chat.delete('/visitor', async (request, reply) => {
    const visitor = readVisitor(request.raw);
    if (visitor !== null) streams.drop(visitor);
    return reply.code(200).header('set-cookie', FORGET_COOKIE).send({ forgotten: true });
  });
}

const receipt = (outbox: string, at: number): ChannelEvent => ({
  kind: 'status',
  id: `${outbox}.shown`,
  account: ACCOUNT,
  at,
  outbox,
  status: 'delivered',
  target: outbox,
});
