import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startGraphStandIn, type GraphStandIn } from '../support/graph-stand-in.js';
import { eventually, startLotse, temporaryFolder, type Lotse } from '../support/lotse.ts';
import { fromWhatsapp, metaSettings, post, shown, text, type Shown } from '../support/meta.ts';
import { describeWithRedis, freePort, startRedis, type RedisServer } from '../support/redis.ts';

/** What docs/operators.md says on backup and restore, done; keep the two alike. */

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const LOTSE_SECRET = 'a secret of more than thirty-two characters';
const SERVER = 'redis-server';
const PHONE = '4915155500042';

let graph: GraphStandIn;
let lotse: Lotse | null;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  [graph, folder] = await Promise.all([startGraphStandIn(), temporaryFolder()]);
  lotse = null;
});
afterEach(async () => {
  await lotse?.kill();
  await graph.stop();
  await folder.remove();
});

const answers = async (): Promise<Shown[]> => (await graph.sent()).map(shown);

/** Delivers a message, and waits until there are so many answers in all; resolves to the last. */
async function say(id: string, words: string, total: number): Promise<Shown> {
  expect(await deliver(id, words)).toBe(200);
  const all = await eventually(answers, (sent) => sent.length >= total);
  expect(all).toHaveLength(total);
  return all.at(-1)!;
}

/** Written just now: old messages are answered with an apology first. */
function deliver(id: string, words: string): Promise<number> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  return post(lotse!.url, '/webhooks/whatsapp', fromWhatsapp(PHONE, id, { ...text(words), timestamp }));
}

/** German, the flow about housing, and in it the question who will live in the flat. */
async function intoAFlow(): Promise<void> {
  await say('wamid.1', 'deutsch', 1);
  await say('wamid.2', 'Wohnen', 2);
  const asked = await say('wamid.3', '3', 3);
  expect(asked.options.map(({ id }) => id)).toContain('housing/household/together');
  // A reply whose sending the store has not heard of yet would go out once more.
  await eventually(
    async () => (await fetch(`${lotse!.url}/metrics`)).text(),
    (metrics) => /^lotse_conversations_in_hand 0$/m.test(metrics),
  );
}

/** On the restored store: nothing twice, and the next word is an answer to the question that was open. */
async function goesOn(settings: Record<string, string>): Promise<void> {
  lotse = await startLotse({ ...settings, ...metaSettings(graph.url) });
  await graph.reset();
  expect(await deliver('wamid.3', '3')).toBe(200);
  const next = await say('wamid.4', '2', 1);
  expect(next.words).toMatch(/Wie viele Menschen/);
}

jest.setTimeout(90_000);

describe('the embedded store', () => {
  const folderOf = (name: string): string => join(folder.path, name);
  const backup = (store: string, to: string): ReturnType<typeof run> =>
    run(process.execPath, [MAIN, 'backup', to], { env: { PATH: env['PATH'], STORE: store } });

  test('is copied while it serves, lost, put elsewhere with its secret, and goes on', async () => {
    const [data, copy, fresh] = ['data', 'backup', 'fresh'].map(folderOf);
    lotse = await startLotse({ STORE: `embedded:${data!}`, ...metaSettings(graph.url) });
    await intoAFlow();

    const { stdout } = await backup(`embedded:${data!}`, copy!);
    expect(stdout).toContain(`${data!}/secret`);
    // The copy alone can be read by nobody.
    expect(await readdir(copy!)).toEqual(['data.mdb']);
    expect((await stat(copy!)).mode & 0o077).toBe(0);
    await copyFile(join(data!, 'secret'), folderOf('secret'));
    await lotse.kill();
    await rm(data!, { recursive: true });

    await mkdir(fresh!);
    await copyFile(join(copy!, 'data.mdb'), join(fresh!, 'data.mdb'));
    await copyFile(folderOf('secret'), join(fresh!, 'secret'));
    await goesOn({ STORE: `embedded:${fresh!}` });
  });

  test('without its secret is a store of strangers: Lotse starts, and knows nobody', async () => {
    const [data, copy] = ['data', 'backup'].map(folderOf);
    lotse = await startLotse({ STORE: `embedded:${data!}`, ...metaSettings(graph.url) });
    await intoAFlow();
    await backup(`embedded:${data!}`, copy!);
    await lotse.stop();
    lotse = await startLotse({ STORE: `embedded:${copy!}`, ...metaSettings(graph.url) });
    await graph.reset();
    const first = await say('wamid.4', '2', 1);
    expect(first.words).not.toMatch(/Wie viele/);
  });

  test('that is not there, a folder that has a backup already, and Redis are refused in words', async () => {
    const [data, copy] = ['data', 'backup'].map(folderOf);
    await expect(backup(`embedded:${data!}`, copy!)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`There is no store in '${data!}'`),
    });
    lotse = await startLotse({ STORE: `embedded:${data!}`, ...metaSettings(graph.url) });
    await backup(`embedded:${data!}`, copy!);
    await expect(backup(`embedded:${data!}`, copy!)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is there already'),
    });
    const redis = run(process.execPath, [MAIN, 'backup', copy!], {
      env: { PATH: env['PATH'], STORE: 'redis://127.0.0.1:1', LOTSE_SECRET },
    });
    await expect(redis).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('redis-cli --rdb'),
    });
  });
});

describeWithRedis('Redis', () => {
  let first: RedisServer;
  beforeEach(async () => {
    first = await startRedis();
  });
  afterEach(() => first.stop());

  const ask = async (port: number, ...command: string[]): Promise<string> =>
    (await run('redis-cli', ['-p', String(port), ...command])).stdout.trim();

  /** Runs redis-server until it is told to end. */
  async function serve(port: number, data: string, ...settings: string[]): Promise<() => Promise<void>> {
    const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', data, '--save', ''];
    const server = spawn(SERVER, [...own, ...settings], { stdio: 'ignore' });
    const exit = once(server, 'exit');
    await eventually(
      () => ask(port, 'ping').catch(() => ''),
      (answer) => answer === 'PONG',
    );
    return async () => {
      server.kill('SIGTERM');
      await exit;
    };
  }

  test('is copied while it serves, lost, put elsewhere, and Lotse goes on', async () => {
    lotse = await startLotse({ STORE: first.url, LOTSE_SECRET, ...metaSettings(graph.url) });
    await intoAFlow();

    const copy = join(folder.path, 'backup.rdb');
    await ask(first.port, '--rdb', copy);
    await lotse.kill();
    await first.stop();

    const [data, port] = [join(folder.path, 'redis'), await freePort()];
    await mkdir(data);
    await copyFile(copy, join(data, 'dump.rdb'));
    // With an append-only file asked for and none there, Redis would begin empty: it reads the copy first.
    const stopReading = await serve(port, data, '--appendonly', 'no');
    await ask(port, 'config', 'set', 'appendonly', 'yes');
    await eventually(
      () => ask(port, 'info', 'persistence'),
      (info) => /aof_rewrite_in_progress:0/.test(info) && /aof_rewrite_scheduled:0/.test(info),
    );
    await stopReading();

    const stop = await serve(port, data, '--appendonly', 'yes');
    try {
      await goesOn({ STORE: `redis://127.0.0.1:${String(port)}`, LOTSE_SECRET });
      await lotse.stop();
    } finally {
      await stop();
    }
  });
});
