import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import {
  INBOX_MAX,
  SEEN_MS,
  type Accepted,
  type Commit,
  type Next,
  type Store,
  type Work,
} from '../../src/store/store.ts';

/** One store's data, with a clock that moves only when told. */
export interface Bench {
  /** Opens the data once more: another node. Closed by `end`. */
  open(): Promise<Store>;
  now(): number;
  advance(ms: number): Promise<void>;
  end(): Promise<void>;
}

export const LEASE_MS = 30_000;
export const DAY_MS = 24 * 60 * 60 * 1000;

export const newConversation = (): string => randomBytes(16).toString('base64url');
export const idOf = (n: number): Buffer => {
  const id = Buffer.alloc(8);
  id.writeUInt32BE(n, 4);
  return id;
};
export const text = (value: string): Buffer => Buffer.from(value);
export const read = (entries: readonly { payload: Buffer }[]): string[] =>
  entries.map(({ payload }) => payload.toString());

export const turn = (change: Partial<Commit> = {}): Commit => ({
  session: text('session'),
  keepMs: DAY_MS,
  consumed: 1,
  outbox: [],
  alarmAtMs: null,
  ...change,
});

export function leased(accepted: Accepted): Work {
  if (accepted.type !== 'leased') throw new Error(`accept answered '${accepted.type}', not 'leased'`);
  return accepted.work;
}

function sending(next: Next): { id: string; payload: Buffer; attempts: number; sinceMs: number } {
  if (next.type !== 'send') throw new Error(`the store said '${next.type}', not 'send'`);
  return next.entry;
}

/** What every store must do. `createBench` gives fresh data for each test. */
export function conforms(createBench: () => Promise<Bench>): void {
  let bench: Bench;
  let store: Store;
  let conversation: string;
  const arrive = (n: number, to = conversation): Promise<Accepted> =>
    store.accept({ conversation: to, id: idOf(n), payload: text(`message ${String(n)}`) });
  const out = (...names: string[]): { id: string; payload: Buffer }[] =>
    names.map((name) => ({ id: `${conversation}.${name}`, payload: text(name) }));
  const id = (name: string): string => `${conversation}.${name}`;

  beforeEach(async () => {
    bench = await createBench();
    store = await bench.open();
    conversation = newConversation();
  });
  afterEach(() => bench.end());

  describe('accepting', () => {
    test('a first message is leased with everything there is to know', async () => {
      const work = leased(await arrive(1));
      expect(work).toMatchObject({ lease: { conversation }, session: null, send: null, alarm: false });
      expect(work.inbox).toEqual([{ id: idOf(1), payload: text('message 1') }]);
    });

    test('a message for a held conversation is queued and handed out after the turn', async () => {
      const { lease } = leased(await arrive(1));
      expect(await arrive(2)).toEqual({ type: 'queued' });
      const next = await store.commit(lease, turn());
      expect(next).toEqual({ type: 'turn', inbox: [{ id: idOf(2), payload: text('message 2') }] });
    });

    test('binary and empty payloads come back byte for byte', async () => {
      const payload = Buffer.from(Array.from({ length: 2_000 }, (_, i) => i % 256));
      const work = leased(await store.accept({ conversation, id: idOf(1), payload }));
      const session = Buffer.alloc(0);
      await store.commit(work.lease, turn({ session, outbox: [{ id: id('a'), payload }] }));
      await store.settle(work.lease, id('a'), { type: 'sent' });
      const again = leased(await store.accept({ conversation, id: idOf(2), payload: Buffer.alloc(0) }));
      expect(work.inbox[0]?.payload.equals(payload)).toBe(true);
      expect(again).toMatchObject({ session, inbox: [{ payload: Buffer.alloc(0) }] });
    });

    test('a thousand concurrent messages keep their order across turns', async () => {
      const seen: string[] = [];
      const sent: string[] = [];
      let held: Work | null = null;
      for (let n = 0; n < 1_000; n += INBOX_MAX) {
        const numbers = Array.from({ length: INBOX_MAX }, (_, i) => n + i);
        sent.push(...numbers.map((number) => `message ${String(number)}`));
        const answers = await Promise.all(numbers.map((number) => arrive(number)));
        expect(answers.map(({ type }) => type)).toEqual(
          numbers.map((_, i) => (i === 0 ? 'leased' : 'queued')),
        );
        held = leased(answers[0]!);
        let inbox = held.inbox;
        while (inbox.length > 0) {
          const consumed = Math.ceil(inbox.length / 2);
          seen.push(...read(inbox.slice(0, consumed)));
          const next = await store.commit(held.lease, turn({ consumed }));
          inbox = next.type === 'turn' ? next.inbox : [];
        }
      }
      expect(seen).toEqual(sent);
    });

    test('a thousand messages at once fill the inbox and leave no trace of the rest', async () => {
      const numbers = Array.from({ length: 1_000 }, (_, i) => i);
      const types = (await Promise.all(numbers.map((n) => arrive(n)))).map(({ type }) => type);
      expect(types).toEqual(numbers.map((n) => (n === 0 ? 'leased' : n < INBOX_MAX ? 'queued' : 'full')));
      await bench.advance(LEASE_MS);
      const [work] = await store.due(10);
      expect(read(work!.inbox)).toEqual(numbers.slice(0, INBOX_MAX).map((n) => `message ${String(n)}`));
      await store.commit(work!.lease, turn({ consumed: INBOX_MAX }));
      expect((await arrive(INBOX_MAX)).type).toBe('leased');
      expect(await arrive(INBOX_MAX - 1)).toEqual({ type: 'duplicate' });
    });

    test('a redelivered message is dropped, whether waiting, under work or done', async () => {
      const { lease } = leased(await arrive(1));
      await arrive(2);
      expect(await arrive(1)).toEqual({ type: 'duplicate' });
      expect(await arrive(2)).toEqual({ type: 'duplicate' });
      await store.commit(lease, turn({ consumed: 2 }));
      expect(await arrive(1)).toEqual({ type: 'duplicate' });
    });

    test('an id is remembered for eight days, per conversation', async () => {
      await store.commit(leased(await arrive(1)).lease, turn());
      const other = newConversation();
      expect((await arrive(1, other)).type).toBe('leased');
      await bench.advance(SEEN_MS);
      expect(await arrive(1)).toEqual({ type: 'duplicate' });
      await bench.advance(2_000);
      expect((await arrive(1)).type).toBe('leased');
    });

    test('many ids are told apart, also when one is another shifted by some bytes', async () => {
      const { lease } = leased(await arrive(0));
      for (let n = 1; n < 400; n += 1) {
        await arrive(n);
        await store.commit(lease, turn());
      }
      for (const n of [0, 1, 199, 398, 399]) expect(await arrive(n)).toEqual({ type: 'duplicate' });
      const shifted = Buffer.concat([idOf(399).subarray(2), idOf(0).subarray(0, 2)]);
      const answer = await store.accept({ conversation, id: shifted, payload: text('x') });
      expect(answer.type).not.toBe('duplicate');
    });
  });

  describe('leases', () => {
    test('a lost lease commits and settles nothing', async () => {
      const lost = leased(await arrive(1)).lease;
      await bench.advance(LEASE_MS);
      const [work] = await store.due(10);
      expect(await store.commit(lost, turn({ session: text('stale'), outbox: out('stale') }))).toEqual({
        type: 'lost',
      });
      expect(read(work!.inbox)).toEqual(['message 1']);
      const next = await store.commit(work!.lease, turn({ session: text('fresh'), outbox: out('fresh') }));
      expect(sending(next).id).toBe(id('fresh'));
      expect(await store.settle(lost, id('fresh'), { type: 'sent' })).toEqual({ type: 'lost' });
      await store.release(lost);
      expect(await store.due(10)).toEqual([]);
      await bench.advance(LEASE_MS);
      const [later] = await store.due(10);
      expect(later).toMatchObject({ session: text('fresh'), send: { id: id('fresh'), attempts: 2 } });
    });

    test('a lease that ran out but that nobody took still counts', async () => {
      const { lease } = leased(await arrive(1));
      await bench.advance(10 * LEASE_MS);
      expect(await store.commit(lease, turn())).toEqual({ type: 'released' });
      expect(await store.commit(lease, turn({ consumed: 0 }))).toEqual({ type: 'lost' });
    });

    test('a conversation is taken over by a new message once its lease ran out, inbox and all', async () => {
      const first = leased(await arrive(1));
      await bench.advance(LEASE_MS);
      const second = leased(await arrive(2));
      expect(read(second.inbox)).toEqual(['message 1', 'message 2']);
      expect(second.lease.epoch).toBeGreaterThan(first.lease.epoch);
    });

    test('commit and settle extend the lease', async () => {
      const { lease } = leased(await arrive(1));
      await bench.advance(LEASE_MS - 1);
      await store.commit(lease, turn({ outbox: out('a', 'b') }));
      await bench.advance(LEASE_MS - 1);
      expect(await store.due(10)).toEqual([]);
      await store.settle(lease, id('a'), { type: 'sent' });
      await bench.advance(LEASE_MS - 1);
      expect(await store.due(10)).toEqual([]);
      await bench.advance(1);
      expect((await store.due(10))[0]?.send).toMatchObject({ id: id('b'), attempts: 2 });
    });

    test('epochs rise though the clock stands still', async () => {
      const epochs: number[] = [];
      for (let n = 0; n < 20; n += 1) {
        const { lease } = leased(await arrive(n));
        epochs.push(lease.epoch);
        await store.commit(lease, turn());
      }
      expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
    });

    test('a released conversation is due at once, with all of its work', async () => {
      const { lease } = leased(await arrive(1));
      await store.release(lease);
      const works = await store.due(10);
      expect(works.map(({ inbox }) => read(inbox))).toEqual([['message 1']]);
      expect(await store.commit(lease, turn())).toEqual({ type: 'lost' });
    });

    test('a released send is due at once', async () => {
      const { lease } = leased(await arrive(1));
      await store.commit(lease, turn({ outbox: out('a') }));
      await store.release(lease);
      expect((await store.due(10))[0]?.send).toMatchObject({ id: id('a'), attempts: 2 });
    });

    test('two nodes sweeping at once lease each conversation once', async () => {
      const other = await bench.open();
      const all = Array.from({ length: 60 }, newConversation);
      await Promise.all(all.map((to) => arrive(1, to)));
      await bench.advance(LEASE_MS);
      const sweeps = await Promise.all([store, other, store, other].map((node) => node.due(100)));
      const works = sweeps.flat();
      expect(works.map(({ lease }) => lease.conversation).sort()).toEqual([...all].sort());
      expect(await other.due(100)).toEqual([]);
    });

    test('due leases no more than asked for, and the rest later', async () => {
      const all = Array.from({ length: 25 }, newConversation);
      await Promise.all(all.map((to) => arrive(1, to)));
      await bench.advance(LEASE_MS);
      const sizes: number[] = [];
      for (let i = 0; i < 4; i += 1) sizes.push((await store.due(10)).length);
      expect(sizes).toEqual([10, 10, 5, 0]);
    });

    test('two nodes accepting at once lease a conversation once', async () => {
      const other = await bench.open();
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, n) =>
          (n % 2 ? store : other).accept({ conversation, id: idOf(n), payload: text('x') }),
        ),
      );
      expect(answers.filter(({ type }) => type === 'leased')).toHaveLength(1);
      expect(answers.filter(({ type }) => type === 'queued')).toHaveLength(49);
    });
  });

  describe('sending', () => {
    test('the outbox is sent in order, each entry marked in the step before', async () => {
      const { lease } = leased(await arrive(1));
      const since = bench.now();
      const first = sending(await store.commit(lease, turn({ outbox: out('a', 'b', 'c') })));
      expect(first).toEqual({ id: id('a'), payload: text('a'), attempts: 1, sinceMs: since });
      await bench.advance(5);
      expect(sending(await store.settle(lease, id('a'), { type: 'sent' }))).toMatchObject({
        id: id('b'),
        attempts: 1,
        sinceMs: since,
      });
      expect(sending(await store.settle(lease, id('b'), { type: 'refused' })).id).toBe(id('c'));
      expect(await store.settle(lease, id('c'), { type: 'sent' })).toEqual({ type: 'released' });
      expect(await store.due(10)).toEqual([]);
    });

    test('a message that came during a send is handed out after the last send', async () => {
      const { lease } = leased(await arrive(1));
      await store.commit(lease, turn({ outbox: out('a', 'b') }));
      await arrive(2);
      expect((await store.settle(lease, id('a'), { type: 'sent' })).type).toBe('send');
      const next = await store.settle(lease, id('b'), { type: 'sent' });
      expect(next).toEqual({ type: 'turn', inbox: [{ id: idOf(2), payload: text('message 2') }] });
    });

    test('a retry waits until its time, blocks what is behind it and keeps the order', async () => {
      const { lease } = leased(await arrive(1));
      await store.commit(lease, turn({ outbox: out('a', 'b') }));
      expect(await store.settle(lease, id('a'), { type: 'retry', delayMs: 60_000 })).toEqual({
        type: 'released',
      });
      await bench.advance(59_999);
      expect(await store.due(10)).toEqual([]);
      await bench.advance(1);
      const [work] = await store.due(10);
      expect(work).toMatchObject({ inbox: [], send: { id: id('a'), attempts: 2 }, alarm: false });
      expect(sending(await store.settle(work!.lease, id('a'), { type: 'sent' }))).toMatchObject({
        id: id('b'),
        attempts: 1,
      });
    });

    test('an unclear send waits its grace period, then is sent again', async () => {
      const { lease } = leased(await arrive(1));
      await store.commit(lease, turn({ outbox: out('a') }));
      await store.settle(lease, id('a'), { type: 'unclear', graceMs: 10_000 });
      await bench.advance(9_999);
      expect(await store.due(10)).toEqual([]);
      await bench.advance(1);
      expect((await store.due(10))[0]?.send).toMatchObject({ id: id('a'), attempts: 2 });
    });

    test('commit does not touch a head that waits', async () => {
      const { lease } = leased(await arrive(1));
      await store.commit(lease, turn({ outbox: out('a') }));
      await store.settle(lease, id('a'), { type: 'unclear', graceMs: 10_000 });
      const work = leased(await arrive(2));
      expect(await store.commit(work.lease, turn({ outbox: out('b') }))).toEqual({ type: 'released' });
      await bench.advance(10_000);
      const [due] = await store.due(10);
      expect(due?.send).toMatchObject({ id: id('a'), attempts: 2 });
      expect(sending(await store.settle(due!.lease, id('a'), { type: 'sent' })).id).toBe(id('b'));
    });

    test('what came in is not held up by a send that waits', async () => {
      const { lease } = leased(await arrive(1));
      await store.commit(lease, turn({ outbox: out('a') }));
      await arrive(2);
      const next = await store.settle(lease, id('a'), { type: 'retry', delayMs: 60_000 });
      expect(next).toEqual({ type: 'turn', inbox: [{ id: idOf(2), payload: text('message 2') }] });
    });

    test('a confirmed entry is gone, and what waited behind it is due at once', async () => {
      const { lease } = leased(await arrive(1));
      await store.commit(lease, turn({ outbox: out('a', 'b') }));
      await store.settle(lease, id('a'), { type: 'unclear', graceMs: 10_000 });
      expect(await store.confirm(conversation, id('a'))).toBe(true);
      expect(await store.confirm(conversation, id('a'))).toBe(false);
      const [work] = await store.due(10);
      expect(work?.send).toMatchObject({ id: id('b'), attempts: 1 });
    });

    test('confirming the last entry that waits leaves nothing to do', async () => {
      const { lease } = leased(await arrive(1));
      await store.commit(lease, turn({ outbox: out('a') }));
      await store.settle(lease, id('a'), { type: 'unclear', graceMs: 10_000 });
      expect(await store.confirm(conversation, id('a'))).toBe(true);
      await bench.advance(DAY_MS / 2);
      expect(await store.due(10)).toEqual([]);
    });

    test('settling what was confirmed during the send is no error', async () => {
      const { lease } = leased(await arrive(1));
      await store.commit(lease, turn({ outbox: out('a', 'b') }));
      expect(await store.confirm(conversation, id('a'))).toBe(true);
      expect(await store.due(10)).toEqual([]);
      const next = await store.settle(lease, id('a'), { type: 'unclear', graceMs: 10_000 });
      expect(sending(next)).toMatchObject({ id: id('b'), attempts: 1 });
    });

    test('a node that dies after its send was confirmed leaves the rest to the sweep', async () => {
      const { lease } = leased(await arrive(1));
      await store.commit(lease, turn({ outbox: out('a') }));
      await store.confirm(conversation, id('a'));
      await bench.advance(LEASE_MS);
      expect(await store.due(10)).toEqual([]);
      expect(await store.commit(lease, turn({ consumed: 0 }))).toEqual({ type: 'lost' });
    });

    test('an alarm of a node that died with nothing left to send keeps its time', async () => {
      const { lease } = leased(await arrive(1));
      await store.commit(lease, turn({ outbox: out('a'), alarmAtMs: bench.now() + 3_600_000 }));
      await store.confirm(conversation, id('a'));
      await bench.advance(3_599_999);
      expect(await store.due(10)).toEqual([]);
      await bench.advance(1);
      expect((await store.due(10)).map(({ alarm }) => alarm)).toEqual([true]);
    });

    test('what was never in the outbox is not confirmed', async () => {
      expect(await store.confirm(conversation, id('a'))).toBe(false);
      const { lease } = leased(await arrive(1));
      await store.commit(lease, turn({ outbox: out('a') }));
      expect(await store.confirm(conversation, id('b'))).toBe(false);
    });
  });

  describe('alarms', () => {
    test('an alarm leases the conversation when it is due, until a commit sets another', async () => {
      const { lease } = leased(await arrive(1));
      await store.commit(lease, turn({ alarmAtMs: bench.now() + 3_600_000 }));
      await bench.advance(3_599_999);
      expect(await store.due(10)).toEqual([]);
      await bench.advance(1);
      const [work] = await store.due(10);
      expect(work).toMatchObject({ inbox: [], send: null, alarm: true, session: text('session') });
      await bench.advance(LEASE_MS);
      const [again] = await store.due(10);
      expect(again?.alarm).toBe(true);
      await store.commit(again!.lease, turn({ consumed: 0 }));
      await bench.advance(DAY_MS / 2);
      expect(await store.due(10)).toEqual([]);
    });

    test('a message before the alarm leaves it to the commit to keep or drop it', async () => {
      const at = bench.now() + 3_600_000;
      await store.commit(leased(await arrive(1)).lease, turn({ alarmAtMs: at }));
      const work = leased(await arrive(2));
      expect(work.alarm).toBe(false);
      await store.commit(work.lease, turn({ alarmAtMs: at }));
      await bench.advance(3_600_000);
      const [due] = await store.due(10);
      expect(due?.alarm).toBe(true);
    });

    test('an alarm waits for the outbox', async () => {
      const { lease } = leased(await arrive(1));
      await store.commit(lease, turn({ outbox: out('a'), alarmAtMs: bench.now() + 1_000 }));
      await store.settle(lease, id('a'), { type: 'unclear', graceMs: 10_000 });
      await bench.advance(2_000);
      expect(await store.due(10)).toEqual([]);
      await bench.advance(8_000);
      const [work] = await store.due(10);
      expect(work).toMatchObject({ alarm: false, send: { id: id('a') } });
      expect(await store.settle(work!.lease, id('a'), { type: 'sent' })).toEqual({ type: 'released' });
      expect((await store.due(10))[0]?.alarm).toBe(true);
    });
  });

  describe('forgetting', () => {
    test('forget deletes session, inbox, outbox and alarm, and ends the lease', async () => {
      const { lease } = leased(await arrive(1));
      await store.commit(lease, turn({ outbox: out('a'), alarmAtMs: bench.now() }));
      await arrive(2);
      await store.forget(conversation);
      expect(await store.settle(lease, id('a'), { type: 'sent' })).toEqual({ type: 'lost' });
      expect(await store.commit(lease, turn({ consumed: 0 }))).toEqual({ type: 'lost' });
      expect(await store.confirm(conversation, id('a'))).toBe(false);
      await bench.advance(LEASE_MS);
      expect(await store.due(10)).toEqual([]);
      expect(await arrive(1)).toEqual({ type: 'duplicate' });
      const work = leased(await arrive(3));
      expect(work.session).toBeNull();
      expect(read(work.inbox)).toEqual(['message 3']);
    });

    test('a commit without a session deletes it', async () => {
      await store.commit(leased(await arrive(1)).lease, turn());
      const work = leased(await arrive(2));
      expect(work.session).toEqual(text('session'));
      await store.commit(work.lease, turn({ session: null }));
      expect(leased(await arrive(3)).session).toBeNull();
    });
  });

  describe('what only one node may have', () => {
    test('is the first holder’s until it gives it back, or its time is over', async () => {
      const other = await bench.open();
      const name = newConversation();
      expect(await store.own(name, 'a', 60_000)).toBe(true);
      expect(await other.own(name, 'b', 60_000)).toBe(false);
      await bench.advance(59_999);
      expect(await store.own(name, 'a', 60_000)).toBe(true);
      await bench.advance(59_999);
      expect(await other.own(name, 'b', 60_000)).toBe(false);
      await bench.advance(1);
      expect(await other.own(name, 'b', 60_000)).toBe(true);
      expect(await store.own(name, 'a', 0)).toBe(false);
      expect(await store.own(name, 'a', 60_000)).toBe(false);
      expect(await other.own(name, 'b', 0)).toBe(false);
      expect(await store.own(name, 'a', 60_000)).toBe(true);
    });
  });

  describe('what cannot be dealt with', () => {
    const letter = (n: number): { kind: 'message'; id: Buffer; payload: Buffer } => ({
      kind: 'message',
      id: idOf(n),
      payload: text(`message ${String(n)}`),
    });

    test('leases that end without progress are counted until something gets through', async () => {
      let work = leased(await arrive(1));
      for (let tries = 1; tries <= 3; tries += 1) {
        expect(work.tries).toBe(tries);
        await bench.advance(LEASE_MS);
        work = (await store.due(1))[0]!;
      }
      expect(work.tries).toBe(4);
      await store.commit(work.lease, turn({ outbox: out('a') }));
      await bench.advance(LEASE_MS);
      const [again] = await store.due(1);
      expect(again).toMatchObject({ tries: 1, send: { id: id('a'), attempts: 2 } });
      await store.settle(again!.lease, id('a'), { type: 'retry', delayMs: 1_000 });
      await bench.advance(1_000);
      expect((await store.due(1))[0]!.tries).toBe(1);
    });

    test('a lease that is handed back was no try; one that failed was, and is kept from everybody for a while', async () => {
      const first = leased(await arrive(1));
      await store.release(first.lease);
      const second = (await store.due(1))[0]!;
      expect(second.tries).toBe(1);
      await store.release(second.lease, { retryMs: 1_000 });
      expect(await store.due(1)).toEqual([]);
      expect(await arrive(2)).toEqual({ type: 'queued' });
      await bench.advance(1_000);
      const third = (await store.due(1))[0]!;
      expect(third.tries).toBe(2);
      expect(read(third.inbox)).toEqual(['message 1', 'message 2']);
    });

    test('a message set aside is listed, and comes back into its inbox when it is tried again', async () => {
      const { lease } = leased(await arrive(1));
      const since = bench.now();
      await store.commit(lease, turn({ aside: [letter(1)] }));
      const found = await store.dead(10);
      const name = id(idOf(1).toString('base64url'));
      expect(found).toEqual([
        {
          id: name,
          conversation,
          kind: 'message',
          sinceMs: expect.any(Number),
          payload: text('message 1'),
        },
      ]);
      expect(found[0]!.sinceMs).toBeGreaterThanOrEqual(since);
      expect((await store.counts()).dead).toBe(1);
      expect(await store.exhume(name, 'retry')).toBe('done');
      const work = (await store.due(1))[0]!;
      expect(work.inbox).toEqual([{ id: idOf(1), payload: text('message 1') }]);
      expect(await store.dead(10)).toEqual([]);
      expect(await store.exhume(name, 'retry')).toBe('gone');
      expect((await store.counts()).dead).toBe(0);
    });

    test('a reply set aside goes out again when it is tried again', async () => {
      const { lease } = leased(await arrive(1));
      await store.commit(lease, turn({ outbox: out('a', 'b') }));
      expect(await store.settle(lease, id('a'), { type: 'aside' })).toMatchObject({
        type: 'send',
        entry: { id: id('b') },
      });
      await store.settle(lease, id('b'), { type: 'sent' });
      expect(await store.dead(10)).toMatchObject([{ id: id('a'), kind: 'reply', payload: text('a') }]);
      expect(await store.exhume(id('a'), 'retry')).toBe('done');
      expect((await store.due(1))[0]!.send).toMatchObject({ id: id('a'), attempts: 1, payload: text('a') });
    });

    test('a session set aside can be seen and dropped, not tried again', async () => {
      const { lease } = leased(await arrive(1));
      const aside = [{ kind: 'session' as const, id: idOf(1), payload: text('broken') }];
      await store.commit(lease, turn({ aside }));
      expect(await store.dead(10)).toMatchObject([{ id: id('session'), kind: 'session' }]);
      expect(await store.exhume(id('session'), 'retry')).toBe('session');
      expect(await store.exhume(id('session'), 'drop')).toBe('done');
      expect(await store.dead(10)).toEqual([]);
    });

    test('a message is not put back into a full inbox, and waits', async () => {
      const { lease } = leased(await arrive(1));
      await store.commit(lease, turn({ aside: [letter(1)] }));
      for (let n = 2; n < 2 + INBOX_MAX; n += 1) await arrive(n);
      expect(await store.exhume(id(idOf(1).toString('base64url')), 'retry')).toBe('full');
      expect(await store.dead(10)).toHaveLength(1);
    });

    test('who wants all forgotten has no dead letters either', async () => {
      await store.commit(leased(await arrive(1)).lease, turn({ aside: [letter(1)] }));
      await store.forget(conversation);
      expect(await store.dead(10)).toEqual([]);
      await store.commit(leased(await arrive(2)).lease, turn({ aside: [letter(2)] }));
      await store.commit(leased(await arrive(3)).lease, turn({ session: null }));
      expect(await store.dead(10)).toEqual([]);
    });

    test('what is no id of a dead letter is none', async () => {
      for (const odd of ['', 'x', '../etc', `${conversation}.`, `${conversation}.session`])
        expect(await store.exhume(odd, 'drop')).toBe('gone');
    });

    test('counts what waits', async () => {
      expect(await store.counts()).toEqual({ due: 0, oldestDueMs: null, dead: 0 });
      const { lease } = leased(await arrive(1));
      await store.commit(lease, turn({ alarmAtMs: bench.now() + 1_000 }));
      leased(await arrive(2, newConversation()));
      expect(await store.counts()).toEqual({ due: 0, oldestDueMs: null, dead: 0 });
      await bench.advance(1_000);
      const dueSince = bench.now();
      await bench.advance(LEASE_MS);
      expect(await store.counts()).toEqual({ due: 2, oldestDueMs: expect.any(Number), dead: 0 });
      expect((await store.counts()).oldestDueMs!).toBeLessThanOrEqual(dueSince);
    });
  });

  describe('mistakes', () => {
    test('a commit that consumed more than there is is refused and changes nothing', async () => {
      const { lease } = leased(await arrive(1));
      const commit = turn({ session: text('wrong'), consumed: 2, outbox: out('a') });
      await expect(store.commit(lease, commit)).rejects.toThrow('more messages than the inbox holds');
      await store.release(lease);
      const [work] = await store.due(10);
      expect(work).toMatchObject({ session: null, send: null });
      expect(read(work!.inbox)).toEqual(['message 1']);
    });

    test('commits and arrivals outside the contract are refused with the reason', async () => {
      const { lease } = leased(await arrive(1));
      for (const [change, reason] of [
        [{ keepMs: 0 }, 'keepMs is 0'],
        [{ keepMs: 401 * DAY_MS }, 'keepMs'],
        [{ consumed: -1 }, 'consumed is -1'],
        [{ outbox: [{ id: 'x'.repeat(101), payload: text('') }] }, 'must have 1 to 100 characters'],
      ] as const)
        await expect(async () => store.commit(lease, turn(change))).rejects.toThrow(reason);
      const short = { conversation, id: Buffer.alloc(7), payload: text('') };
      await expect(async () => store.accept(short)).rejects.toThrow('it must have 8');
    });

    test('health is good while the store takes writes', async () => {
      expect(await store.health()).toEqual({ ok: true, warnings: [] });
    });
  });
}
