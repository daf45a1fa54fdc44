import type { Log } from '../../log.ts';
import type { Channel } from '../channel.ts';
import { createGraphClient } from '../graph/client.ts';
import { WHATSAPP_ERRORS } from '../graph/errors.ts';
import { multipart } from '../graph/form.ts';
import { sendResult } from '../graph/result.ts';
import { createUploads } from '../graph/uploads.ts';
import { addWebhook } from '../graph/webhook.ts';
import { whatsappPace } from '../pace.ts';
import { WINDOW_MS } from '../limits.ts';
import { readWhatsapp } from './inbound.ts';
import { fetchWhatsapp } from './media.ts';
import {
  uploadedIdOf,
  whatsappActing,
  whatsappBody,
  whatsappIdOf,
  whatsappParts,
  withUploads,
} from './outbound.ts';
import { whatsappTemplate } from './template.ts';

export interface WhatsappCloudOptions {
  readonly graphUrl: string;
  readonly version: string;
  /** Phone number id -> the access token for it. */
  readonly accounts: ReadonlyMap<string, string>;
  readonly appSecret: string;
  readonly verifyToken: string;
  readonly log: Log;
  /** Where the files that flows name lie. */
  readonly mediaFolder: string;
  /** For one send; 8,000 ms if not given, always shorter than the grace period for unclear sends. */
  readonly timeoutMs?: number;
  /** What Meta lets one number send; 80 if not given. 1–10,000. */
  readonly messagesPerSecond?: number;
}

/** An account that was taken out of the settings may come back. */
const AWAY_MS = 300_000;

/** WhatsApp by Meta's Cloud API: one business phone number or several. */
export function createWhatsappCloud(options: WhatsappCloudOptions): Channel {
  const { accounts, appSecret, verifyToken, log } = options;
  const channel = 'whatsapp';
  const pace = whatsappPace(options.messagesPerSecond);
  const clients = new Map([...accounts].map(([id, token]) => [id, createGraphClient({ ...options, token })]));
  const uploads = createUploads({
    folder: options.mediaFolder,
    upload: (account, file) =>
      clients
        .get(account)
        ?.upload(
          `/${account}/media`,
          multipart({ messaging_product: 'whatsapp', type: file.mime }, 'file', file),
        ) ?? Promise.resolve({ type: 'unsent', reason: 'the number is not set up' }),
    result: (answer) => sendResult(answer, { channel, rules: WHATSAPP_ERRORS, idOf: uploadedIdOf, log }),
  });
  return {
    name: channel,
    windowMs: WINDOW_MS,
    render: whatsappParts,
    renderTemplate: whatsappTemplate,
    async send({ account, address, replyTo }, part, outbox) {
      const client = clients.get(account);
      if (!client) return { type: 'retry', afterMs: AWAY_MS, reason: 'the number is not set up' };
      const ready = await withUploads(account, part, uploads);
      if (!ready.ok) return ready.result;
      const body = whatsappBody(address, ready.part, outbox, replyTo);
      if (!body) return { type: 'refused', reason: 'address without phone or recipient', why: 'permanent' };
      const waitMs = pace.take(account, address['phone'] ?? address['recipient'] ?? '', 'message');
      if (waitMs > 0) return { type: 'retry', afterMs: waitMs, growth: 1, reason: 'pace' };
      const answer = await client.post(`/${account}/messages`, body);
      return sendResult(answer, { channel, rules: WHATSAPP_ERRORS, idOf: whatsappIdOf, log });
    },
    async acting({ account }, inbound) {
      const body = whatsappActing(inbound);
      const answer = body && (await clients.get(account)?.post(`/${account}/messages`, body));
      // Kind, not needed: whatever comes of it, the answer itself is on its way.
      if (answer) log.debug({ channel, outcome: answer.type }, 'marked as read');
    },
    async fetch(account, media) {
      const client = clients.get(account);
      const token = accounts.get(account);
      if (!client || token === undefined) return { type: 'refused', reason: 'the number is not set up' };
      return fetchWhatsapp(client, media, { graphUrl: options.graphUrl, token });
    },
    routes(app, receive) {
      const path = '/webhooks/whatsapp';
      const read = readWhatsapp;
      addWebhook(app, { channel, path, accounts, appSecret, verifyToken, read, log }, receive);
    },
    async close() {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}
