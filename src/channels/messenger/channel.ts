import type { Log } from '../../log.ts';
import type { Channel } from '../channel.ts';
import { createGraphClient } from '../graph/client.ts';
import { MESSENGER_ERRORS } from '../graph/errors.ts';
import { sendResult } from '../graph/result.ts';
import { addWebhook } from '../graph/webhook.ts';
import { readMessenger } from './inbound.ts';
import { messengerBody, messengerIdOf, messengerParts } from './outbound.ts';

export interface MessengerOptions {
  readonly graphUrl: string;
  readonly version: string;
  readonly pageToken: string;
  readonly pageId: string;
  readonly appSecret: string;
  readonly verifyToken: string;
  readonly log: Log;
  /** For one send; 8,000 ms if not given, always shorter than the grace period for unclear sends. */
  readonly timeoutMs?: number;
}

/** Facebook Messenger by Meta's Messenger Platform: one page. */
export function createMessenger(options: MessengerOptions): Channel {
  const { pageId, pageToken, appSecret, verifyToken, log } = options;
  const channel = 'messenger';
  const client = createGraphClient({ ...options, token: pageToken });
  return {
    name: channel,
    render: messengerParts,
    async send(address, part, outbox) {
      const body = messengerBody(address, part, outbox);
      if (!body) return { type: 'refused', reason: 'address without psid', why: 'permanent' };
      const answer = await client.post(`/${pageId}/messages`, body);
      return sendResult(answer, { channel, rules: MESSENGER_ERRORS, idOf: messengerIdOf, log });
    },
    routes(app, receive) {
      const path = '/webhooks/messenger';
      const read = readMessenger;
      addWebhook(app, { channel, path, account: pageId, appSecret, verifyToken, read, log }, receive);
    },
    close: () => client.close(),
  };
}
