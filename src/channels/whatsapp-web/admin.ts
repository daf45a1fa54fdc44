import type { FastifyInstance } from 'fastify';
import { CHALLENGE, refuseAdmin } from '../admin-guard.ts';
import { page, PAGE_STYLE_HASH } from './page.ts';
import type { WhatsappWebStatus } from './status.ts';

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
    const refusal = refuseAdmin(request.raw, token);
    if (refusal === null) return reply.type('text/html; charset=utf-8').send(page(status()));
    if (refusal.code === 401) reply.headers(CHALLENGE);
    return reply.code(refusal.code).type('text/plain; charset=utf-8').send(`${refusal.why}\n`);
  });
}
