import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { refusePage } from '../webchat/guard.ts';
import { page, PAGE_STYLE_HASH } from './page.ts';
import type { WhatsappWebStatus } from './status.ts';

const NO_TOKEN =
  'This page is open to browsers on this machine only. To open it elsewhere, set ADMIN_TOKEN to a long secret (openssl rand -hex 32), restart, and log in with any user name and the token as password.';
const WRONG_TOKEN = 'Log in with any user name and ADMIN_TOKEN as password.';

/** The page runs no script, loads nothing, and shows in no other page's frame. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src '${PAGE_STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
};

export interface AdminOptions {
  readonly status: () => WhatsappWebStatus;
  /** ADMIN_TOKEN; without one only browsers on this machine see the page. */
  readonly token: string | undefined;
}

/** `GET /admin/whatsapp-web`: whether WhatsApp is linked, and the code to link it. */
export function addAdminPage(app: FastifyInstance, { status, token }: AdminOptions): void {
  app.get('/admin/whatsapp-web', async (request, reply) => {
    reply.headers(HEADERS);
    const refusal = refuse(request.raw, token);
    if (refusal === null) return reply.type('text/html; charset=utf-8').send(page(status()));
    if (refusal.code === 401) reply.header('www-authenticate', 'Basic realm="Lotse", charset="UTF-8"');
    return reply.code(refusal.code).type('text/plain; charset=utf-8').send(`${refusal.why}\n`);
  });
}

function refuse(
  request: IncomingMessage,
  token: string | undefined,
): { readonly code: 401 | 403; readonly why: string } | null {
  if (token === undefined) return refusePage(request, 'local') === null ? null : { code: 403, why: NO_TOKEN };
  return isPassword(request.headers.authorization, token) ? null : { code: 401, why: WRONG_TOKEN };
}

/** HTTP Basic, RFC 7617. Hashes are compared, so that the time tells neither content nor length. */
function isPassword(authorization: string | undefined, token: string): boolean {
  const [, encoded = ''] = /^Basic +([\w+/=-]+) *$/iu.exec(authorization ?? '') ?? [];
  const [, password = ''] = /^[^:]*:([^]*)$/u.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(password), hash(token));
}
