import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startGraphStandIn, type GraphStandIn } from '../support/graph-stand-in.js';
import { eventually, startLotse, temporaryFolder, type Lotse } from '../support/lotse.ts';
import { fromWhatsapp, metaSettings, post, shown, text, type Shown } from '../support/meta.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis.ts';

const WHATSAPP = '/webhooks/whatsapp';
const LOTSE_SECRET = 'a secret of more than thirty-two characters';
const PEOPLE = Array.from({ length: 12 }, (_, index) => `4915155500${String(10 + index)}`);

/** A lease is 30 s; then the work of a node that died is taken up. */
const AFTER_LEASE_MS = 50_000;

let graph: GraphStandIn;
let lotse: Lotse | null;

beforeEach(async () => {
  graph = await startGraphStandIn();
  lotse = null;
});
afterEach(async () => {
  await lotse?.kill();
  await graph.stop();
});

const everyone = async (): Promise<Shown[]> => (await graph.sent()).map(shown);

async function greet(url: string): Promise<void> {
  const posts = PEOPLE.map((phone) =>
    post(url, WHATSAPP, fromWhatsapp(phone, `wamid.${phone}`, text('hello'))),
  );
  expect(await Promise.all(posts)).toEqual(PEOPLE.map(() => 200));
}

/** Everyone got the greeting, and nobody more than one double of it (the send that was under way). */
async function allGreeted(withinMs: number): Promise<void> {
  const whom = (sent: readonly Shown[]): Set<string> => new Set(sent.map(({ to }) => to));
  const sent = await eventually(everyone, (all) => whom(all).size === PEOPLE.length, withinMs);
  expect(whom(sent)).toEqual(new Set(PEOPLE.map((phone) => `+${phone}`)));
  expect(sent.length).toBeLessThanOrEqual(2 * PEOPLE.length);
  expect(new Set(sent.map(({ words }) => words)).size).toBe(1);
}

async function survivesKill(settings: Record<string, string>): Promise<void> {
  // The first answers hang, so that the process dies with sends under way and turns behind them.
  await graph.next({ times: PEOPLE.length, delayMs: 60_000 });
  lotse = await startLotse(settings);
  await greet(lotse.url);
  await eventually(
    () => graph.count(),
    (count) => count > 0,
  );
  await lotse.kill();
  await graph.reset();
  lotse = await startLotse(settings);
  await allGreeted(AFTER_LEASE_MS);
}

async function stopsInGoodOrder(settings: Record<string, string>): Promise<void> {
  await graph.next({ times: PEOPLE.length, status: 503 });
  lotse = await startLotse(settings);
  await greet(lotse.url);
  expect(await lotse.stop()).toBe(0);
  lotse = await startLotse(settings);
  await allGreeted(15_000);
}

describe('on the embedded store', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  const settings = (): Record<string, string> => ({
    STORE: `embedded:${folder.path}`,
    ...metaSettings(graph.url),
  });

  test(
    'nothing acknowledged is lost when the process is killed',
    () => survivesKill(settings()),
    2 * AFTER_LEASE_MS,
  );

  test(
    'SIGTERM ends it with code 0, and the next start goes on where it stopped',
    () => stopsInGoodOrder(settings()),
    60_000,
  );
});

describeWithRedis('on Redis', () => {
  let redis: RedisServer;
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(() => redis.stop());

  const settings = (): Record<string, string> => ({
    STORE: redis.url,
    LOTSE_SECRET,
    ...metaSettings(graph.url),
  });

  test(
    'nothing acknowledged is lost when the process is killed',
    () => survivesKill(settings()),
    2 * AFTER_LEASE_MS,
  );

  test(
    'SIGTERM ends it with code 0, and the next start goes on where it stopped',
    () => stopsInGoodOrder(settings()),
    60_000,
  );

  test(
    'while Redis is away, also at the start, platforms are told to deliver again; afterwards all goes on',
    async () => {
      await redis.kill();
      lotse = await startLotse(settings());
      const { url } = lotse;
      const ready = async (): Promise<number> => (await fetch(`${url}/health/ready`)).status;
      const hello = (): Promise<number> =>
        post(url, WHATSAPP, fromWhatsapp('4915155599', 'wamid.away', text('hello')));
      expect([await ready(), await hello()]).toEqual([503, 503]);
      await redis.start();
      await eventually(ready, (status) => status === 200);
      expect(await hello()).toBe(200);
      await redis.kill();
      await eventually(ready, (status) => status === 503);
      expect(await hello()).toBe(503);
      await redis.start();
      await eventually(hello, (status) => status === 200);
      expect(
        (await eventually(everyone, (sent) => sent.length > 0, AFTER_LEASE_MS)).map(({ to }) => to),
      ).toEqual(['+4915155599']);
    },
    2 * AFTER_LEASE_MS,
  );
});
