import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { BridgeRequest, BridgeResponse } from './bridge.ts';

/** Messages are small; media comes by link. */
const BODY_BYTES_MAX = 1024 * 1024;

/** What an adapter answered, kept until it is known that the message was stored. */
export interface Answer {
  readonly res: BridgeResponse;
  readonly headers: Readonly<Record<string, string>>;
  body(): string | Buffer | object | undefined;
  /** Whether the adapter has said its last word. */
  ended(): boolean;
}

/** Answers POST at `path`; bodies are read as adapters made for Express expect them. */
export function addBridgeRoute(
  app: FastifyInstance,
  path: string,
  handle: (req: BridgeRequest, answer: Answer) => Promise<void>,
): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, parsed) => {
      parsed(null, body);
    });
    scope.post(path, { bodyLimit: BODY_BYTES_MAX }, async (request, reply) => {
      const raw = typeof request.body === 'string' ? request.body : '';
      const body = parseBody(raw, request.headers['content-type'] ?? '');
      if (body === undefined) return reply.code(400).send({ error: 'The body is not JSON.' });
      const answer = createAnswer();
      await handle(requestFor(request, raw, body), answer);
      return reply.code(answer.res.statusCode).headers(answer.headers).send(answer.body());
    });
    done();
  });
}

/** Undefined: said to be JSON, and is not. */
function parseBody(raw: string, contentType: string): unknown {
  if (/^application\/x-www-form-urlencoded\b/iu.test(contentType))
    return Object.fromEntries(new URLSearchParams(raw));
  if (!/^application\/([\w.-]+\+)?json\b/iu.test(contentType)) return {};
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

function requestFor(request: FastifyRequest, rawBody: string, body: unknown): BridgeRequest {
  const { headers } = request.raw;
  const header = (name: string): string | undefined => {
    const value = headers[name.toLowerCase()];
    return Array.isArray(value) ? value[0] : value;
  };
  return {
    method: request.method,
    url: request.url,
    originalUrl: request.originalUrl,
    protocol: request.protocol,
    hostname: request.hostname,
    headers,
    query: Object.fromEntries(new URLSearchParams(request.url.split('?')[1] ?? '')),
    body,
    rawBody,
    header,
    get: header,
  };
}

function createAnswer(): Answer {
  const headers: Record<string, string> = {};
  let body: string | Buffer | object | undefined;
  let ended = false;
  const set = (name: string, value: string): BridgeResponse => {
    headers[name] = value;
    return res;
  };
  const finish = (content: unknown): BridgeResponse => {
    ended = true;
    // `send` and then `end`, as some adapters do, is one answer.
    if (content !== undefined && content !== null) body = asBody(content);
    return res;
  };
  const res: BridgeResponse = {
    statusCode: 200,
    status(code) {
      res.statusCode = code;
      return res;
    },
    set,
    header: set,
    setHeader: set,
    type: (mime) => set('content-type', mime),
    send: finish,
    json: finish,
    end: finish,
  };
  return { res, headers, body: () => body, ended: () => ended };
}

function asBody(content: unknown): string | Buffer | object {
  return typeof content === 'object' && content !== null ? content : String(content);
}
