import { z } from 'zod';
import type { Log } from '../../log.ts';
import type { SendResult } from '../channel.ts';
import type { GraphAnswer } from './client.ts';
import { ruleFor, type ErrorRule } from './errors.ts';
import { numberSchema } from './json.ts';

const errorSchema = z.object({
  error: z.object({
    code: numberSchema,
    error_subcode: numberSchema,
    is_transient: z.boolean().optional().catch(undefined),
  }),
});

export interface ResultOptions {
  readonly channel: string;
  readonly rules: readonly ErrorRule[];
  /** The platform's message id in the body of a good answer. */
  readonly idOf: (body: unknown) => string | undefined;
  readonly log: Log;
}

/** An operator has to act; meanwhile messages wait rather than be lost. */
const ACCOUNT_RETRY_MS = 60_000;

/**
 * Turns an answer of the Graph API into what becomes of the message. Reasons are our own words and codes,
 * for the platform's may name people.
 */
export function sendResult(answer: GraphAnswer, options: ResultOptions): SendResult {
  if (answer.type === 'unsent') return { type: 'retry', afterMs: null, reason: answer.reason };
  if (answer.type === 'unclear') return { type: 'unclear', reason: answer.reason };
  const { status, body, retryAfterMs } = answer;
  const parsed = hasError(body) ? errorSchema.safeParse(body) : null;
  if (parsed?.success) return byCode(status, parsed.data.error, retryAfterMs, options);
  if (status >= 200 && status < 300) {
    const platformId = options.idOf(body);
    if (platformId !== undefined) return { type: 'sent', platformId };
    // No error, yet no sign of a message: it may be on its way. A status webhook tells, or it is sent again.
    return { type: 'unclear', reason: `HTTP ${String(status)} without message id` };
  }
  return byStatus(status, retryAfterMs, options);
}

/** Looked at first, as nearly every answer is a good one. */
const hasError = (body: unknown): boolean => typeof body === 'object' && body !== null && 'error' in body;

function byCode(
  status: number,
  { code, error_subcode, is_transient }: z.infer<typeof errorSchema>['error'],
  retryAfterMs: number | null,
  options: ResultOptions,
): SendResult {
  const rule = code === undefined ? null : ruleFor(options.rules, code, error_subcode);
  if (!rule && is_transient !== true) return byStatus(status, retryAfterMs, options, code);
  const codes = [code, error_subcode].filter((part) => part !== undefined).join('/');
  const reason = `${codes} ${rule?.title ?? 'transient'}`;
  const growth = rule?.growth === undefined ? {} : { growth: rule.growth };
  const afterMs = retryAfterMs ?? rule?.afterMs ?? null;
  const retry: SendResult = { type: 'retry', afterMs, ...growth, reason };
  // The status outranks the code where both cannot be true: an overloaded server is not a wrong parameter.
  if (status === 429) return retry;
  switch (rule?.class) {
    case undefined:
    case 'throttle':
    case 'transient':
      return retry;
    case 'account':
      return operator(reason, retryAfterMs, options);
    case 'window':
    case 'opt-out':
      return { type: 'refused', reason, why: rule.class };
    case 'permanent':
      return status >= 500 ? retry : { type: 'refused', reason, why: 'permanent' };
  }
}

/** For answers without a code, or with one that nobody documented. */
function byStatus(
  status: number,
  retryAfterMs: number | null,
  options: ResultOptions,
  code?: number,
): SendResult {
  const reason =
    code === undefined ? `HTTP ${String(status)}` : `HTTP ${String(status)}, code ${String(code)}`;
  if (status === 429 || status === 408 || status >= 500)
    return { type: 'retry', afterMs: retryAfterMs, reason };
  // Not Meta's voice: a proxy, a captive page or a wrong GRAPH_URL. The message is not to blame.
  if (code === undefined || status === 401) return operator(reason, retryAfterMs, options);
  return { type: 'refused', reason, why: 'permanent' };
}

function operator(reason: string, retryAfterMs: number | null, { channel, log }: ResultOptions): SendResult {
  log.error(
    { channel, reason },
    'operator: the platform refuses this account; check token, permissions, payment and GRAPH_URL',
  );
  return { type: 'retry', afterMs: retryAfterMs ?? ACCOUNT_RETRY_MS, reason };
}
