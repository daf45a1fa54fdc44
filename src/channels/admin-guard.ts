import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { refusePage } from './webchat/guard.ts';

const NO_TOKEN =
  'This page is open to this machine only. To open it elsewhere, set ADMIN_TOKEN to a long secret (openssl rand -hex 32), restart, and log in with any user name and the token as password.';
const WRONG_TOKEN = 'Log in with any user name and ADMIN_TOKEN as password; programs may send it as bearer.';

export interface Refusal {
  readonly code: 401 | 403;
  /** One sentence, for whoever sits before it. */
  readonly why: string;
}

/** What a refusal with 401 has to be sent with. */
export const CHALLENGE = { 'www-authenticate': 'Basic realm="Lotse", charset="UTF-8"' } as const;

/**
 * Why a page for operators is not served to this request; null when it is. `token`: ADMIN_TOKEN, asked of everyone
 * once it is set; without one only this machine's own requests are served.
 */
export function refuseAdmin(request: IncomingMessage, token: string | undefined): Refusal | null {
  if (token === undefined) return refusePage(request, 'local') === null ? null : { code: 403, why: NO_TOKEN };
  const given = request.headers.authorization ?? '';
  const isKnown = [passwordIn(given), bearerIn(given)].some((one) => one !== null && isSame(one, token));
  return isKnown ? null : { code: 401, why: WRONG_TOKEN };
}

/** HTTP Basic, RFC 7617; any user name will do. */
function passwordIn(authorization: string): string | null {
  const encoded = /^Basic +([\w+/=-]+) *$/iu.exec(authorization)?.[1];
  if (encoded === undefined) return null;
  return /^[^:]*:([^]*)$/u.exec(Buffer.from(encoded, 'base64').toString('utf8'))?.[1] ?? null;
}

/** RFC 6750. */
function bearerIn(authorization: string): string | null {
  return /^Bearer +(\S+) *$/iu.exec(authorization)?.[1] ?? null;
}

/** Hashes are compared, so that the time tells neither content nor length. */
function isSame(given: string, token: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(token));
}
