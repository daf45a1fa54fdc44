import { Agent } from 'node:http';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { describe } from '@jest/globals';
import { z } from 'zod';
import { startGraphStandIn, type GraphStandIn } from '../support/graph-stand-in.js';
import { eventually, startLotse, temporaryFolder, type Lotse } from '../support/lotse.ts';
import {
  fromMessenger,
  fromUsername,
  fromWhatsapp,
  metaSettings,
  post,
  shown,
  sign,
  tap,
  text,
  whatsapp,
  type Shown,
} from '../support/meta.ts';
import { describeWithRedis, startRedis } from '../support/redis.ts';

const WHATSAPP = '/webhooks/whatsapp';
const MESSENGER = '/webhooks/messenger';
const outboxOf = z.object({ biz_opaque_callback_data: z.string() });
const corpusCase = z.object({ payload: z.unknown() });
const CORPUS = fileURLToPath(new URL('../../../shared/platform/corpus/inbound', import.meta.url));

function answersPeople(
  openStore: () => Promise<{ settings: Record<string, string>; close(): Promise<void> }>,
): void {
  let graph: GraphStandIn;
  let store: Awaited<ReturnType<typeof openStore>>;
  let lotse: Lotse;

  beforeAll(async () => {
    [graph, store] = await Promise.all([startGraphStandIn(), openStore()]);
    lotse = await startLotse({ ...store.settings, ...metaSettings(graph.url) });
  });
  afterEach(() => graph.reset());
  afterAll(async () => {
    await lotse.stop();
    await store.close();
    await graph.stop();
  });

  const everyone = async (): Promise<Shown[]> => (await graph.sent()).map(shown);
  const answersTo = (who: string, count: number): Promise<Shown[]> =>
    eventually(
      async () => (await everyone()).filter(({ to }) => to === who),
      (sent) => sent.length >= count,
    );

  test('a person is led in Arabic from the first word through housing to the end', async () => {
    const say = async (id: string, message: Record<string, unknown>): Promise<Shown> => {
      const before = (await answersTo('+4915112345671', 0)).length;
      expect(await post(lotse.url, WHATSAPP, fromWhatsapp('4915112345671', id, message))).toBe(200);
      const sent = await answersTo('+4915112345671', before + 1);
      return sent.at(-1)!;
    };
    const hello = await say('wamid.ar1', text('مرحبا'));
    expect(hello.words).toMatch(/\p{Script=Arabic}/u);
    const housing = hello.options.find(({ id }) => id === 'start/menu/housing')!;
    expect(housing.title).toMatch(/\p{Script=Arabic}/u);
    const need = await say('wamid.ar2', tap('list_reply', housing.id, housing.title));
    expect(need.options.map(({ id }) => id)).toContain('housing/need/register');
    const registration = await say('wamid.ar3', tap('list_reply', 'housing/need/register', 'x'));
    expect(registration.words).toContain('Anmeldung');
    expect(registration.words).toMatch(/\p{Script=Arabic}/u);
  });

  test('the same body delivered three times is answered once', async () => {
    const body = fromWhatsapp('4915112345672', 'wamid.thrice', text('hello'));
    await Promise.all([1, 2, 3].map(() => post(lotse.url, WHATSAPP, body)));
    expect(await post(lotse.url, WHATSAPP, body)).toBe(200);
    // A later answer proves that nothing of the earlier deliveries is still to come.
    await post(lotse.url, WHATSAPP, fromWhatsapp('4915112345672', 'wamid.later', text('deutsch')));
    const sent = await answersTo('+4915112345672', 2);
    expect(sent).toHaveLength(2);
  });

  test('a person on Messenger is answered with quick replies, and taps one', async () => {
    await post(lotse.url, MESSENGER, fromMessenger('psid-1', { message: { mid: 'm_1', text: 'Hallo' } }));
    const [hello] = await answersTo('psid-1', 1);
    expect((await graph.sent())[0]!.path).toMatch(/^\/v\d+\.\d+\/998877665544\/messages$/);
    const housing = hello!.options.find(({ id }) => id === 'start/menu/housing')!;
    const quickReply = { mid: 'm_2', text: housing.title, quick_reply: { payload: housing.id } };
    await post(lotse.url, MESSENGER, fromMessenger('psid-1', { message: quickReply }));
    const sent = await answersTo('psid-1', 2);
    expect(sent[1]!.words).toContain('Wohnen');
  });

  test('a person who shows only a username is answered by that', async () => {
    await post(lotse.url, WHATSAPP, fromUsername('DE.13491208655302741918', 'wamid.bsuid', text('привіт')));
    const [hello] = await answersTo('DE.13491208655302741918', 1);
    expect((await graph.sent())[0]!.body).not.toHaveProperty('to');
    expect(hello!.words).toMatch(/\p{Script=Cyrillic}/u);
  });

  test('order holds within each of 64 conversations over 64 connections', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 64 });
    const script = ['hello', 'deutsch', 'english', 'українська', 'english', 'deutsch'];
    const people = Array.from({ length: 64 }, (_, index) => `49151200${String(1000 + index)}`);
    await Promise.all(
      people.map(async (phone) => {
        for (const [step, word] of script.entries())
          expect(
            await post(
              lotse.url,
              WHATSAPP,
              fromWhatsapp(phone, `wamid.${phone}.${String(step)}`, text(word)),
              { agent },
            ),
          ).toBe(200);
      }),
    );
    agent.destroy();
    const all = await eventually(everyone, (sent) => sent.length >= people.length * script.length, 25_000);
    expect(all).toHaveLength(people.length * script.length);
    const menus = (phone: string): string[] =>
      all
        .filter(({ to }) => to === `+${phone}`)
        .map(({ options }) => options.find(({ id }) => id.endsWith('housing'))!.title);
    const expected = menus(people[0]!);
    expect(new Set(expected.slice(1, 4)).size).toBe(3);
    for (const phone of people) expect(menus(phone)).toEqual(expected);
  });

  test('a wrong signature is refused and leaves nothing behind', async () => {
    const body = JSON.stringify(fromWhatsapp('4915112345673', 'wamid.forged', text('hello')));
    expect(await post(lotse.url, WHATSAPP, body, { signature: sign(body, 'another secret') })).toBe(401);
    // The same id, rightly signed, is not known yet.
    expect(await post(lotse.url, WHATSAPP, body)).toBe(200);
    expect(await answersTo('+4915112345673', 1)).toHaveLength(1);
  });

  test('a webhook of 3 MB with a thousand messages is taken as a whole, also when it comes again', async () => {
    const people = Array.from({ length: 1_000 }, (_, index) => `49152${String(1_000_000 + index)}`);
    const words = `hello ${'x'.repeat(2_900)}`;
    const messages = people.map((from) => ({
      from,
      id: `wamid.mass.${from}`,
      timestamp: String(Math.floor(Date.now() / 1000)),
      ...text(words),
    }));
    const contacts = people.map((wa_id) => ({ profile: { name: 'Test' }, wa_id }));
    const body = JSON.stringify(whatsapp({ contacts, messages }));
    expect(body.length).toBeGreaterThan(2.9 * 1024 * 1024);
    expect(await post(lotse.url, WHATSAPP, body)).toBe(200);
    const sent = await eventually(everyone, (all) => new Set(all.map(({ to }) => to)).size === 1_000);
    expect(await post(lotse.url, WHATSAPP, body)).toBe(200);
    await post(lotse.url, WHATSAPP, fromWhatsapp('4915112345676', 'wamid.after.mass', text('hello')));
    await answersTo('+4915112345676', 1);
    expect(await everyone()).toHaveLength(sent.length + 1);
  }, 60_000);

  test('statuses, echoes and reactions are never answered', async () => {
    const status = {
      id: 'wamid.s',
      status: 'delivered',
      timestamp: String(Math.floor(Date.now() / 1000)),
      recipient_id: '4915112345674',
    };
    const reaction = { type: 'reaction', reaction: { message_id: 'wamid.s', emoji: '👍' } };
    const echo = { message: { mid: 'm_echo', text: 'hello', is_echo: true } };
    expect(await post(lotse.url, WHATSAPP, whatsapp({ statuses: [status] }))).toBe(200);
    expect(await post(lotse.url, WHATSAPP, fromWhatsapp('4915112345674', 'wamid.r', reaction))).toBe(200);
    expect(await post(lotse.url, MESSENGER, fromMessenger('psid-2', echo))).toBe(200);
    await post(lotse.url, WHATSAPP, fromWhatsapp('4915112345675', 'wamid.after', text('hello')));
    await answersTo('+4915112345675', 1);
    expect((await everyone()).map(({ to }) => to)).toEqual(['+4915112345675']);
  });

  test('bodies that are no webhooks at all are answered without a crash', async () => {
    for (const body of [
      '',
      '{',
      '[]',
      'null',
      '{"object":1}',
      '{"object":"page","entry":[null,{"messaging":7}]}',
    ])
      for (const path of [WHATSAPP, MESSENGER] as const) expect(await post(lotse.url, path, body)).toBe(200);
    expect((await fetch(`${lotse.url}/health/ready`)).status).toBe(200);
    expect(lotse.output()).not.toContain('"level":50');
  });

  (existsSync(CORPUS) ? test : test.skip)(
    'every body of the shared corpus is answered 200, and the server stays up',
    async () => {
      for (const platform of ['whatsapp', 'messenger'] as const)
        for (const name of readdirSync(`${CORPUS}/${platform}`)) {
          const { payload } = corpusCase.parse(
            JSON.parse(readFileSync(`${CORPUS}/${platform}/${name}`, 'utf8')),
          );
          expect([name, await post(lotse.url, `/webhooks/${platform}`, payload)]).toEqual([name, 200]);
        }
      expect((await fetch(`${lotse.url}/health/ready`)).status).toBe(200);
    },
  );

  // The last: replies to the flood go on for long.
  test('a person who floods slows only themselves', async () => {
    const flooder = '4915112345677';
    const agent = new Agent({ keepAlive: true, maxSockets: 32 });
    const flood = (index: number): Promise<number> =>
      post(lotse.url, WHATSAPP, fromWhatsapp(flooder, `wamid.flood${String(index)}`, text('hello')), {
        agent,
      });
    const codes = Promise.all(Array.from({ length: 400 }, (_, index) => flood(index)));
    const other = fromWhatsapp('4915112345678', 'wamid.beside', text('hello'));
    expect(await post(lotse.url, WHATSAPP, other)).toBe(200);
    await answersTo('+4915112345678', 1);
    const answered = (await codes).map((code, index) => ({ code, index }));
    expect(answered.every(({ code }) => code === 200 || code === 503)).toBe(true);
    // What came beyond their hundred unread messages and fifty waiting replies is turned away, and told to come later.
    expect(answered.some(({ code }) => code === 503)).toBe(true);
    expect(await flood(answered.find(({ code }) => code === 200)!.index)).toBe(200);
    const next = fromWhatsapp('4915112345678', 'wamid.beside2', text('hello'));
    expect(await post(lotse.url, WHATSAPP, next)).toBe(200);
    await answersTo('+4915112345678', 2);
    const names = (await graph.sent()).map(({ body }) => outboxOf.parse(body).biz_opaque_callback_data);
    expect(new Set(names).size).toBe(names.length);
    agent.destroy();
  }, 60_000);
}

describe('on the embedded store', () => {
  answersPeople(async () => {
    const folder = await temporaryFolder();
    return { settings: { STORE: `embedded:${folder.path}` }, close: () => folder.remove() };
  });
});

describeWithRedis('on Redis', () => {
  answersPeople(async () => {
    const redis = await startRedis();
    const settings = { STORE: redis.url, LOTSE_SECRET: 'a secret of more than thirty-two characters' };
    return { settings, close: () => redis.stop() };
  });
});
