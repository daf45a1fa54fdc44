import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { request, type Agent } from 'node:http';

export const APP_SECRET = 'an app secret for tests';
export const NUMBER = '1122334455667';
export const PAGE = '998877665544';

/** The settings of both of Meta's channels, answering to a stand-in. */
export const metaSettings = (graphUrl: string): Record<string, string> => ({
  GRAPH_URL: graphUrl,
  META_APP_SECRET: APP_SECRET,
  META_VERIFY_TOKEN: 'a verify token',
  WHATSAPP_TOKEN: 'a whatsapp token',
  WHATSAPP_PHONE_NUMBER_ID: NUMBER,
  MESSENGER_PAGE_TOKEN: 'a page token',
  MESSENGER_PAGE_ID: PAGE,
});

type Fields = Readonly<Record<string, unknown>>;

/** A WhatsApp webhook body with one message of a person known by phone number. */
export function fromWhatsapp(phone: string, id: string, message: Fields): unknown {
  return whatsapp({
    contacts: [{ profile: { name: 'Test' }, wa_id: phone }],
    messages: [{ from: phone, id, timestamp: '1795430000', ...message }],
  });
}

/** The same of a person who shows only a username: no phone number anywhere. */
export function fromUsername(userId: string, id: string, message: Fields): unknown {
  return whatsapp({
    contacts: [{ profile: { name: 'Test', username: '@test' }, user_id: userId }],
    messages: [{ from_user_id: userId, id, timestamp: '1795430000', ...message }],
  });
}

export function whatsapp(value: Fields): unknown {
  const metadata = { display_phone_number: '4915100000000', phone_number_id: NUMBER };
  const change = { field: 'messages', value: { messaging_product: 'whatsapp', metadata, ...value } };
  return { object: 'whatsapp_business_account', entry: [{ id: '1', changes: [change] }] };
}

export function fromMessenger(psid: string, event: Fields): unknown {
  const messaging = [
    { sender: { id: psid }, recipient: { id: PAGE }, timestamp: 1_795_430_000_000, ...event },
  ];
  return { object: 'page', entry: [{ id: PAGE, time: 1_795_430_000_000, messaging }] };
}

export const text = (body: string): Fields => ({ type: 'text', text: { body } });

export const tap = (kind: 'button_reply' | 'list_reply', id: string, title: string): Fields => ({
  type: 'interactive',
  interactive: { type: kind, [kind]: { id, title } },
});

export function sign(body: string, secret = APP_SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** Delivers a webhook body as Meta does; resolves to the status. */
export async function post(
  url: string,
  path: '/webhooks/whatsapp' | '/webhooks/messenger',
  body: unknown,
  { agent, signature }: { readonly agent?: Agent; readonly signature?: string } = {},
): Promise<number> {
  const bytes = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(bytes),
    'x-hub-signature-256': signature ?? sign(bytes),
  };
  const sending = request(url + path, { method: 'POST', headers, ...(agent ? { agent } : {}) });
  sending.end(bytes);
  const [response] = await once(sending, 'response');
  response.resume();
  await once(response, 'end');
  return Number(response.statusCode);
}
