import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadProject } from '../../src/authoring/project.ts';
import { createGraphClient, type GraphClient } from '../../src/channels/graph/client.ts';
import { postbackInput } from '../../src/channels/messenger/content.ts';
import { localesOf } from '../../src/channels/messenger/locales.ts';
import { profileOf } from '../../src/channels/messenger/profile.ts';
import { differences, readProfile, writeProfile } from '../../src/channels/messenger/setup.ts';
import type { Input } from '../../src/engine/input.ts';
import type { Bot } from '../../src/engine/model.ts';
import { newSession } from '../../src/engine/session.ts';
import { NOW, botOf, talkTo } from '../engine/bot.ts';
import { town, TOWN_FLOWS, TOWN_TEXTS } from '../engine/town.ts';

const shipped = async (): Promise<Bot> => (await loadProject('flows', 'locales', 'start')).bot!;

describe('what a page shows', () => {
  test('stands in every language of the bot, within the limits of Meta', async () => {
    const { profile, left } = profileOf(await shipped());
    expect(left).toEqual([]);
    const locales = ['default', 'ar_AR', 'de_DE', 'en_US', 'en_GB', 'uk_UA'];
    for (const field of ['greeting', 'persistent_menu', 'ice_breakers'] as const)
      expect(profile[field].map(({ locale }) => locale)).toEqual(locales);
    for (const { text } of profile.greeting) {
      expect(text.length).toBeLessThanOrEqual(160);
      expect(text.length).toBeGreaterThan(20);
      expect(text).not.toContain('*');
    }
    for (const { call_to_actions } of profile.persistent_menu) {
      expect(call_to_actions).toHaveLength(5);
      for (const { title, payload } of call_to_actions) {
        expect(title.length).toBeLessThanOrEqual(30);
        expect(payload.length).toBeLessThanOrEqual(1000);
      }
    }
    for (const { call_to_actions } of profile.ice_breakers) {
      expect(call_to_actions).toHaveLength(4);
      for (const { question } of call_to_actions) expect(question.length).toBeLessThanOrEqual(80);
    }
    const menu = (locale: string): string[] =>
      profile.persistent_menu.find((one) => one.locale === locale)!.call_to_actions.map(({ title }) => title);
    expect(menu('default')).toEqual(['Menu', 'Person', 'Language', 'Help', 'Stop']);
    expect(menu('de_DE')[0]).toBe('Menü');
    expect(profile.greeting[0]!.text).toContain('Hello, I am Lotse.');
  });

  test('languages that Meta does not know are named; what is not translated is left to the default', () => {
    const bot = botOf(TOWN_FLOWS, { ...TOWN_TEXTS, ti: { lotse: { 'words.menu': 'ዝርዝር' } } });
    const { profile, left } = profileOf(bot);
    expect(left).toEqual(['ti']);
    const of = (list: readonly { readonly locale: string }[]): string[] => list.map(({ locale }) => locale);
    expect(of(profile.greeting)).toEqual(['default', 'ar_AR', 'de_DE', 'en_US', 'en_GB']);
    expect(profile.persistent_menu.find(({ locale }) => locale === 'uk_UA')?.call_to_actions).toEqual([
      { type: 'postback', title: 'Меню', payload: 'AS_WRITTEN' },
    ]);
  });

  test.each([
    ['ckb', ['cb_IQ']],
    ['fa', ['fa_IR']],
    ['pt-br', ['pt_BR']],
    ['de-AT', ['de_DE']],
    ['ti', []],
  ])('%s is %j', (language, locales) => {
    expect(localesOf(language)).toEqual(locales);
  });
});

/** How the webhook brings a tap: today's reading, and as a text that the person wrote. */
const inputs = (title: string, payload: string): Input[] => [
  postbackInput({ mid: 'm', title, payload, referral: undefined }),
  ...(payload === 'AS_WRITTEN' ? [{ kind: 'text' as const, text: title }] : []),
];

describe('what a tap does', () => {
  test.each(['en', 'ar', 'de', 'uk'])('%s: every item of the menu does what it says', async (language) => {
    const bot = await shipped();
    const [locale = ''] = localesOf(language);
    const { call_to_actions } = profileOf(bot).profile.persistent_menu.find((one) => one.locale === locale)!;
    const said = (step: string): string => bot.texts.say(language, 'start', `steps.${step}.say`, {}).text;
    const done: string[] = [];
    for (const { title, payload } of call_to_actions)
      for (const input of inputs(title, payload)) {
        const talk = talkTo(bot, { ...newSession(NOW), language });
        talk.send({ kind: 'entry', ref: 'housing' });
        talk.send(input);
        expect(talk.counts()).not.toContain('not_understood');
        if (talk.session!.stopped) done.push('stop');
        else if (talk.session!.overlay === 'language') done.push('language');
        else if (talk.at() === 'start/menu') done.push('menu');
        else
          done.push(['person', 'help'].find((step) => talk.messages()[0]!.text.startsWith(said(step))) ?? '');
      }
    const twice = ['menu', 'person', 'language', 'help', 'stop'].flatMap((name) => [name, name]);
    expect(done).toEqual(twice);
  });

  test.each(['en', 'ar', 'de', 'uk'])(
    '%s: every first question leads where its words say',
    async (language) => {
      const bot = await shipped();
      const [locale = ''] = localesOf(language);
      const { call_to_actions } = profileOf(bot).profile.ice_breakers.find((one) => one.locale === locale)!;
      const reached = (asText: boolean): string[] =>
        call_to_actions.map(({ question, payload }) => {
          const talk = talkTo(bot);
          talk.send(inputs(question, payload).at(asText ? -1 : 0)!);
          if (talk.session!.overlay === 'language') talk.tap(`_/language/${language}`);
          expect([question, talk.counts()]).not.toContain('not_understood');
          return talk.at().split('/')[0]!;
        });
      const flows = ['emergency', 'housing', 'health', 'german-course'];
      expect(reached(false)).toEqual(flows);
      expect(reached(true)).toEqual(flows);
    },
  );

  test('a question whose words open nothing carries its option', () => {
    const { profile } = profileOf(town());
    expect(profile.ice_breakers[0]!.call_to_actions).toEqual([
      { question: 'Housing', payload: 'AS_WRITTEN' },
      { question: 'Health', payload: 'AS_WRITTEN' },
      { question: 'Hospital', payload: 'start/menu/hospital' },
    ]);
    const talk = talkTo(town());
    talk.send(inputs('Hospital', 'start/menu/hospital')[0]!);
    expect(talk.messages()[0]!.text).toContain('Go to the hospital.');
  });
});

describe('the calls', () => {
  let server: Server;
  let client: GraphClient;
  /** What the page shows; the stand-in for graph.facebook.com changes and gives it. */
  let shown: Record<string, unknown>;
  let asked: { method: string; url: string; authorization: string | undefined }[];
  let refuse: { status: number; body: string } | null;

  beforeEach(async () => {
    [shown, asked, refuse] = [{}, [], null];
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        asked.push({ method, url, authorization: headers.authorization });
        if (refuse) {
          response.writeHead(refuse.status).end(refuse.body);
          return;
        }
        if (method === 'POST') Object.assign(shown, JSON.parse(Buffer.concat(chunks).toString()));
        const body = method === 'POST' ? { result: 'success' } : { data: [shown] };
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    client = createGraphClient({
      graphUrl: `http://127.0.0.1:${String(port)}`,
      version: 'v25.0',
      token: 'T',
    });
  });
  afterEach(async () => {
    await client.close();
    await new Promise((resolve) => server.close(resolve));
  });

  test('one call sets everything, and then nothing differs', async () => {
    const { profile } = profileOf(await shipped());
    expect(await writeProfile(client, profile)).toEqual({ ok: true, value: null });
    expect(asked).toEqual([
      { method: 'POST', url: '/v25.0/me/messenger_profile', authorization: 'Bearer T' },
    ]);
    const found = await readProfile(client);
    expect(asked[1]?.url).toBe(
      '/v25.0/me/messenger_profile?fields=get_started,greeting,persistent_menu,ice_breakers',
    );
    expect(found.ok && differences(profile, found.value)).toEqual([]);
  });

  test('every difference is named with its place', async () => {
    const { profile } = profileOf(await shipped());
    expect(differences(profile, {})).toEqual([
      'get_started: missing',
      'greeting: missing',
      'persistent_menu: missing',
      'ice_breakers: missing',
    ]);
    shown = {
      ...profile,
      greeting: [
        { locale: 'default', text: 'Hi' },
        { locale: 'fr_FR', text: 'Salut' },
        ...profile.greeting.slice(1, -1),
      ],
      persistent_menu: [
        { locale: 'default', call_to_actions: [{ type: 'web_url', title: 'x', url: 'https://x' }] },
      ],
    };
    const found = await readProfile(client);
    expect(found.ok && differences(profile, found.value)).toEqual([
      'greeting default: differs',
      'greeting uk_UA: missing',
      'greeting fr_FR: not of Lotse',
      'persistent_menu: holds what Lotse does not set',
    ]);
  });

  test('what Meta adds of its own is no difference', async () => {
    const { profile } = profileOf(await shipped());
    shown = {
      ...profile,
      greeting: profile.greeting.map((one) => ({ ...one, id: 1 })),
      persistent_menu: profile.persistent_menu.map(({ locale, call_to_actions }) => ({
        locale,
        call_to_actions,
      })),
    };
    const found = await readProfile(client);
    expect(found.ok && differences(profile, found.value)).toEqual([]);
  });

  test.each([
    [
      400,
      JSON.stringify({ error: { message: 'Invalid OAuth access token', code: 190 } }),
      'Invalid OAuth access token (code 190)',
    ],
    [200, JSON.stringify({ error: { code: 613 } }), 'refused (code 613)'],
    [502, '<html>', 'HTTP 502; check GRAPH_URL'],
    [200, '{}', 'the answer'],
  ])('HTTP %i %s is told', async (status, body, reason) => {
    refuse = { status, body };
    const { profile } = profileOf(town());
    for (const result of [await readProfile(client), await writeProfile(client, profile)])
      expect(result).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });

  test('a server that cannot be reached is told', async () => {
    await new Promise((resolve) => server.close(resolve));
    const result = await readProfile(client);
    expect(result).toEqual({ ok: false, reason: expect.stringMatching(/^no answer: \w+/) });
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
});
