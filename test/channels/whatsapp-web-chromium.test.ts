import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import type { ChannelEvent } from '../../src/channels/channel.ts';
import { createWhatsappWeb, type WhatsappWeb } from '../../src/channels/whatsapp-web/channel.ts';
import { whatsappWebProblem } from '../../src/channels/whatsapp-web/chromium.ts';
import { createLog } from '../../src/log.ts';
import { fakeOwnership, until as waitUntil } from './whatsapp-web-fake.ts';

const CHROMIUM = '/usr/bin/chromium';
const PAGE = readFileSync(new URL('./fixtures/whatsapp-web.html', import.meta.url), 'utf8');
const LONG = 25_000;

/** Other processes tell nothing when they change: looked at now and then, so that they get the processor. */
const soon = (condition: () => boolean): Promise<void> => waitUntil(condition, LONG, 20);

const missing = existsSync(CHROMIUM) ? whatsappWebProblem(CHROMIUM) : `needs ${CHROMIUM}`;
const OPENSSL = 'openssl';
const openssl = spawnSync(OPENSSL, ['version']).status === 0;
const describeWith = (name: string, reason: string | null, tests: () => void): void => {
  if (reason === null) describe(name, tests);
  else describe.skip(`${name} (${reason})`, tests);
};

/** Processes that were started with this folder as their home or profile. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && pid !== String(process.pid))
    .filter((pid) =>
      ['cmdline', 'environ'].some((file) => {
        try {
          return readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(folder);
        } catch {
          return false; // It has just ended.
        }
      }),
    );
}

let folder = '';
const running: { app: FastifyInstance; channel: WhatsappWeb }[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotse-web-'));
});
afterEach(async () => {
  for (const { app, channel } of running.splice(0)) {
    await channel.close?.();
    await app.close();
  }
  await soon(() => processesOf(folder).length === 0);
  await rm(folder, { recursive: true });
});

interface Started {
  readonly channel: WhatsappWeb;
  readonly received: ChannelEvent[];
  /** The reasons of all tries that failed so far. */
  readonly failures: () => string[];
}

/** The channel with the real library and browser; `flags` keep it from ever reaching WhatsApp. `instead`: another program. */
async function start(flags: string, instead?: string): Promise<Started> {
  const program = join(folder, 'chromium');
  const run = instead ?? `TMPDIR='${folder}' exec ${CHROMIUM} ${flags} "$@"`;
  await writeFile(program, `#!/bin/sh\n${run}\n`);
  await chmod(program, 0o755);
  const lines: string[] = [];
  const received: ChannelEvent[] = [];
  const log = createLog('info', { write: (line) => lines.push(line) });
  const channel = createWhatsappWeb({ folder, log, chromium: program, ownership: fakeOwnership() });
  const app = Fastify();
  running.push({ app, channel });
  channel.routes?.(app, (events) => {
    received.push(...events);
    return Promise.resolve();
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { channel, received, failures: () => lines.filter((line) => line.includes('it is tried again')) };
}

/** Browsers start several times here, and two cores may be busy with other tests. */
jest.setTimeout(120_000);

const words = [
  [
    'a missing library',
    'chromium: error while loading shared libraries: libnss3.so: cannot open shared object file',
    'Chromium does not start: chromium: error while loading shared libraries: libnss3.so',
  ],
  [
    'a forbidden sandbox',
    '[1:1:1123/18:ERROR:x.cc(1)] first\\n[1:1:1123/18:FATAL:zygote_host_impl_linux.cc(127)] No usable sandbox! More',
    'user namespaces are forbidden; docs/whatsapp-web.md',
  ],
  [
    'something fatal',
    '[1:1:1123/18:ERROR:dbus/bus.cc:405] no bus\\n[1:1:1123/18:FATAL:x.cc(1)] Cannot create a window',
    'Chromium does not start: Cannot create a window',
  ],
  ['nothing', '', 'Chromium does not start: it says nothing'],
] as const;
describeWith('the real whatsapp-web.js with a browser that does not start', missing, () => {
  test.each(words)('tells of %s in the browser’s words', async (_name, says, reason) => {
    const { channel, failures } = await start('', `printf '${says}\\n' >&2; exit 1`);
    await soon(() => failures().length > 0);
    expect(failures()[0]).toContain(reason);
    expect(channel.status()).toMatchObject({ reason: expect.stringContaining(reason) });
  });
});

describeWith('the real whatsapp-web.js and Chromium without a network', missing, () => {
  test('say that WhatsApp cannot be reached, try again, and leave no process behind', async () => {
    const { channel, failures } = await start(`'--host-resolver-rules=MAP * ~NOTFOUND'`);
    await soon(() => processesOf(folder).length > 0);
    await soon(() => failures().length >= 2);
    expect(failures()[0]).toContain('web.whatsapp.com cannot be reached (net::ERR_NAME_NOT_RESOLVED');
    await soon(() => channel.status().state === 'starting');
    // In the middle of a start: the browser is only just coming up.
    await channel.close?.();
    expect(channel.status()).toMatchObject({ state: 'off' });
    await soon(() => processesOf(folder).length === 0);
    expect(existsSync(join(folder, 'owner.lock'))).toBe(false);
  });
});

interface StandIn {
  readonly flags: string;
  /** What the page has told, in order. */
  readonly told: unknown[];
  /** Makes every open page do something; see the fixture. */
  command(name: string, value?: unknown): void;
  close(): void;
}

/** web.whatsapp.com on this machine, with a certificate made for the occasion. */
async function standIn(): Promise<StandIn> {
  const key = join(folder, 'key.pem');
  const cert = join(folder, 'cert.pem');
  const subject = ['-subj', '/CN=web.whatsapp.com', '-days', '2'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  spawnSync(OPENSSL, ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert]);
  const pages = new Set<ServerResponse>();
  const told: unknown[] = [];
  const server: Server = createServer(
    { key: readFileSync(key), cert: readFileSync(cert) },
    (request, response) => {
      if (request.url === '/control') {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': welcome\n\n');
        pages.add(response);
        response.once('close', () => pages.delete(response));
      } else if (request.url === '/told') {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          told.push(JSON.parse(body));
          response.end();
        });
      } else {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end(PAGE);
      }
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    flags: `'--host-resolver-rules=MAP web.whatsapp.com:443 127.0.0.1:${String(port)}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1' --ignore-certificate-errors`,
    told,
    command: (name, value) => {
      for (const page of pages) page.write(`data: ${JSON.stringify([name, value])}\n\n`);
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const needed = missing ?? (openssl ? null : 'needs openssl');
describeWith('the real whatsapp-web.js and Chromium with a page like WhatsApp Web', needed, () => {
  const chat = '4915112345678@c.us';
  const now = Math.floor(Date.now() / 1000);
  const message = {
    id: { fromMe: false, remote: chat, id: 'B1', _serialized: `false_${chat}_B1` },
    from: chat,
    t: now,
  };
  const origin = { account: '4915100000000', user: '4915112345678', address: { chat }, at: now * 1000 };

  test('show the code, link, bring messages, send, and start anew after a logout', async () => {
    const page = await standIn();
    try {
      const { channel, received, failures } = await start(page.flags);
      await soon(() => channel.status().state === 'qr');
      const { qr } = channel.status();
      page.command('code');
      await soon(() => channel.status().qr !== qr);
      page.command('linked');
      await soon(() => channel.status().state === 'ready');

      page.command('message', { ...message, type: 'chat', body: 'Hallo' });
      page.command('message', {
        ...message,
        type: 'location',
        lat: 48.37,
        lng: 10.9,
        loc: 'Rathaus\nPlatz 1',
      });
      page.command('message', {
        ...message,
        type: 'image',
        directPath: '/x',
        mimetype: 'image/jpeg',
        caption: 'Brief',
      });
      page.command('message', {
        ...message,
        type: 'multi_vcard',
        vcardList: [{ vcard: 'a' }, { vcard: 'b' }],
      });
      page.command('message', { ...message, type: 'chat', body: 'x', from: '1203@g.us' });
      page.command('edit', { ...message, type: 'chat', body: 'new' });
      page.command('revoke', message);
      page.command('react', {
        id: message.id,
        reactionParentKey: message.id,
        reactionText: '👍',
        reactionTimestamp: now * 1000,
        author: { _serialized: chat },
        from: { _serialized: chat },
      });
      await soon(() => received.length >= 7);
      expect(received).toMatchObject([
        { ...origin, id: message.id._serialized, kind: 'text', text: 'Hallo' },
        { ...origin, kind: 'location', latitude: 48.37, longitude: 10.9, name: 'Rathaus' },
        { ...origin, kind: 'media', media: { type: 'image', mime: 'image/jpeg', caption: 'Brief' } },
        { ...origin, kind: 'contacts', count: 2 },
        { ...origin, kind: 'system', change: 'edit' },
        { ...origin, kind: 'system', change: 'revoke' },
        { kind: 'reaction', user: origin.user, emoji: '👍', target: message.id._serialized },
      ]);

      page.command('sends', 'well');
      await soon(() => page.told.includes('ready to send'));
      const to = { account: '4915100000000', address: { chat }, replyTo: 'false_1' };
      expect(await channel.send(to, { text: 'Guten Tag' }, 'o1')).toEqual({
        type: 'sent',
        platformId: 'true_A1',
      });
      expect(page.told).toContainEqual({ chat, content: 'Guten Tag', quoted: 'false_1' });
      page.command('sends', 'fail');
      await soon(() => page.told.filter((what) => what === 'ready to send').length === 2);
      expect(await channel.send(to, { text: 'Guten Tag' }, 'o2')).toMatchObject({ type: 'refused' });

      // With the session goes what was remembered of it.
      const seen = join(folder, 'session', 'lotse-last-seen');
      await soon(() => existsSync(seen));
      page.command('logout');
      await soon(() => failures().length === 1);
      expect(failures()[0]).toContain('the phone has removed this device');
      expect(existsSync(seen)).toBe(false);
      await soon(() => channel.status().state === 'qr');
    } finally {
      page.close();
    }
  });

  test('a session taken elsewhere and a browser that dies are told and begun anew', async () => {
    const page = await standIn();
    try {
      const { channel, failures } = await start(page.flags);
      const ready = async (): Promise<void> => {
        await soon(() => channel.status().state === 'qr');
        page.command('linked');
        await soon(() => channel.status().state === 'ready');
      };
      await ready();
      page.command('state', 'CONFLICT');
      await soon(() => failures().length === 1);
      expect(failures()[0]).toContain('WhatsApp Web was opened elsewhere');
      await ready();
      for (const pid of processesOf(folder)) {
        try {
          process.kill(Number(pid), 'SIGKILL');
        } catch {
          continue; // It ended with the one before.
        }
      }
      await soon(() => failures().length === 2);
      expect(failures()[1]).toMatch(/the browser has ended|the page of WhatsApp Web/);
      await soon(() => channel.status().state === 'qr');
    } finally {
      page.close();
    }
  });
});
