import { describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Store, Work } from '../../src/store/store.ts';
import { idOf, leased, newConversation, read, text, turn } from './conformance.ts';

/** Real time: a killed node's lease runs out by the clock. */
export const KILLED_LEASE_MS = 150;

export interface KillBench {
  /** A folder or a redis:// URL, for the other process. */
  readonly where: string;
  open(): Promise<Store>;
  end(): Promise<void>;
}

interface Killed {
  /** What the node was told was done, e.g. 'accept 1'. */
  readonly done: readonly string[];
}

/**
 * Runs a node and kills it when `isTime` says so, asked at every line the node writes: at once, or having told it to go
 * on so many turns of our event loop before, that is in the middle of a step.
 */
async function runUntil(
  where: string,
  conversation: string,
  first: number,
  isTime: (line: string, lines: number) => boolean,
  turns = 0,
): Promise<Killed> {
  const script = fileURLToPath(new URL('./node.js', import.meta.url));
  const args = [script, where, conversation, String(first), String(KILLED_LEASE_MS)];
  const node = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(node, 'exit');
  const done: string[] = [];
  let lines = 0;
  node.stdin.on('error', () => undefined);
  for await (const line of createInterface({ input: node.stdout })) {
    lines += 1;
    if (line.startsWith('<')) done.push(line.slice(2));
    const last = isTime(line, lines);
    if (line.startsWith('>') && !(last && turns === 0)) node.stdin.write('go\n');
    if (!last) continue;
    for (let i = 0; i < turns; i += 1) await new Promise(setImmediate);
    node.kill('SIGKILL');
  }
  await exit;
  if (node.signalCode !== 'SIGKILL') throw new Error(`the node ended by itself (${String(node.exitCode)})`);
  return { done };
}

/** What a fresh node finds when the lease of the killed one has run out; null when nothing is left to do. */
async function find(store: Store): Promise<Work | null> {
  const end = Date.now() + 2 * KILLED_LEASE_MS;
  for (;;) {
    const [work] = await store.due(10);
    if (work) return work;
    if (Date.now() > end) return null;
  }
}

/** The messages that turns have used so far, from the session that lists them. */
const usedIn = (session: Buffer | null): readonly number[] =>
  z.array(z.number()).parse(JSON.parse(session?.toString() ?? '[]'));

/** Whatever step a node is killed at, nothing it acknowledged is lost, and nothing is used twice. */
export function survivesKill(createBench: () => Promise<KillBench>): void {
  const withBench = async (run: (bench: KillBench, conversation: string) => Promise<void>): Promise<void> => {
    const bench = await createBench();
    try {
      await run(bench, newConversation());
    } finally {
      await bench.end();
    }
  };

  describe.each([
    ['before the first message', '> accept 1', null],
    ['after accept', '> commit 1', { inbox: ['1'], session: null, send: null }],
    ['after commit', '> settle 1a', { inbox: [], session: text('[1]'), send: '1a', attempts: 2 }],
    ['after the first send', '> settle 1b', { inbox: [], session: text('[1]'), send: '1b', attempts: 2 }],
    ['after the last send', '> accept 2', null],
  ])('a node killed %s', (_, announcement, expected) => {
    test('leaves exactly its unfinished work to be found', () =>
      withBench(async (bench, conversation) => {
        const { done } = await runUntil(bench.where, conversation, 1, (line) => line === announcement);
        const store = await bench.open();
        const work = await find(store);
        if (expected) {
          expect(work).toMatchObject({ session: expected.session, alarm: false });
          expect(read(work!.inbox)).toEqual(expected.inbox);
          const send =
            expected.send === null ? null : { id: `${conversation}.${expected.send}`, attempts: 2 };
          if (send) expect(work!.send).toMatchObject(send);
          else expect(work!.send).toBeNull();
        } else expect(work).toBeNull();
        const again = await store.accept({ conversation, id: idOf(1), payload: text('1') });
        expect(again.type).toBe(done.includes('accept 1') ? 'duplicate' : 'leased');
        await store.close();
      }));
  });

  test('nodes killed in the middle of any step lose nothing and use nothing twice', () =>
    withBench(async (bench, conversation) => {
      let first = 1;
      for (let round = 0; round < 6; round += 1) {
        // At another step in each round, and after more and more of it: the step may or may not have happened.
        const kill = 1 + 2 * round;
        const turns = 1 + 20 * round;
        const { done } = await runUntil(bench.where, conversation, first, (_, lines) => lines >= kill, turns);
        const accepted = done
          .filter((step) => step.startsWith('accept'))
          .map((step) => Number(step.slice(7)));
        const settled = done.filter((step) => step.startsWith('settle')).map((step) => step.slice(7));

        const store = await bench.open();
        const unsent: string[] = [];
        for (let work = await find(store); work; work = await find(store)) {
          const used = usedIn(work.session);
          const session = text(JSON.stringify([...used, ...read(work.inbox).map(Number)]));
          const outbox = read(work.inbox).flatMap((n) =>
            ['a', 'b'].map((part) => ({ id: `${conversation}.${n}${part}`, payload: text(n) })),
          );
          let next = work.send
            ? ({ type: 'send', entry: work.send } as const)
            : await store.commit(work.lease, turn({ session, consumed: work.inbox.length, outbox }));
          while (next.type === 'send') {
            unsent.push(next.entry.id.slice(conversation.length + 1));
            next = await store.settle(work.lease, next.entry.id, { type: 'sent' });
          }
        }
        expect(unsent.filter((name) => settled.includes(name))).toEqual([]);
        const probe = leased(
          await store.accept({ conversation, id: idOf(900_000 + round), payload: text('0') }),
        );
        const used = usedIn(probe.session);
        await store.commit(probe.lease, turn({ session: probe.session, consumed: 1 }));
        await store.close();

        expect(used).toEqual(used.map((_, i) => i + 1));
        expect(used.length).toBeGreaterThanOrEqual(Math.max(first - 1, ...accepted));
        first = used.length + 1;
      }
    }));
}
