import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { isMediaFile } from '../engine/message.ts';
import { refusePage, type WebchatMode } from '../channels/webchat/guard.ts';

const PUBLIC = fileURLToPath(new URL('./public', import.meta.url));

/** Only this server's own files run, show and are talked to; no other page may frame the chat. */
const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'permissions-policy': 'geolocation=(self), camera=(), microphone=()',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** Serves the chat page at `/`, its files under `/assets/` and the flows' own from the folder `media`; `local` refuses whoever is not on this machine. */
export function webchatPage(
  app: FastifyInstance,
  { mode, media }: { readonly mode: WebchatMode; readonly media: string },
): void {
  const page = readFileSync(`${PUBLIC}/chat.html`, 'utf8');
  void app.register((pages, _options, done) => {
    pages.addHook('onRequest', async (request, reply) => {
      const problem = refusePage(request.raw, mode);
      reply.headers(HEADERS);
      if (problem !== null) await reply.code(403).type('text/plain; charset=utf-8').send(`${problem}\n`);
    });
    pages.get('/', async (_request, reply) =>
      reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page),
    );
    // no-cache: the browser asks each time and is told 304, so that a new version is seen at once.
    void pages.register(fastifyStatic, {
      root: PUBLIC,
      prefix: '/assets/',
      index: false,
      cacheControl: false,
      setHeaders: (response) => {
        void response.setHeader('cache-control', 'no-cache');
      },
    });
    void pages.register(fastifyStatic, {
      root: resolve(media),
      prefix: '/media/',
      decorateReply: false,
      index: false,
      allowedPath: (path) => isMediaFile(`media${path}`),
    });
    done();
  });
}
