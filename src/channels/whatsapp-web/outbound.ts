import { z } from 'zod';
import type { Part, Recipient, SendResult } from '../channel.ts';
import type { Clock } from '../clock.ts';
import type { WebClient } from './client.ts';
import { reasonOf } from './errors.ts';

/** Shorter than the grace period for unclear sends. */
const TIMEOUT_MS = 8_000;
/** While there is no connection; a send costs nothing then. */
const NOT_READY_MS = 5_000;
/** Another process has the session and may take this message over. */
const ELSEWHERE_MS = 1_000;
/** The number that spoke with somebody may be linked again. */
const OTHER_NUMBER_MS = 300_000;

const partSchema = z.object({ text: z.string().min(1) });

/** Where our own number is not known. */
export const UNKNOWN_ACCOUNT = 'whatsapp-web';

export interface SenderOptions {
  /** The client that can send now. */
  readonly client: () => WebClient | null;
  readonly elsewhere: () => boolean;
  readonly clock: Clock;
  /** A send that was called unclear has arrived after all. */
  readonly arrived: (account: string, outbox: string, platformId: string) => void;
}

export type Send = (to: Recipient, part: Part, outbox: string) => Promise<SendResult>;

/** Sends texts through the browser. A send that takes too long is never begun twice while it may still arrive. */
export function createSender({ client, elsewhere, clock, arrived }: SenderOptions): Send {
  const under = new Map<string, Promise<SendResult>>();

  const begin = (to: Recipient, part: Part, outbox: string): Promise<SendResult> | SendResult => {
    const current = client();
    if (!current)
      return elsewhere()
        ? { type: 'retry', afterMs: ELSEWHERE_MS, growth: 1, reason: 'another process has the session' }
        : { type: 'retry', afterMs: NOT_READY_MS, growth: 1, reason: 'WhatsApp Web is not connected' };
    const own = current.account();
    if (own !== null && to.account !== own && to.account !== UNKNOWN_ACCOUNT)
      return { type: 'retry', afterMs: OTHER_NUMBER_MS, growth: 1, reason: 'another number is linked now' };
    const { chat } = to.address;
    const parsed = partSchema.safeParse(part);
    if (chat === undefined) return { type: 'refused', reason: 'address without chat', why: 'permanent' };
    if (!parsed.success) return { type: 'refused', reason: 'part without text', why: 'permanent' };
    const sending = current
      .sendMessage(chat, parsed.data.text, to.replyTo)
      .then(sentResult, failedResult)
      .finally(() => under.delete(outbox));
    under.set(outbox, sending);
    return sending;
  };

  return async (to, part, outbox) => {
    const sending = Promise.resolve(under.get(outbox) ?? begin(to, part, outbox));
    let cancel = (): void => undefined;
    const late = new Promise<'late'>((resolve) => {
      cancel = clock.after(TIMEOUT_MS, () => {
        resolve('late');
      });
    });
    const result = await Promise.race([sending, late]);
    cancel();
    if (result !== 'late') return result;
    void sending.then((after) => {
      if (after.type === 'sent') arrived(to.account, outbox, after.platformId ?? outbox);
    });
    return { type: 'unclear', reason: 'WhatsApp Web did not say in time whether it was sent' };
  };
}

function sentResult(platformId: string | null): SendResult {
  return platformId === null
    ? { type: 'unclear', reason: 'WhatsApp Web told no message id' }
    : { type: 'sent', platformId };
}

/** Only what fails before anything is sent may be said so plainly; a browser that ended may have sent it. */
function failedResult(error: unknown): SendResult {
  const reason = reasonOf(error);
  if (/invalid wid/iu.test(reason))
    return { type: 'refused', reason: 'WhatsApp knows no such address', why: 'permanent' };
  if (/no lid for user/iu.test(reason))
    return { type: 'retry', afterMs: null, reason: 'WhatsApp does not find this person yet' };
  return { type: 'unclear', reason };
}
