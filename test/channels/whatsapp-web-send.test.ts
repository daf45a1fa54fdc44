import { describe, expect, test } from '@jest/globals';
import { createSender } from '../../src/channels/whatsapp-web/outbound.ts';
import type { WebClient } from '../../src/channels/whatsapp-web/client.ts';
import { fakeLibrary, rejected, settle, stoppedClock } from './whatsapp-web-fake.ts';

const to = { account: '4915100000000', address: { chat: '4915112345678@c.us' } };
const part = { text: 'Guten Tag' };

async function setup() {
  const library = fakeLibrary();
  const clock = stoppedClock();
  const arrived: string[][] = [];
  const state: { client: WebClient | null; elsewhere: boolean } = {
    client: await library.open(() => undefined),
    elsewhere: false,
  };
  const send = createSender({
    client: () => state.client,
    elsewhere: () => state.elsewhere,
    clock,
    arrived: (...told) => arrived.push(told),
  });
  return { library, clock, arrived, state, send };
}

describe('a send', () => {
  test('goes to the chat as text, quoting what it answers, and tells the id', async () => {
    const { library, clock, send } = await setup();
    expect(await send({ ...to, replyTo: 'false_1' }, part, 'o1')).toEqual({
      type: 'sent',
      platformId: 'true_Guten Tag',
    });
    expect(library.last().sent).toEqual([{ chat: to.address.chat, text: 'Guten Tag', quoted: 'false_1' }]);
    expect(clock.waiting()).toBe(0);
  });

  test('waits while there is no connection, and shorter where another process may have one', async () => {
    const { state, send } = await setup();
    state.client = null;
    expect(await send(to, part, 'o1')).toMatchObject({ type: 'retry', afterMs: 5_000, growth: 1 });
    state.elsewhere = true;
    expect(await send(to, part, 'o1')).toMatchObject({ type: 'retry', afterMs: 1_000, growth: 1 });
  });

  test('never goes out from a number that the person does not know', async () => {
    const { library, send } = await setup();
    library.account = '4915199999999';
    expect(await send(to, part, 'o1')).toMatchObject({
      type: 'retry',
      reason: 'another number is linked now',
    });
    expect(library.last().sent).toEqual([]);
    expect(await send({ ...to, account: 'whatsapp-web' }, part, 'o1')).toMatchObject({ type: 'sent' });
  });

  test.each([
    [{ account: to.account, address: {} }, part],
    [to, {}],
    [to, { text: '' }],
  ])('is refused where there is nothing to send or nobody to send to', async (recipient, what) => {
    const { library, send } = await setup();
    expect(await send(recipient, what, 'o1')).toMatchObject({ type: 'refused', why: 'permanent' });
    expect(library.last().sent).toEqual([]);
  });

  test.each<[unknown, object]>([
    [new Error('Protocol error (Runtime.callFunctionOn): Target closed'), { type: 'unclear' }],
    ['t: t', { type: 'unclear' }],
    [new Error('Evaluation failed: wid error: invalid wid'), { type: 'refused', why: 'permanent' }],
    [new Error('No LID for user'), { type: 'retry' }],
  ])('that fails with %s', async (error, result) => {
    const { library, send } = await setup();
    library.answer = () => rejected(error);
    expect(await send(to, part, 'o1')).toMatchObject(result);
  });

  test('of which no id is told is unclear', async () => {
    const { library, send } = await setup();
    library.answer = () => Promise.resolve(null);
    expect(await send(to, part, 'o1')).toMatchObject({ type: 'unclear' });
  });

  test('that takes longer than 8 s is unclear; its late arrival is told, and it is not sent twice', async () => {
    const { library, clock, arrived, send } = await setup();
    let finish: (id: string) => void = () => undefined;
    library.answer = () =>
      new Promise((resolve) => {
        finish = resolve;
      });
    const first = send(to, part, 'o1');
    await clock.advance(8_000);
    expect(await first).toMatchObject({ type: 'unclear' });
    const second = send(to, part, 'o1');
    await settle();
    expect(library.last().sent).toHaveLength(1);
    finish('true_1');
    expect(await second).toEqual({ type: 'sent', platformId: 'true_1' });
    expect(arrived).toEqual([[to.account, 'o1', 'true_1']]);
    const third = send(to, part, 'o2');
    await settle();
    expect(library.last().sent).toHaveLength(2);
    finish('true_2');
    expect(await third).toMatchObject({ type: 'sent' });
    expect(clock.waiting()).toBe(0);
  });

  test('that failed late may be tried again', async () => {
    const { library, clock, arrived, send } = await setup();
    let fail: (error: Error) => void = () => undefined;
    library.answer = () =>
      new Promise((_resolve, reject) => {
        fail = reject;
      });
    const first = send(to, part, 'o1');
    await clock.advance(8_000);
    await first;
    fail(new Error('Target closed'));
    await settle();
    expect(arrived).toEqual([]);
    library.answer = () => Promise.resolve('true_2');
    expect(await send(to, part, 'o1')).toEqual({ type: 'sent', platformId: 'true_2' });
  });
});
