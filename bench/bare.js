/**
 * The bare limit of the machine: Fastify, HMAC, two Redis calls and one Graph call with a menu as Lotse sends
 * it, but no dialog, no order, no retries, nothing kept.   GRAPH_URL=… REDIS_URL=… node bench/bare.js
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { fastify } from 'fastify';
import { Redis } from 'ioredis';
import { Pool } from 'undici';
import { APP_SECRET, NUMBER } from './settings.js';

const redis = new Redis(process.env.REDIS_URL, { enableAutoPipelining: true });
const graph = new Pool(process.env.GRAPH_URL, { connections: 64, pipelining: 1 });
const app = fastify({ bodyLimit: 3 * 1024 * 1024 });
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
  done(null, body),
);

const rows = Array.from({ length: 8 }, (_, index) => ({
  id: `start/menu/option${index}`,
  title: `Option ${index}`,
  description: 'What this is about, in a few words',
}));

app.post('/webhooks/whatsapp', async (request, reply) => {
  const expected = createHmac('sha256', APP_SECRET).update(request.body).digest();
  const given = Buffer.from(String(request.headers['x-hub-signature-256']).slice(7), 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return reply.code(401).send();
  const { messages } = JSON.parse(request.body.toString()).entry[0].changes[0].value;
  const [{ from, id }] = messages;
  const before = await redis.get(`bare:${from}`);
  await redis.set(`bare:${from}`, `${String(before ?? '').slice(0, 150)}${id}`, 'EX', 86400);
  reply.code(200).send();
  const interactive = {
    type: 'list',
    body: { text: 'What do you need? '.repeat(20) },
    action: { button: 'Choose', sections: [{ rows }] },
  };
  const answer = await graph.request({
    method: 'POST',
    path: `/v25.0/${NUMBER}/messages`,
    headers: { 'content-type': 'application/json', authorization: 'Bearer token' },
    body: JSON.stringify({ messaging_product: 'whatsapp', to: `+${from}`, type: 'interactive', interactive }),
  });
  await answer.body.dump();
});

await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`ready: http://127.0.0.1:${app.server.address().port}/\n`);
process.once('SIGTERM', () => process.exit(0));
