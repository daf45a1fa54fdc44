import { describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { startGraphStandIn, type GraphStandIn } from '../support/graph-stand-in.js';
import { eventually, temporaryFolder } from '../support/lotse.ts';
import { describeWithRedis, startRedis } from '../support/redis.ts';
import { writeProject } from './project.js';
import { dieAccepting, openSurvivor, type NodeOptions } from './survivor.ts';
import { messageBody, metaSettings, post, statusBody } from './webhook.js';

const STEPS = ['accept', 'commit', 'send', 'settle', 'confirm', 'due', 'release'] as const;
const SIDES = ['before', 'after'] as const;

interface Kill {
  readonly step: (typeof STEPS)[number];
  readonly when: (typeof SIDES)[number];
}

interface Case {
  readonly kill: Kill;
  /** The message died with one node already, right after it was accepted, and comes a second time to the one to die. */
  readonly redelivered: boolean;
  /** Whether the platform tells what became of the reply. */
  readonly told: boolean;
}

/** The one gap that nobody can close: the reply is out, and whoever knew of it is dead. */
const inTheGap = ({ step, when }: Kill): boolean =>
  `${when} ${step}` === 'after send' || `${when} ${step}` === 'before settle';

const CASES: readonly Case[] = STEPS.flatMap((step) =>
  SIDES.flatMap((when) =>
    [false, true].flatMap((redelivered) => {
      const one = { kill: { step, when }, redelivered };
      return inTheGap(one.kill)
        ? [
            { ...one, told: true },
            { ...one, told: false },
          ]
        : [{ ...one, told: false }];
    }),
  ),
);

const nameOf = ({ kill, redelivered, told }: Case): string =>
  `killed ${kill.when} ${kill.step}${redelivered ? ', on redelivery' : ''}${told ? ', the platform tells of the reply' : ''}`;

/** It runs out by the clock, so it is short: of who only accepts, of who works until it dies, of whose reply is told. */
const ABANDONED_LEASE_MS = 500;
const DYING_LEASE_MS = 2_000;
const TOLD_LEASE_MS = 5_000;
const LEASE_MS = 30_000;

const PHONE = '491700000001';
const HELLO = messageBody(PHONE, 'wamid.1', 'hello');
const ASKED = 'Say something.';

interface Dying {
  readonly url: string;
  readonly child: ChildProcess;
}

interface Bench {
  readonly graph: GraphStandIn;
  readonly options: (leaseMs: number) => NodeOptions;
  startDying(leaseMs: number, kill: Kill): Promise<Dying>;
}

/** What is needed once: a stand-in, a bot and a store, all of its own; ended and removed whatever happens. */
async function withBench(
  openStore: (folder: string) => Promise<Opened>,
  run: (bench: Bench) => Promise<void>,
) {
  const folder = await temporaryFolder();
  const graph = await startGraphStandIn();
  const store = await openStore(folder.path);
  const settings = { ...metaSettings(graph.url), ...(await writeProject(folder.path)) };
  const script = fileURLToPath(new URL('failpoint-node.js', import.meta.url));
  const options = (leaseMs: number): NodeOptions => ({ where: store.where, leaseMs, settings });
  const children: ChildProcess[] = [];
  try {
    await run({
      graph,
      options,
      async startDying(leaseMs, kill) {
        const given = JSON.stringify({ ...options(leaseMs), kill });
        const child = spawn(execPath, [script, given], { stdio: ['ignore', 'pipe', 'inherit'] });
        children.push(child);
        let said = '';
        const url = await new Promise<string>((resolve, reject) => {
          child.once('exit', () => {
            reject(new Error('the node ended before it was ready'));
          });
          child.stdout.on('data', (chunk: Buffer) => {
            said += chunk.toString();
            const [, address] = /^ready (\S+)\n/.exec(said) ?? [];
            if (address !== undefined) resolve(address);
          });
        });
        return { url, child };
      },
    });
  } finally {
    await Promise.all(
      children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const exit = once(child, 'exit');
        child.kill('SIGKILL');
        await exit;
      }),
    );
    await Promise.all([store.close(), graph.stop()]);
    await folder.remove();
  }
}

interface Opened {
  readonly where: string;
  close(): Promise<void>;
}

const sentSchema = z.object({ text: z.object({ body: z.string() }), biz_opaque_callback_data: z.string() });

/** The texts that people got, and under which names. Requests that were answered with an error did not reach them. */
async function replies(graph: GraphStandIn, refused: number): Promise<{ text: string; outbox: string }[]> {
  const sent = (await graph.sent()).flatMap(({ body }) => {
    const parsed = sentSchema.safeParse(body);
    return parsed.success
      ? [{ text: parsed.data.text.body, outbox: parsed.data.biz_opaque_callback_data }]
      : [];
  });
  return sent.slice(refused);
}

async function died({ child }: Dying): Promise<void> {
  await eventually(
    () => Promise.resolve(child.signalCode ?? child.exitCode),
    (ended) => ended !== null,
  );
  expect(child.signalCode).toBe('SIGKILL');
}

/** As Meta does: until somebody says 200. */
async function redeliver(url: string, body: string): Promise<void> {
  await eventually(
    () => post(url, body),
    (status) => status === 200,
  );
}

/** Makes the node come to the step it dies at; resolves to the bodies that it was given and did not answer with 200. */
async function provoke({ graph }: Bench, node: Dying, { kill }: Case): Promise<string[]> {
  const unanswered: string[] = [];
  const hand = async (body: string): Promise<void> => {
    if ((await post(node.url, body, 10_000)) !== 200) unanswered.push(body);
  };
  const replied = (): Promise<number> =>
    eventually(
      () => graph.count(),
      (count) => count > 0,
    );
  await hand(HELLO);
  if (kill.step === 'confirm') {
    await replied();
    const [first] = await replies(graph, 0);
    await hand(statusBody(PHONE, 'wamid.reply', first?.outbox ?? ''));
  }
  if (kill.step === 'release') {
    await replied();
    await hand(messageBody(PHONE, 'wamid.2', 'second'));
    node.child.kill('SIGTERM');
  }
  await died(node);
  return unanswered;
}

async function survives(bench: Bench, one: Case): Promise<void> {
  const { graph } = bench;
  const { kill, redelivered, told } = one;
  if (redelivered)
    await dieAccepting(bench.options(ABANDONED_LEASE_MS), async (url) => {
      expect(await post(url, HELLO)).toBe(503);
    });
  if (kill.step === 'due') await graph.next({ status: 500 });
  if (kill.step === 'confirm') await graph.next({ hangUp: 'request' });
  if (kill.step === 'release') await graph.next({ delayMs: 500 });
  const dying = await bench.startDying(told ? TOLD_LEASE_MS : DYING_LEASE_MS, kill);
  const unanswered = await provoke(bench, dying, one);

  const refused = kill.step === 'due' ? 1 : 0;
  const node = await openSurvivor(bench.options(LEASE_MS));
  let got: Awaited<ReturnType<typeof replies>>;
  try {
    if (told) {
      const [first] = await replies(graph, refused);
      await redeliver(node.url, statusBody(PHONE, 'wamid.reply', first?.outbox ?? ''));
    }
    for (const body of unanswered) await redeliver(node.url, body);
    // Replies go out one after the other: with the answer to this, all before it are through.
    await redeliver(node.url, messageBody(PHONE, 'wamid.3', 'last'));
    got = await eventually(
      () => replies(graph, refused),
      (all) => all.some(({ text }) => text.startsWith('You said last ')),
      30_000,
    );
  } finally {
    await node.close();
  }

  const texts = got.map(({ text }) => text);
  const second = kill.step === 'release' ? ['You said second after nothing.\n\nSay more.'] : [];
  const last =
    kill.step === 'release'
      ? 'You said last after second.\n\nSay something.'
      : 'You said last after nothing.\n\nSay more.';
  const once = [ASKED, ...second, last];
  // Nobody tells of the reply in the gap: it is sent once more rather than never, under the same name.
  if (inTheGap(kill) && !told) {
    expect([once, [ASKED, ...once]]).toContainEqual(texts);
    expect(new Set(got.map(({ outbox }) => outbox)).size).toBe(once.length);
  } else expect(texts).toEqual(once);
}

const IN_ALL_MS = 120_000;

describe('on the embedded store, a message is answered once', () => {
  test.concurrent.each(CASES.map((one) => ({ name: nameOf(one), one })))(
    '$name',
    ({ one }) =>
      withBench(
        (folder) => Promise.resolve({ where: `${folder}/data`, close: () => Promise.resolve() }),
        (bench) => survives(bench, one),
      ),
    IN_ALL_MS,
  );
});

describeWithRedis('on Redis, a message is answered once', () => {
  test.concurrent.each(CASES.map((one) => ({ name: nameOf(one), one })))(
    '$name',
    ({ one }) =>
      withBench(
        async () => {
          const redis = await startRedis();
          return { where: redis.url, close: () => redis.stop() };
        },
        (bench) => survives(bench, one),
      ),
    IN_ALL_MS,
  );
});
