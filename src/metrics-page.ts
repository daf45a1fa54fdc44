import type { FastifyInstance } from 'fastify';
import { CHALLENGE, refuseAdmin } from './channels/admin-guard.ts';
import type { Metrics } from './metrics.ts';

/** `GET /metrics` for Prometheus: for this machine's own requests, or for whoever has `token` (ADMIN_TOKEN) once it is set. */
export function metricsPage(app: FastifyInstance, metrics: Metrics, token: string | undefined): void {
  app.get('/metrics', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const refusal = refuseAdmin(request.raw, token);
    if (refusal === null) return reply.type(metrics.contentType).send(await metrics.read());
    if (refusal.code === 401) reply.headers(CHALLENGE);
    return reply.code(refusal.code).type('text/plain; charset=utf-8').send(`${refusal.why}\n`);
  });
}
