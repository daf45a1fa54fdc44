import type { Log } from '../../log.ts';
import type { Channel } from '../channel.ts';
import { createGraphClient } from '../graph/client.ts';
import { WHATSAPP_ERRORS } from '../graph/errors.ts';
import { sendResult } from '../graph/result.ts';
import { addWebhook } from '../graph/webhook.ts';
import { readWhatsapp } from './inbound.ts';
import { whatsappBody, whatsappIdOf, whatsappParts } from './outbound.ts';

export interface WhatsappCloudOptions {
  readonly graphUrl: string;
  readonly version: string;
  /** Phone number id -> the access token for it. */
  readonly accounts: ReadonlyMap<string, string>;
  readonly appSecret: string;
  readonly verifyToken: string;
  readonly log: Log;
  /** For one send; 8,000 ms if not given, always shorter than the grace period for unclear sends. */
  readonly timeoutMs?: number;
}

/** An account that was taken out of the settings may come back. */
const AWAY_MS = 300_000;

/** Outside 24 hours after a person's last message WhatsApp takes nothing but templates. */
const WINDOW_MS = 24 * 60 * 60 * 1000;

/** WhatsApp by Meta's Cloud API: one business phone number or several. */
export function createWhatsappCloud(options: WhatsappCloudOptions): Channel {
  const { accounts, appSecret, verifyToken, log } = options;
  const channel = 'whatsapp';
  const clients = new Map([...accounts].map(([id, token]) => [id, createGraphClient({ ...options, token })]));
  return {
    name: channel,
    windowMs: WINDOW_MS,
    render: whatsappParts,
    async send({ account, address, replyTo }, part, outbox) {
      const client = clients.get(account);
      if (!client) return { type: 'retry', afterMs: AWAY_MS, reason: 'the number is not set up' };
      const body = whatsappBody(address, part, outbox, replyTo);
      if (!body) return { type: 'refused', reason: 'address without phone or recipient', why: 'permanent' };
      const answer = await client.post(`/${account}/messages`, body);
      return sendResult(answer, { channel, rules: WHATSAPP_ERRORS, idOf: whatsappIdOf, log });
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
