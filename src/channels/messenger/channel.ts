import type { Log } from '../../log.ts';
import type { Channel, Part } from '../channel.ts';
import { createGraphClient } from '../graph/client.ts';
import { MESSENGER_ERRORS } from '../graph/errors.ts';
import { multipart } from '../graph/form.ts';
import { sendResult } from '../graph/result.ts';
import { createUploads } from '../graph/uploads.ts';
import { addWebhook } from '../graph/webhook.ts';
import { messengerPace, type PaceKind } from '../pace.ts';
import { WINDOW_MS } from '../limits.ts';
import { readMessenger } from './inbound.ts';
import { fetchMessenger } from './media.ts';
import {
  attachmentIdOf,
  messengerActing,
  messengerBody,
  messengerIdOf,
  messengerParts,
  withUploads,
} from './outbound.ts';

export interface MessengerOptions {
  readonly graphUrl: string;
  readonly version: string;
  /** Page id -> its access token. */
  readonly accounts: ReadonlyMap<string, string>;
  readonly appSecret: string;
  readonly verifyToken: string;
  readonly log: Log;
  /** Where the files that flows name lie. */
  readonly mediaFolder: string;
  /** For one send; 8,000 ms if not given, always shorter than the grace period for unclear sends. */
  readonly timeoutMs?: number;
}

/** An account that was taken out of the settings may come back. */
const AWAY_MS = 300_000;

/** Facebook Messenger by Meta's Messenger Platform: one page or several. */
export function createMessenger(options: MessengerOptions): Channel {
  const { accounts, appSecret, verifyToken, log } = options;
  const channel = 'messenger';
  const pace = messengerPace();
  const clients = new Map([...accounts].map(([id, token]) => [id, createGraphClient({ ...options, token })]));
  const uploads = createUploads({
    folder: options.mediaFolder,
    upload: (account, file) => {
      const type = file.mime.startsWith('image/') ? 'image' : 'audio';
      const message = JSON.stringify({ attachment: { type, payload: { is_reusable: true } } });
      return (
        clients
          .get(account)
          ?.upload(`/${account}/message_attachments`, multipart({ message }, 'filedata', file)) ??
        Promise.resolve({ type: 'unsent', reason: 'the page is not set up' })
      );
    },
    result: (answer) => sendResult(answer, { channel, rules: MESSENGER_ERRORS, idOf: attachmentIdOf, log }),
  });
  return {
    name: channel,
    windowMs: WINDOW_MS,
    render: messengerParts,
    async send({ account, address }, part, outbox) {
      const client = clients.get(account);
      if (!client) return { type: 'retry', afterMs: AWAY_MS, reason: 'the page is not set up' };
      const ready = await withUploads(account, part, uploads);
      if (!ready.ok) return ready.result;
      const body = messengerBody(address, ready.part, outbox);
      if (!body) return { type: 'refused', reason: 'address without psid', why: 'permanent' };
      const waitMs = pace.take(account, address['psid'] ?? '', kindOf(part));
      if (waitMs > 0) return { type: 'retry', afterMs: waitMs, growth: 1, reason: 'pace' };
      const answer = await client.post(`/${account}/messages`, body);
      return sendResult(answer, { channel, rules: MESSENGER_ERRORS, idOf: messengerIdOf, log });
    },
    async acting({ account, address }) {
      for (const body of messengerActing(address)) {
        const answer = await clients.get(account)?.post(`/${account}/messages`, body);
        // Kind, not needed: whatever comes of it, the answer itself is on its way.
        if (answer) log.debug({ channel, outcome: answer.type }, 'marked as seen');
      }
    },
    fetch: (_, media) => fetchMessenger(media, { graphUrl: options.graphUrl }),
    routes(app, receive) {
      const path = '/webhooks/messenger';
      const read = readMessenger;
      addWebhook(app, { channel, path, accounts, appSecret, verifyToken, read, log }, receive);
    },
    async close() {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}

function kindOf({ attachment }: Part): PaceKind {
  const type =
    typeof attachment === 'object' && attachment !== null && 'type' in attachment ? attachment.type : null;
  return type === 'audio' || type === 'video' ? 'recording' : 'message';
}
