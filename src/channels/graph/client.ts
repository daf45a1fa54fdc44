import { Pool, type Dispatcher } from 'undici';

/**
 * What came of one call. `unsent`: nothing was written to a connection. `unclear`: the request was written,
 * and then no whole answer came.
 */
export type GraphAnswer =
  | {
      readonly type: 'answer';
      readonly status: number;
      /** Parsed JSON; undefined where the answer was something else. */
      readonly body: unknown;
      /** From Retry-After; 0 … one day. */
      readonly retryAfterMs: number | null;
    }
  | { readonly type: 'unsent'; readonly reason: string }
  | { readonly type: 'unclear'; readonly reason: string };

export interface GraphClient {
  /** Posts JSON to `/{version}{path}`. Never rejects. */
  post(path: string, body: unknown): Promise<GraphAnswer>;
  /** Gets `/{version}{path}`; a query belongs to the path, encoded by the caller. Never rejects. */
  get(path: string): Promise<GraphAnswer>;
  /** Posts a form with a file; as `post`, but may take 20 s. */
  upload(path: string, form: { readonly contentType: string; readonly body: Buffer }): Promise<GraphAnswer>;
  close(): Promise<void>;
}

export interface GraphClientOptions {
  /** `https://graph.facebook.com`, or a stand-in's address; a path in it is kept. */
  readonly graphUrl: string;
  /** `v25.0` */
  readonly version: string;
  readonly token: string;
  /** For one call from its start to the last byte of the answer. 1–120,000 ms, shorter than the grace period for unclear sends. */
  readonly timeoutMs?: number;
  readonly clock?: () => number;
}

const TIMEOUT_MS = 8_000;
/** A recording may take longer; the lease of its conversation is 30 s. */
const UPLOAD_MS = 20_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** Meta's answers have some hundred bytes; whatever sends more is not Meta. */
const ANSWER_BYTES_MAX = 1024 * 1024;
const DAY_MS = 24 * 60 * 60 * 1000;

/** One keep-alive pool for one token. No call is ever repeated in here: that is the caller's to decide. */
export function createGraphClient(options: GraphClientOptions): GraphClient {
  const { graphUrl, version, token, timeoutMs = TIMEOUT_MS, clock = Date.now } = options;
  const { origin, pathname } = new URL(graphUrl);
  const base = `${pathname.replace(/\/+$/u, '')}/${version}`;
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  const pool = new Pool(origin, {
    connections: 128,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: Math.min(CONNECT_TIMEOUT_MS, timeoutMs) },
  });
  return {
    post: (path, body) => {
      const request = {
        method: 'POST',
        path: `${base}${path}`,
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      } as const;
      return exchange(pool, request, timeoutMs, clock);
    },
    upload: (path, { contentType, body }) => {
      const request = {
        method: 'POST',
        path: `${base}${path}`,
        headers: { ...headers, 'content-type': contentType },
        body,
      } as const;
      return exchange(pool, request, UPLOAD_MS, clock);
    },
    get: (path) => exchange(pool, { method: 'GET', path: `${base}${path}`, headers }, timeoutMs, clock),
    close: () => pool.destroy(),
  };
}

function exchange(
  pool: Pool,
  request: Dispatcher.DispatchOptions,
  timeoutMs: number,
  clock: () => number,
): Promise<GraphAnswer> {
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | null = null;
    let expired = false;
    let status = 0;
    let retryAfter: string | undefined;
    let size = 0;
    const chunks: Buffer[] = [];
    const end = (answer: GraphAnswer): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    const giveUp = (why: string): void => {
      // Undici calls back with the reason; only then is it certain that nothing more was written.
      controller?.abort(new Error(why));
    };
    const timer = setTimeout(() => {
      expired = true;
      if (controller) giveUp('time-out');
      else end({ type: 'unsent', reason: 'time-out before a connection was free' });
    }, timeoutMs);
    pool.dispatch(request, {
      // Called when a connection is there, right before the request is written to it.
      onRequestStart(started) {
        if (expired) started.abort(new Error('time-out'));
        else controller = started;
      },
      onResponseStart(_, statusCode, headers) {
        status = statusCode;
        const value = headers['retry-after'];
        retryAfter = typeof value === 'string' ? value : undefined;
      },
      onResponseData(_, chunk) {
        size += chunk.length;
        if (size > ANSWER_BYTES_MAX) giveUp('answer too long');
        else chunks.push(chunk);
      },
      onResponseEnd() {
        const body = parseJson(Buffer.concat(chunks).toString());
        end({ type: 'answer', status, body, retryAfterMs: retryAfterMs(retryAfter, clock()) });
      },
      onResponseError(_, error) {
        const reason = reasonOf(error);
        end(controller ? { type: 'unclear', reason } : { type: 'unsent', reason });
      },
    });
  });
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3), counted from `now` in ms since 1970; null for anything else. */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  const value = header?.trim() ?? '';
  if (value === '') return null;
  const ms = /^\d+$/u.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), DAY_MS);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Proxies and overloaded servers answer in HTML; the status still tells something.
    return undefined;
  }
}

/** Codes such as ECONNREFUSED and our own words; messages may carry addresses, so nothing else. */
function reasonOf(error: Error): string {
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.message === 'time-out' || error.message === 'answer too long' ? error.message : error.name;
}
