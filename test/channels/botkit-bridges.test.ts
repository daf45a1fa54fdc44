import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import Fastify from 'fastify';
import { openBridges, type OpenedBridges } from '../../src/channels/botkit/open.ts';
import { fromPackage } from '../../src/channels/botkit/packages.ts';
import type { ChannelEvent } from '../../src/channels/channel.ts';
import { createLog } from '../../src/log.ts';
import { temporaryFolder } from '../support/lotse.ts';
import { addressOf, turnOf } from './botkit-support.ts';

const TEAMS = join(import.meta.dirname, 'fixtures', 'teams-bridge.js');
const log = createLog('silent');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

const open = (wanted: string, settings: Record<string, string> = {}): Promise<OpenedBridges> =>
  openBridges({ wanted, setting: (name) => settings[name], log });

const problems = async (...of: Parameters<typeof open>): Promise<readonly string[]> => {
  const opened = await open(...of);
  if (opened.ok) throw new Error('expected problems');
  return opened.problems;
};

/** An operator's own file. */
async function file(name: string, text: string): Promise<string> {
  const path = join(folder.path, name);
  await writeFile(path, text);
  return path;
}

const HEARING = `
  export const settings = { needed: ['PIGEON_LOFT'], optional: ['PIGEON_RING'] };
  export function create(given) {
    globalThis.pigeonGiven = given;
    return { adapter: { processActivity: () => Promise.resolve() } };
  }`;

describe('the setting BOTKIT', () => {
  test('opens what it names, each as a channel of its own', async () => {
    const path = await file('pigeon.mjs', `export const name = 'pigeon';${HEARING}`);
    const twilio = {
      TWILIO_NUMBER: '+4982100000',
      TWILIO_ACCOUNT_SID: 'AC0',
      TWILIO_AUTH_TOKEN: 'token',
      PIGEON_LOFT: 'Augsburg',
      UNASKED: 'secret',
    };
    const opened = await open(` sms, web,sms,${path},`, twilio);
    if (!opened.ok) throw new Error(opened.problems.join('\n'));
    expect(opened.channels.map(({ name }) => name)).toEqual(['botkit-sms', 'botkit-web', 'botkit-pigeon']);
    expect(Reflect.get(globalThis, 'pigeonGiven')).toEqual({ PIGEON_LOFT: 'Augsburg' });
    for (const channel of opened.channels) {
      await Fastify()
        .register((app, _, done) => {
          channel.routes?.(app, () => Promise.resolve());
          done();
        })
        .close();
      await channel.close?.();
    }
  });

  test('names every setting that is missing, of every bridge, at once', async () => {
    const path = await file('pigeon.mjs', `export const name = 'pigeon';${HEARING}`);
    expect(await problems(`sms,${path}`, { TWILIO_NUMBER: '+4982100000' })).toEqual([
      'TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN missing: the bridge sms needs TWILIO_NUMBER, TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN together',
      'PIGEON_LOFT missing: the bridge pigeon needs PIGEON_LOFT together',
    ]);
  });

  test.each([
    [' , ', 'BOTKIT names no bridge; set it to sms, web or the path of a file such as ./my-bridge.mjs'],
    [
      'telegram',
      'BOTKIT: there is no bridge called telegram; set it to sms, web or the path of a file such as ./my-bridge.mjs',
    ],
  ])('%j is refused with what is possible', async (wanted, problem) => {
    expect(await problems(wanted)).toEqual([problem]);
  });

  test('names a file that is not there', async () => {
    const [problem] = await problems(join(folder.path, 'nowhere.mjs'));
    expect(problem).toMatch(/^BOTKIT: .*nowhere\.mjs cannot be loaded: Cannot find module/u);
  });

  test.each([
    ['export const name = "Brief Taube";', ['name must be small letters', 'create must be a function']],
    ['export const name = "x"; export const create = 1, show = 2;', ['create must be', 'show must be']],
    [
      'export const name = "x", limits = { textMax: 0 }; export const create = () => ({});',
      ['limits.textMax must be a whole number, 20 or more'],
    ],
    ['throw new Error("no loft");', ['cannot be loaded: no loft']],
    ['export const name = "x"; export const create = () => ({});', ['create must return { adapter }']],
    [
      'export const name = "x"; export const create = () => { throw new Error("no ring"); };',
      ['the bridge x cannot be opened: no ring'],
    ],
    [
      'export const name = "web"; export const create = () => ({ adapter: {} });',
      ['two bridges are called web'],
    ],
  ])('names what is wrong with the file %j', async (text, expected) => {
    const path = await file('own.mjs', text);
    const found = await problems(text.includes('"web"') ? `web,${path}` : path);
    expect(found).toHaveLength(expected.length);
    for (const [index, part] of expected.entries()) expect(found[index]).toContain(part);
  });
});

describe('a package that is not installed', () => {
  const notFound = (name: string): Error =>
    Object.assign(new Error(`Cannot find package '${name}' imported from /x`), {
      code: 'ERR_MODULE_NOT_FOUND',
    });

  test('is named, with the command that installs it', async () => {
    await expect(fromPackage('botkit', () => Promise.reject(notFound('botkit')))).rejects.toThrow(
      'the package botkit is not installed; install it with: npm install botkit',
    );
  });

  test('is not blamed for one that it lacks itself', async () => {
    const error = notFound('botbuilder');
    await expect(fromPackage('botkit', () => Promise.reject(error))).rejects.toBe(error);
  });

  test.each([
    ['web', 'botkit'],
    ['web', 'botbuilder-adapter-web'],
    ['sms', 'botbuilder-adapter-twilio-sms'],
  ])('keeps %s from being opened without %s', async (bridge, name) => {
    await jest.isolateModulesAsync(async () => {
      jest.unstable_mockModule(name, () => {
        throw notFound(name);
      });
      const { openBridges: openAnew } = await import('../../src/channels/botkit/open.ts');
      const opened = await openAnew({ wanted: bridge, setting: () => 'AC0', log });
      jest.unstable_unmockModule(name);
      expect(opened).toEqual({
        ok: false,
        problems: [
          `BOTKIT: the bridge ${bridge} cannot be opened: the package ${name} is not installed; install it with: npm install ${name}`,
        ],
      });
    });
  });
});

describe("a Bot Framework adapter by an operator's own file", () => {
  test('is the example in docs/bridges.md', () => {
    expect(readFileSync('docs/bridges.md', 'utf8')).toContain(readFileSync(TEAMS, 'utf8'));
  });

  test('hears, and answers over the connector', async () => {
    const settings = {
      MICROSOFT_APP_ID: '',
      MICROSOFT_APP_PASSWORD: '',
      MICROSOFT_APP_TENANT_ID: '',
      MICROSOFT_APP_TYPE: 'MultiTenant',
    };
    const opened = await open(TEAMS, settings);
    if (!opened.ok) throw new Error(opened.problems.join('\n'));
    const sent: unknown[] = [];
    const connector = createServer((req, res) => {
      let body = '';
      req.on('data', (chunk: Buffer) => (body += chunk.toString()));
      req.on('end', () => {
        const activity: unknown = JSON.parse(body);
        sent.push({ path: req.url, activity });
        res.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"reply-1"}');
      });
    });
    connector.listen(0, '127.0.0.1');
    await once(connector, 'listening');
    // Without an app id the adapter asks for no sign-in, as its emulator needs it.
    const channel = opened.channels[0]!;
    const received: ChannelEvent[] = [];
    let failure: Error | null = null;
    const app = Fastify();
    channel.routes?.(app, (events) => {
      if (failure) return Promise.reject(failure);
      received.push(...events);
      return Promise.resolve();
    });
    const activity = {
      type: 'message',
      id: 'activity-1',
      timestamp: '2026-11-23T09:00:00.000Z',
      channelId: 'emulator',
      serviceUrl: `http://${addressOf(connector)}`,
      from: { id: 'person-1' },
      recipient: { id: 'bot-1' },
      conversation: { id: 'conversation-1' },
      text: 'Hallo',
    };
    const post = async (payload: object): Promise<number> =>
      (await app.inject({ method: 'POST', url: '/bridges/teams', payload })).statusCode;
    try {
      expect(await post(activity)).toBe(200);
      const { address, ...turn } = turnOf(received[0]);
      expect(turn).toEqual({
        kind: 'text',
        text: 'Hallo',
        id: 'activity-1',
        account: 'bot-1',
        from: 'person-1',
        user: 'person-1',
        at: Date.UTC(2026, 10, 23, 9),
      });
      const to = { account: 'bot-1', address };
      expect(await channel.send(to, { text: 'Hi' }, 'outbox.1')).toEqual({
        type: 'sent',
        platformId: 'reply-1',
      });
      expect(sent).toMatchObject([
        {
          path: expect.stringMatching(/^\/v3\/conversations\/conversation-1\/activities\b/u),
          activity: {
            type: 'message',
            text: 'Hi',
            from: { id: 'bot-1' },
            recipient: { id: 'person-1' },
          },
        },
      ]);

      await post({ ...activity, text: '', value: 'start/need/flat' });
      await post({
        ...activity,
        text: '',
        attachments: [{ contentType: 'audio/ogg', contentUrl: 'https://x.example/1' }],
      });
      await post({
        ...activity,
        text: '',
        entities: [{ type: 'Place', geo: { latitude: 48.4, longitude: 10.9 } }],
      });
      await post({ ...activity, conversation: { id: 'c', isGroup: true } });
      await post({ ...activity, type: 'conversationUpdate' });
      await post({ ...activity, type: 'typing' });
      expect(received.slice(1)).toMatchObject([
        { kind: 'choice', choice: 'start/need/flat' },
        { kind: 'media', media: { type: 'audio', url: 'https://x.example/1', mime: 'audio/ogg' } },
        { kind: 'location', latitude: 48.4, longitude: 10.9 },
        { kind: 'ignored', reason: 'group conversation' },
        { kind: 'ignored', reason: 'activity unknown' },
        { kind: 'ignored', reason: 'activity typing' },
      ]);

      failure = new Error('down');
      expect(await post(activity)).toBe(500);
    } finally {
      await app.close();
      connector.closeAllConnections();
      connector.close();
    }
  });
});
