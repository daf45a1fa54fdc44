import { describe, expect, test } from '@jest/globals';
import { createSession, type Session } from '../../src/channels/whatsapp-web/session.ts';
import { createLog } from '../../src/log.ts';
import {
  fakeLibrary,
  fakeOwnership,
  settle,
  stoppedClock,
  type FakeLibrary,
  type FakeOwnership,
  type TestClock,
} from './whatsapp-web-fake.ts';

interface Setup {
  readonly session: Session;
  readonly library: FakeLibrary;
  readonly ownership: FakeOwnership;
  readonly clock: TestClock;
  readonly codes: string[];
  readonly lines: string[];
}

async function start(prepare: (library: FakeLibrary, ownership: FakeOwnership) => void = () => undefined) {
  const library = fakeLibrary();
  const ownership = fakeOwnership();
  const clock = stoppedClock();
  const codes: string[] = [];
  const lines: string[] = [];
  prepare(library, ownership);
  const session = createSession({
    open: library.open,
    ownership,
    clock,
    log: createLog('info', { write: (line) => lines.push(line) }),
    showQr: (code) => codes.push(code),
  });
  session.start();
  await settle();
  return { session, library, ownership, clock, codes, lines } satisfies Setup;
}

const MINUTE = 60_000;

describe('linking', () => {
  test('goes from starting over the code to ready, and only then can send', async () => {
    const { session, library, clock, codes } = await start();
    const begun = clock.now();
    expect(session.status()).toEqual({ state: 'starting', since: begun });
    library.last().say({ type: 'qr', code: 'first' });
    await clock.advance(20_000);
    library.last().say({ type: 'qr', code: 'second' });
    expect(session.status()).toEqual({ state: 'qr', code: 'second', since: begun });
    expect(codes).toEqual(['first', 'second']);
    library.last().say({ type: 'progress' });
    expect(session.status()).toEqual({ state: 'starting', since: begun + 20_000 });
    expect(session.client()).toBeNull();
    library.last().say({ type: 'ready' });
    expect(session.status()).toEqual({ state: 'ready', since: begun + 20_000 });
    expect(session.client()?.account()).toBe('4915100000000');
    await session.stop();
  });

  test('signs of life after ready, and a second ready, change nothing', async () => {
    const { session, library, clock } = await start();
    library.last().say({ type: 'ready' });
    const { since } = session.status();
    await clock.advance(1_000);
    library.last().say({ type: 'progress' });
    library.last().say({ type: 'ready' });
    expect(session.status()).toEqual({ state: 'ready', since });
    await clock.advance(24 * 60 * MINUTE);
    expect(session.status().state).toBe('ready');
    await session.stop();
  });

  test('a code that WhatsApp does not renew any more is replaced by a new browser', async () => {
    const { session, library, clock } = await start();
    library.last().say({ type: 'qr', code: 'first' });
    await clock.advance(2 * MINUTE - 1);
    expect(session.status().state).toBe('qr');
    await clock.advance(1);
    expect(session.status()).toMatchObject({ state: 'waiting', reason: 'the code was not scanned in time' });
    expect(library.last().destroyed()).toBe(true);
    await clock.advance(1_000);
    expect(library.clients).toHaveLength(2);
    await session.stop();
  });

  test('a start without a sign of life ends after three minutes', async () => {
    const { session, clock } = await start();
    await clock.advance(3 * MINUTE);
    expect(session.status()).toMatchObject({ reason: 'WhatsApp Web did not open in time' });
    await session.stop();
  });
});

describe('a lost connection', () => {
  test('waits 1 s, then twice as long each time, up to five minutes', async () => {
    const { session, library, clock } = await start();
    const waits: number[] = [];
    for (let round = 0; round < 11; round += 1) {
      const before = library.clients.length;
      library.last().failStart(new Error('net::ERR_NAME_NOT_RESOLVED at https://web.whatsapp.com/'));
      await settle();
      expect(session.status()).toMatchObject({
        state: 'waiting',
        reason:
          'web.whatsapp.com cannot be reached (net::ERR_NAME_NOT_RESOLVED at https://web.whatsapp.com/)',
      });
      const begun = clock.now();
      while (library.clients.length === before) await clock.advance(1_000);
      waits.push((clock.now() - begun) / 1_000);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    await session.stop();
  });

  test('begins again with 1 s after a minute of being ready, and not before', async () => {
    const { session, library, clock } = await start();
    const lose = async (readyMs: number): Promise<number> => {
      library.last().say({ type: 'ready' });
      await clock.advance(readyMs);
      library.last().say({ type: 'ended', reason: 'the browser has ended' });
      await settle();
      expect(session.client()).toBeNull();
      const before = library.clients.length;
      const begun = clock.now();
      while (library.clients.length === before) await clock.advance(1_000);
      return clock.now() - begun;
    };
    expect(await lose(MINUTE - 1)).toBe(1_000);
    expect(await lose(MINUTE - 1)).toBe(2_000);
    expect(await lose(MINUTE)).toBe(1_000);
    expect(await lose(0)).toBe(2_000);
    await session.stop();
  });

  test.each([
    ['an error', new Error('no chromium\nmore'), 'no chromium'],
    ['a text', 'auth timeout', 'auth timeout'],
    ['something else', 7, 'unknown error'],
  ])('a browser that cannot be opened is told by %s', async (_name, thrown, reason) => {
    const { session, library, clock, lines } = await start((fake) => {
      fake.broken = thrown;
    });
    expect(session.status()).toMatchObject({ state: 'waiting', reason });
    expect(lines.join('')).toContain(reason);
    library.broken = undefined;
    await clock.advance(1_000);
    expect(session.status().state).toBe('starting');
    await session.stop();
  });

  test('what an ended browser still says changes nothing', async () => {
    const { session, library, codes } = await start();
    library.last().say({ type: 'ended', reason: 'gone' });
    library.last().say({ type: 'qr', code: 'late' });
    library.last().say({ type: 'ready' });
    await settle();
    expect(session.status()).toMatchObject({ state: 'waiting', reason: 'gone' });
    expect(codes).toEqual([]);
    await session.stop();
  });
});

describe('ownership', () => {
  test('no browser is opened while another process has the session', async () => {
    const { session, library, ownership, clock } = await start((_library, owner) => {
      owner.says = false;
    });
    const { since } = session.status();
    await clock.advance(5 * MINUTE);
    expect(session.status()).toEqual({ state: 'elsewhere', since });
    expect(library.clients).toHaveLength(0);
    ownership.says = true;
    await clock.advance(15_000);
    expect(session.status().state).toBe('starting');
    await session.stop();
  });

  test('a browser is ended as soon as the session is lost, and opened again when it is ours', async () => {
    const { session, library, ownership, clock } = await start();
    library.last().say({ type: 'ready' });
    ownership.says = false;
    await clock.advance(15_000);
    expect(session.status().state).toBe('elsewhere');
    expect(library.last().destroyed()).toBe(true);
    expect(session.client()).toBeNull();
    ownership.says = true;
    await clock.advance(15_000);
    expect(library.clients).toHaveLength(2);
    await session.stop();
  });

  test('a store that is away for a moment is borne until the lease could run out', async () => {
    const { session, library, ownership, clock } = await start();
    library.last().say({ type: 'ready' });
    ownership.says = new Error('the store is away');
    await clock.advance(30_000);
    expect(session.status().state).toBe('ready');
    ownership.says = true;
    await clock.advance(15_000);
    ownership.says = new Error('the store is away');
    await clock.advance(30_000);
    expect(session.status().state).toBe('ready');
    await clock.advance(15_000);
    expect(library.last().destroyed()).toBe(true);
    expect(session.status()).toMatchObject({
      state: 'elsewhere',
    });
    await clock.advance(15_000);
    expect(session.status()).toMatchObject({
      state: 'waiting',
      reason: 'nobody can tell who has the session: the store is away',
    });
    expect(library.clients).toHaveLength(1);
    await session.stop();
  });

  test('is renewed while waiting for the next try, too', async () => {
    const { session, library, ownership, clock } = await start();
    for (let round = 0; round < 7; round += 1) {
      library.last().failStart('auth timeout');
      await settle();
      if (round < 6) await clock.advance(64_000);
    }
    ownership.says = false;
    await clock.advance(15_000);
    expect(session.status().state).toBe('elsewhere');
    await session.stop();
  });
});

describe('stopping', () => {
  test.each<[string, (setup: Setup) => void]>([
    ['while starting', () => undefined],
    [
      'while ready',
      ({ library }) => {
        library.last().say({ type: 'ready' });
      },
    ],
    [
      'while waiting',
      ({ library }) => {
        library.last().say({ type: 'ended', reason: 'gone' });
      },
    ],
  ])('%s ends the browser, gives the session back, and leaves no timer', async (_name, prepare) => {
    const setup = await start();
    prepare(setup);
    await settle();
    await setup.session.stop();
    expect(setup.library.last().destroyed()).toBe(true);
    expect(setup.ownership.released).toBe(1);
    expect(setup.session.status().state).toBe('off');
    expect(setup.clock.waiting()).toBe(0);
  });

  test('before the start is nothing to wait for', async () => {
    const session = createSession({
      open: fakeLibrary().open,
      ownership: fakeOwnership(),
      clock: stoppedClock(),
      log: createLog('silent'),
      showQr: () => undefined,
    });
    await session.stop();
    expect(session.status().state).toBe('off');
  });
});
