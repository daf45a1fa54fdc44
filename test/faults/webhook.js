// What Meta and Lotse agree on, and how Meta delivers: signed, and again until it hears 200.
import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';

export const NUMBER = '1122334455667';
const APP_SECRET = 'an app secret for fault injection';

/** The settings of a node that answers to a stand-in for the Graph API. */
export const metaSettings = (graphUrl) => ({
  GRAPH_URL: graphUrl,
  META_APP_SECRET: APP_SECRET,
  META_VERIFY_TOKEN: 'a verify token',
  WHATSAPP_TOKEN: 'a whatsapp token',
  WHATSAPP_PHONE_NUMBER_ID: NUMBER,
  WHATSAPP_MESSAGES_PER_SECOND: '10000',
  LOTSE_SECRET: 'a secret of more than thirty-two characters',
});

const webhook = (value) => {
  const metadata = { display_phone_number: '4915100000000', phone_number_id: NUMBER };
  const change = { field: 'messages', value: { messaging_product: 'whatsapp', metadata, ...value } };
  return JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '1', changes: [change] }] });
};

const secondsNow = () => String(Math.floor(Date.now() / 1000));

/** A message of a person, written now. `phone`: digits only. */
export const messageBody = (phone, id, body) =>
  webhook({
    contacts: [{ profile: { name: 'Test' }, wa_id: phone }],
    messages: [{ from: phone, id, timestamp: secondsNow(), type: 'text', text: { body } }],
  });

/** The word that a reply was sent on, which carries our outbox id back. */
export const statusBody = (phone, id, outbox) =>
  webhook({
    statuses: [
      {
        id,
        status: 'sent',
        timestamp: secondsNow(),
        recipient_id: phone,
        biz_opaque_callback_data: outbox,
      },
    ],
  });

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** Delivers a body once; resolves to the status, or to a word for why there is none. Never rejects. */
export function post(url, body, timeoutMs = 5_000) {
  const signature = createHmac('sha256', APP_SECRET).update(body).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-hub-signature-256': `sha256=${signature}`,
  };
  return new Promise((resolve) => {
    const sending = request(`${url}/webhooks/whatsapp`, { method: 'POST', headers, agent });
    const timer = setTimeout(() => sending.destroy(new Error('time-out')), timeoutMs);
    const end = (outcome) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    sending.once('error', (error) => end(error.code ?? error.message));
    sending.once('response', (response) => {
      response.once('error', (error) => end(error.code ?? error.message));
      response.once('end', () => end(response.statusCode));
      response.resume();
    });
    sending.end(body);
  });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Delivers a body until somebody answers 200, each time to another address, as a balancer would; resolves to what the
 * tries before came to. The waits between are Meta's, made shorter.
 */
export async function deliver(urls, first, body, timeoutMs) {
  const failures = [];
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await post(urls[(first + attempt) % urls.length], body, timeoutMs);
    if (outcome === 200) return failures;
    failures.push(outcome);
    await pause(Math.min(50 * 2 ** attempt, 400));
  }
}

/** The same settings for a channel that is opened by hand. */
export const whatsappSettings = (settings) => ({
  graphUrl: settings.GRAPH_URL,
  version: 'v25.0',
  accounts: new Map([[settings.WHATSAPP_PHONE_NUMBER_ID, settings.WHATSAPP_TOKEN]]),
  appSecret: settings.META_APP_SECRET,
  verifyToken: settings.META_VERIFY_TOKEN,
  mediaFolder: settings.FLOWS,
  messagesPerSecond: 10_000,
});
