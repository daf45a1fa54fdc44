import { z } from 'zod';
import type { Log } from '../../log.ts';
import type { SendResult } from '../channel.ts';

const statusSchema = z.number().int().min(100).max(599).optional().catch(undefined);
const errorSchema = z.object({
  status: statusSchema,
  statusCode: statusSchema,
  response: z.object({ status: statusSchema }).optional().catch(undefined),
  code: z.union([z.string(), z.number()]).optional().catch(undefined),
});

/** No connection came about, hence nothing was sent. */
const UNSENT = new Set<unknown>(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** An operator has to act; meanwhile messages wait rather than be lost. */
const OPERATOR_RETRY_MS = 60_000;

/**
 * What becomes of a message whose send threw `error`, told by the HTTP status or the code that SDKs put on
 * their errors. Reasons are statuses and codes only, for messages may name people.
 */
export function outcomeOf(error: unknown, channel: string, log: Log): SendResult {
  const { status, statusCode, response, code } = errorSchema.catch({}).parse(error);
  const http = status ?? statusCode ?? response?.status;
  const reason = [http === undefined ? '' : `HTTP ${String(http)}`, code === undefined ? '' : codeWord(code)]
    .filter((word) => word !== '')
    .join(', ');
  if (http === undefined)
    return UNSENT.has(code)
      ? { type: 'retry', afterMs: null, reason }
      : { type: 'unclear', reason: reason === '' ? nameOf(error) : reason };
  if (http === 429 || http === 408 || http >= 500) return { type: 'retry', afterMs: null, reason };
  if (http === 401) {
    log.error({ channel, reason }, 'operator: the platform refuses this account; check its settings');
    return { type: 'retry', afterMs: OPERATOR_RETRY_MS, reason };
  }
  return { type: 'refused', reason, why: 'permanent' };
}

/** Codes are numbers or words such as ECONNRESET; anything longer might be a message. */
function codeWord(code: string | number): string {
  return /^[\w.-]{1,40}$/u.test(String(code)) ? `code ${String(code)}` : '';
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'the adapter threw';
}

/** `work`, or after `timeoutMs` what `late` gives; the work itself goes on. */
export async function within<T>(timeoutMs: number, work: Promise<T>, late: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<T>((resolve) => {
    timer = setTimeout(() => {
      resolve(late());
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
