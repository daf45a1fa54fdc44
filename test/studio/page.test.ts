import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { webchatPage } from '../../src/studio/webchat.ts';

const running: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
});

function start(mode: 'local' | 'on'): FastifyInstance {
  const app = Fastify();
  running.push(app);
  webchatPage(app, { mode, media: 'flows/media' });
  return app;
}

describe('the page', () => {
  test('runs nothing but its own files, and no other page may frame it', async () => {
    const answer = await start('local').inject({ url: '/', headers: { host: 'localhost:3000' } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(answer.body).not.toMatch(/https?:\/\/|<style|\sstyle=|\son\w+=/);
  });

  test('names only files that are there', async () => {
    const app = start('local');
    const headers = { host: 'localhost:3000' };
    const page = await app.inject({ url: '/', headers });
    const assets = [...page.body.matchAll(/"(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '');
    expect(assets).toContain('/assets/chat.js');
    for (const url of assets) {
      const answer = await app.inject({ url, headers });
      expect([url, answer.statusCode, answer.headers['cache-control']]).toEqual([url, 200, 'no-cache']);
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
    }
  });

  test('is shown to nobody else in local mode, and says how to open it', async () => {
    const app = start('local');
    for (const url of ['/', '/assets/chat.js']) {
      const answer = await app.inject({ url, headers: { host: 'lotse.example' } });
      expect([answer.statusCode, answer.body]).toEqual([403, expect.stringContaining('WEBCHAT=on')]);
      expect(
        (await app.inject({ url, headers: { host: 'localhost' }, remoteAddress: '10.0.0.9' })).statusCode,
      ).toBe(403);
    }
  });

  test('is not shown through a proxy that adds no header but speaks HTTP/1.0', async () => {
    const app = start('local');
    await app.listen({ port: 0, host: '127.0.0.1' });
    const ask = (version: string): Promise<string> => {
      const socket = connect(Number(new URL(app.listeningOrigin).port), '127.0.0.1');
      socket.write(`GET / HTTP/${version}\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      return text(socket);
    };
    expect(await ask('1.0')).toMatch(/^HTTP\/1\.1 403 /);
    expect(await ask('1.1')).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('is shown to everyone in mode on', async () => {
    const answer = await start('on').inject({
      url: '/',
      headers: { host: 'lotse.example' },
      remoteAddress: '10.0.0.9',
    });
    expect(answer.statusCode).toBe(200);
  });

  test('keeps files outside its folder to itself', async () => {
    const app = start('on');
    for (const url of [
      '/assets/../webchat.ts',
      '/assets/%2e%2e/webchat.ts',
      '/assets/..%2fwebchat.ts',
      '/assets/',
    ])
      expect((await app.inject({ url })).statusCode).toBeGreaterThanOrEqual(400);
  });
});
