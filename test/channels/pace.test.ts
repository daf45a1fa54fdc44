import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createPace, messengerPace, whatsappPace, type Pace } from '../../src/channels/pace.ts';
import { WHATSAPP_ERRORS } from '../../src/channels/graph/errors.ts';
import { sendResult } from '../../src/channels/graph/result.ts';
import { createLog } from '../../src/log.ts';
import { createMessenger } from '../../src/channels/messenger/channel.ts';
import { createWhatsappCloud } from '../../src/channels/whatsapp-cloud/channel.ts';
import { startGraphStandIn } from '../support/graph-stand-in.js';

const PAIR = { everyMs: 6_000, burst: 45 };

/** A pace with a clock that stands still until it is moved. */
function frozen(options: { pair?: typeof PAIR; message?: number; recording?: number } = {}): {
  pace: Pace;
  readonly pass: (ms: number) => void;
} {
  let now = 0;
  const { pair, message = 10_000, recording } = options;
  const pace = createPace({
    ...(pair ? { pair } : {}),
    perSecond: { message, ...(recording === undefined ? {} : { recording }) },
    clock: () => now,
  });
  return {
    pace,
    pass(ms) {
      now += ms;
    },
  };
}

describe('to one person', () => {
  test('45 messages go at once, then one every six seconds', () => {
    const { pace, pass } = frozen({ pair: PAIR });
    for (let sent = 0; sent < 45; sent += 1) expect(pace.take('a', 'p', 'message')).toBe(0);
    expect(pace.take('a', 'p', 'message')).toBe(6_000);
    pass(5_999);
    expect(pace.take('a', 'p', 'message')).toBe(1);
    pass(1);
    expect(pace.take('a', 'p', 'message')).toBe(0);
    expect(pace.take('a', 'p', 'message')).toBe(6_000);
  });

  test('others, and the same person on another account, are not kept waiting', () => {
    const { pace } = frozen({ pair: { everyMs: 6_000, burst: 1 } });
    expect(pace.take('a', 'p', 'message')).toBe(0);
    expect(pace.take('a', 'p', 'message')).toBe(6_000);
    expect(pace.take('a', 'q', 'message')).toBe(0);
    expect(pace.take('b', 'p', 'message')).toBe(0);
  });

  test('being turned away costs nothing', () => {
    const { pace, pass } = frozen({ pair: PAIR });
    for (let tries = 0; tries < 500; tries += 1) pace.take('a', 'p', 'message');
    pass(6_000);
    expect(pace.take('a', 'p', 'message')).toBe(0);
  });

  test('whatever comes when, Meta never counts too many, and nobody waits longer than told', () => {
    const gap = fc.oneof(fc.constant(0), fc.integer({ max: 20_000, min: 0 }), fc.constant(270_000));
    const visits = fc.array(fc.tuple(gap, fc.integer({ min: 1, max: 60 })), { maxLength: 30 });
    fc.assert(
      fc.property(visits, (all) => {
        const { pace, pass } = frozen({ pair: PAIR });
        // As Meta counts: a credit of 45 messages, of which one comes back every six seconds.
        let credit = 45;
        const later = (ms: number): void => {
          pass(ms);
          credit = Math.min(45, credit + ms / 6_000);
        };
        for (const [ms, messages] of all) {
          later(ms);
          for (let message = 0; message < messages; message += 1) {
            const wait = pace.take('a', 'p', 'message');
            if (wait > 0) {
              later(wait);
              expect(pace.take('a', 'p', 'message')).toBe(0);
            }
            credit -= 1;
            expect(credit).toBeGreaterThan(-1e-6);
          }
        }
      }),
    );
  });

  test('people who have all their credit again are forgotten', () => {
    const { pace, pass } = frozen({ pair: PAIR });
    let refused = 0;
    for (let person = 0; person < 20_000; person += 1) {
      refused += pace.take('a', String(person), 'message');
      pass(100);
    }
    expect(refused).toBe(0);
    // 60 of them have less than full credit at any time.
    expect(pace.people).toBeLessThanOrEqual(1_000);
  });
});

describe('of one account', () => {
  test('no second holds more than allowed, whenever they come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 }), (gaps) => {
        const { pace, pass } = frozen({ message: 8 });
        let now = 0;
        const granted: number[] = [];
        for (const ms of gaps) {
          pass(ms);
          now += ms;
          if (pace.take('a', String(granted.length), 'message') === 0) granted.push(now);
        }
        for (const [index, at] of granted.entries()) {
          const eighthAfter = granted[index + 8];
          if (eighthAfter !== undefined) expect(eighthAfter - at).toBeGreaterThan(1_000);
        }
      }),
    );
  });

  test('2,000 reminders at nine o’clock go out at full speed, and few come back more than once', () => {
    const { pace, pass } = frozen({ pair: PAIR, message: 80 });
    let now = 0;
    let tries = 0;
    let waiting = Array.from({ length: 2_000 }, (_, person) => ({ person, at: 0 }));
    while (waiting.length > 0) {
      const next = Math.min(...waiting.map(({ at }) => at));
      pass(next - now);
      now = next;
      waiting = waiting.flatMap((one) => {
        if (one.at > now) return [one];
        tries += 1;
        const wait = pace.take('a', String(one.person), 'message');
        // As deliver does: a second at least.
        return wait === 0 ? [] : [{ ...one, at: now + Math.max(1_000, wait) }];
      });
    }
    expect(now).toBeLessThan((2_000 / 80) * 1_100 * 1.1);
    expect(tries).toBeLessThan(3 * 2_000);
  });

  test('recordings have a limit of their own where there is one', () => {
    const { pace } = frozen({ message: 2, recording: 1 });
    expect(pace.take('a', 'p', 'recording')).toBe(0);
    expect(pace.take('a', 'p', 'recording')).toBeGreaterThan(0);
    expect(pace.take('a', 'p', 'message')).toBe(0);
    expect(pace.take('a', 'p', 'message')).toBe(0);
    expect(pace.take('a', 'p', 'message')).toBeGreaterThan(0);
    const without = frozen({ message: 1 }).pace;
    expect(without.take('a', 'p', 'message')).toBe(0);
    expect(without.take('a', 'p', 'recording')).toBeGreaterThan(0);
  });

  test('whoever is turned away for the account has lost none of their own credit', () => {
    const { pace, pass } = frozen({ pair: { everyMs: 6_000, burst: 1 }, message: 1 });
    expect(pace.take('a', 'p', 'message')).toBe(0);
    expect(pace.take('a', 'q', 'message')).toBe(1_100);
    pass(1_100);
    expect(pace.take('a', 'q', 'message')).toBe(0);
  });
});

test('Meta’s numbers', () => {
  const granted = (pace: Pace, kind: 'message' | 'recording', same: boolean): number => {
    let count = 0;
    while (count < 2_000 && pace.take('a', same ? 'p' : String(count), kind) === 0) count += 1;
    return count;
  };
  expect(granted(whatsappPace(), 'message', true)).toBe(45);
  expect(granted(whatsappPace(), 'message', false)).toBe(80);
  expect(granted(whatsappPace(1_000), 'message', false)).toBe(1_000);
  expect(granted(messengerPace(), 'message', true)).toBe(300);
  expect(granted(messengerPace(), 'recording', true)).toBe(10);
});

describe('what is too much', () => {
  const log = createLog('silent');
  const options = { version: 'v25.0', appSecret: 's', verifyToken: 'v', mediaFolder: '.', log };

  test('never reaches Meta, and goes again when it may', async () => {
    const graph = await startGraphStandIn();
    const whatsapp = createWhatsappCloud({
      ...options,
      graphUrl: graph.url,
      accounts: new Map([['1', 'T']]),
    });
    const messenger = createMessenger({ ...options, graphUrl: graph.url, accounts: new Map([['2', 'T']]) });
    try {
      const send = (address: Record<string, string>, index: number): Promise<unknown> =>
        whatsapp.send({ account: '1', address }, { type: 'text', text: { body: 'x' } }, `w.${String(index)}`);
      const results = await Promise.all(
        Array.from({ length: 46 }, (_, index) => send({ phone: '+49151' }, index)),
      );
      const pace = { type: 'retry', afterMs: expect.any(Number), growth: 1, reason: 'pace' };
      expect(results.slice(0, 45)).toEqual(Array(45).fill(expect.objectContaining({ type: 'sent' })));
      expect(results[45]).toEqual(pace);
      expect(await send({ recipient: 'DE.1' }, 46)).toMatchObject({ type: 'sent' });
      expect(await graph.count()).toBe(46);

      const recording = { attachment: { type: 'audio', payload: { url: 'https://example.org/a.ogg' } } };
      const played = await Promise.all(
        Array.from({ length: 11 }, (_, index) =>
          messenger.send({ account: '2', address: { psid: String(index) } }, recording, `m.${String(index)}`),
        ),
      );
      expect(played.slice(0, 10)).toEqual(Array(10).fill(expect.objectContaining({ type: 'sent' })));
      expect(played[10]).toEqual(pace);
      expect(await graph.count()).toBe(56);
    } finally {
      await whatsapp.close?.();
      await messenger.close?.();
      await graph.stop();
    }
  });

  test('is waited for four times as long each time, if Meta refuses it all the same', () => {
    const answer = (code: number, retryAfterMs: number | null = null): unknown =>
      sendResult(
        { type: 'answer', status: 400, body: { error: { code } }, retryAfterMs },
        { channel: 'whatsapp', rules: WHATSAPP_ERRORS, idOf: () => undefined, log },
      );
    expect(answer(131056)).toMatchObject({ type: 'retry', afterMs: null, growth: 4 });
    expect(answer(131056, 5_000)).toMatchObject({ type: 'retry', afterMs: 5_000, growth: 4 });
    expect(answer(130429)).not.toHaveProperty('growth');
  });
});
