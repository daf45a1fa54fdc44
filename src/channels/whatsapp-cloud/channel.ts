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
  readonly token: string;
  readonly phoneNumberId: string;
  readonly appSecret: string;
  readonly verifyToken: string;
  readonly log: Log;
  /** For one send; 8,000 ms if not given, always shorter than the grace period for unclear sends. */
  readonly timeoutMs?: number;
}

/** WhatsApp by Meta's Cloud API: one business phone number. */
export function createWhatsappCloud(options: WhatsappCloudOptions): Channel {
  const { phoneNumberId, appSecret, verifyToken, log } = options;
  const channel = 'whatsapp';
  const client = createGraphClient(options);
  return {
    name: channel,
    render: whatsappParts,
    async send(address, part, outbox) {
      const body = whatsappBody(address, part, outbox);
      if (!body) return { type: 'refused', reason: 'address without phone or recipient', why: 'permanent' };
      const answer = await client.post(`/${phoneNumberId}/messages`, body);
      return sendResult(answer, { channel, rules: WHATSAPP_ERRORS, idOf: whatsappIdOf, log });
    },
    routes(app, receive) {
      const path = '/webhooks/whatsapp';
      const read = readWhatsapp;
      addWebhook(app, { channel, path, account: phoneNumberId, appSecret, verifyToken, read, log }, receive);
    },
    close: () => client.close(),
  };
}
