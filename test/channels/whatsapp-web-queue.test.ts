import { describe, expect, test } from '@jest/globals';
import type { ChannelEvent } from '../../src/channels/channel.ts';
import { createQueue } from '../../src/channels/whatsapp-web/queue.ts';
import { createLog } from '../../src/log.ts';
import { settle, stoppedClock } from './whatsapp-web-fake.ts';

const event = (user: string, id: string): ChannelEvent => ({
  kind: 'text',
  text: id,
  id,
  account: '1',
  from: user,
  user,
  address: { chat: user },
  at: 0,
});

function setup(refuses: (id: string) => boolean = () => false) {
  const clock = stoppedClock();
  const lines: string[] = [];
  const got: string[] = [];
  const tries: string[] = [];
  const rule = { refuses };
  const queue = createQueue({
    clock,
    log: createLog('warn', { write: (line) => lines.push(line) }),
    receive: ([first]) => {
      const id = first && 'id' in first ? first.id : '';
      tries.push(id);
      if (rule.refuses(id)) return Promise.reject(new Error('the store is away'));
      got.push(id);
      return Promise.resolve();
    },
  });
  return { clock, lines, got, tries, rule, queue };
}

describe('the queue before the store', () => {
  test('keeps what the store does not take, in order, and others do not wait for it', async () => {
    const { clock, got, rule, queue } = setup((id) => id.startsWith('a'));
    for (const [user, id] of [
      ['a', 'a1'],
      ['a', 'a2'],
      ['b', 'b1'],
      ['a', 'a3'],
    ] as const)
      queue.add(user, event(user, id));
    await settle();
    expect(got).toEqual(['b1']);
    rule.refuses = () => false;
    await clock.advance(1_000);
    expect(got).toEqual(['b1', 'a1', 'a2', 'a3']);
    queue.add('a', event('a', 'a4'));
    await settle();
    expect(got.at(-1)).toBe('a4');
    expect(clock.waiting()).toBe(0);
  });

  test('tries again after 1 s, then twice as long, up to a minute', async () => {
    const { clock, tries, queue } = setup(() => true);
    queue.add('a', event('a', 'a1'));
    await settle();
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const before = tries.length;
      const begun = clock.now();
      while (tries.length === before) await clock.advance(1_000);
      waits.push((clock.now() - begun) / 1_000);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(queue.close()).toBe(1);
    expect(clock.waiting()).toBe(0);
  });

  test('gives one up after a day, says so, and goes on with the next', async () => {
    const { clock, got, lines, queue } = setup((id) => id === 'a1');
    queue.add('a', event('a', 'a1'));
    queue.add('a', event('a', 'a2'));
    await clock.advance(24 * 60 * 60 * 1000);
    expect(got).toEqual([]);
    await clock.advance(60_000);
    expect(got).toEqual(['a2']);
    expect(lines.at(-1)).toContain('could not be stored for a day');
  });

  test('holds 1000 and says when it loses one', async () => {
    const { clock, got, lines, rule, queue } = setup(() => true);
    for (let number = 0; number < 1_001; number += 1)
      queue.add(`p${String(number)}`, event('p', String(number)));
    await settle();
    expect(lines.filter((line) => line.includes('a message is lost'))).toHaveLength(1);
    rule.refuses = () => false;
    await clock.advance(1_000);
    expect(got).toHaveLength(1_000);
    expect(got).not.toContain('1000');
    expect(queue.close()).toBe(0);
  });

  test('tries no more after it is closed', async () => {
    const { clock, got, rule, queue } = setup(() => true);
    queue.add('a', event('a', 'a1'));
    await settle();
    rule.refuses = () => false;
    expect(queue.close()).toBe(1);
    await clock.advance(60_000);
    queue.add('b', event('b', 'b1'));
    await settle();
    expect(got).toEqual([]);
  });
});
