import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { evenClock } from '../../src/store/embedded-clock.ts';
import { createEmbeddedStore } from '../../src/store/embedded.ts';
import { StoreUnavailable, SEEN_MS, type Store, type Work } from '../../src/store/store.ts';
import {
  conforms,
  DAY_MS,
  idOf,
  LEASE_MS,
  leased,
  newConversation,
  text,
  turn,
  type Bench,
} from './conformance.ts';
import { KILLED_LEASE_MS, survivesKill } from './killed.ts';
import { agreesWithModel } from './model.ts';

async function createBench(): Promise<Bench & { folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'lotse-store-'));
  const stores: Store[] = [];
  let now = Date.now();
  return {
    folder,
    async open() {
      const store = await createEmbeddedStore({
        folder,
        leaseMs: LEASE_MS,
        clock: evenClock(
          () => now,
          () => now,
        ),
      });
      stores.push(store);
      return store;
    },
    now: () => now,
    advance(ms) {
      now += ms;
      return Promise.resolve();
    },
    async end() {
      for (const store of stores) await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

describe('the embedded store', () => {
  describe('the contract', () => {
    conforms(createBench);
  });
  agreesWithModel(createBench);

  describe('over kill -9', () => {
    survivesKill(async () => {
      const where = await mkdtemp(join(tmpdir(), 'lotse-store-'));
      return {
        where,
        open: () => createEmbeddedStore({ folder: where, leaseMs: KILLED_LEASE_MS }),
        end: () => rm(where, { recursive: true }),
      };
    });
  });

  describe('its folder', () => {
    let bench: Bench & { folder: string };
    beforeEach(async () => {
      bench = await createBench();
    });
    afterEach(() => bench.end());
    const create = (folder: string): Promise<Store> => createEmbeddedStore({ folder, leaseMs: LEASE_MS });

    test('is created when missing, dots in its name and all', async () => {
      const store = await create(join(bench.folder, 'new', 'data.v1'));
      expect(await store.health()).toEqual({ ok: true, warnings: [] });
      await store.close();
    });

    test('that cannot be written is refused with the way out', async () => {
      const file = join(bench.folder, 'file');
      await writeFile(file, '');
      await expect(create(join(file, 'data'))).rejects.toThrow(
        /cannot be written \(ENOTDIR\).*STORE=embedded:FOLDER/,
      );
      await expect(create(join(file, 'data'))).rejects.toBeInstanceOf(StoreUnavailable);
    });

    test('that another process uses is refused, naming the process, until that one is gone', async () => {
      const code = `import { open } from 'lmdb';
        const db = open({ path: process.argv[1], noSubdir: false, overlappingSync: false });
        db.get('');
        process.stdout.write('open');
        setInterval(() => db.get(''), 1_000);`;
      const args = ['--input-type=module', '--eval', code, bench.folder];
      const other = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(other.stdout, 'data');
      await expect(create(bench.folder)).rejects.toThrow(`in use by another process (${String(other.pid)})`);
      other.kill('SIGKILL');
      await once(other, 'exit');
      const store = await create(bench.folder);
      await store.close();
    });

    test('keeps everything from one opening to the next', async () => {
      const conversation = newConversation();
      const first = await bench.open();
      const { lease } = leased(await first.accept({ conversation, id: idOf(1), payload: text('a') }));
      await first.commit(lease, turn({ outbox: [{ id: `${conversation}.1`, payload: text('reply') }] }));
      await first.close();
      const second = await bench.open();
      await bench.advance(LEASE_MS);
      expect((await second.due(10))[0]).toMatchObject({ session: text('session'), send: { attempts: 2 } });
    });

    test('is unavailable, in words, once the store is closed', async () => {
      const store = await bench.open();
      await store.close();
      await store.close();
      await expect(store.due(1)).rejects.toBeInstanceOf(StoreUnavailable);
      expect(await store.health()).toMatchObject({ ok: false });
    });

    test('does not hold sessions and ids longer than promised', async () => {
      const store = await bench.open();
      for (let n = 0; n < 130; n += 1) {
        const accepted = await store.accept({
          conversation: newConversation(),
          id: idOf(n),
          payload: text(''),
        });
        const keepMs = n % 2 ? DAY_MS : 20 * DAY_MS;
        await store.commit(leased(accepted).lease, turn({ keepMs }));
      }
      const count = (name: string): number => {
        const db = open({ path: bench.folder, noSubdir: false, overlappingSync: false }).openDB({ name });
        return db.getKeysCount();
      };
      expect(count('conversations-2')).toBe(130);
      await bench.advance(SEEN_MS + 2_000);
      for (let i = 0; i < 4; i += 1) await store.due(10);
      // Those whose session is kept for longer than their ids.
      expect(count('conversations-2')).toBe(65);
    });

    test('a clock that is set ends no lease and no grace period early, and reminders go by it', async () => {
      let [machine, even] = [Date.now(), 0];
      const store = await createEmbeddedStore({
        folder: bench.folder,
        leaseMs: LEASE_MS,
        clock: evenClock(
          () => machine,
          () => even,
        ),
      });
      const [working, unclear, reminded] = [newConversation(), newConversation(), newConversation()];
      const arrive = async (conversation: string): Promise<Work> =>
        leased(await store.accept({ conversation, id: idOf(1), payload: text('') }));
      const held = await arrive(working);
      const sending = await arrive(unclear);
      const outboxId = `${unclear}.a`;
      await store.commit(sending.lease, turn({ outbox: [{ id: outboxId, payload: text('a') }] }));
      await store.settle(sending.lease, outboxId, { type: 'unclear', graceMs: 10_000 });
      await store.commit((await arrive(reminded)).lease, turn({ alarmAtMs: machine + 60_000 }));
      for (const byMs of [60_000, -3_600_000, 3_600_000]) {
        machine += byMs;
        const due = await store.due(10);
        expect(due.map(({ lease }) => lease.conversation)).toEqual(byMs === 60_000 ? [reminded] : []);
        for (const { lease } of due) await store.commit(lease, turn({ consumed: 0 }));
      }
      [machine, even] = [machine + 10_000, even + 10_000];
      expect((await store.due(10)).map(({ send }) => send?.id)).toEqual([outboxId]);
      expect(await store.commit(held.lease, turn())).toEqual({ type: 'released' });
      await store.close();
    });

    test('a session is gone once it was untouched for as long as it was to be kept', async () => {
      const conversation = newConversation();
      const store = await bench.open();
      const arrive = async (n: number): ReturnType<Store['accept']> =>
        store.accept({ conversation, id: idOf(n), payload: text('') });
      await store.commit(leased(await arrive(1)).lease, turn({ keepMs: 1_000 }));
      await bench.advance(999);
      const work = leased(await arrive(2));
      expect(work.session).toEqual(text('session'));
      await store.commit(work.lease, turn({ keepMs: 1_000 }));
      await bench.advance(1_000);
      expect(leased(await arrive(3)).session).toBeNull();
    });
  });
});
