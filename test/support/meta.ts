import { createHmac } from 'node:crypto';
import { request, type Agent } from 'node:http';
import { z } from 'zod';

const APP_SECRET = 'an app secret for tests';
const NUMBER = '1122334455667';
const PAGE = '998877665544';

/** The settings of both of Meta's channels, answering to a stand-in. */
export const metaSettings = (graphUrl: string): Record<string, string> => ({
  GRAPH_URL: graphUrl,
  META_APP_SECRET: APP_SECRET,
  META_VERIFY_TOKEN: 'a verify token',
  WHATSAPP_TOKEN: 'a whatsapp token',
  WHATSAPP_PHONE_NUMBER_ID: NUMBER,
  WHATSAPP_MESSAGES_PER_SECOND: '10000',
  MESSENGER_PAGE_TOKEN: 'a page token',
  MESSENGER_PAGE_ID: PAGE,
});

type Fields = Readonly<Record<string, unknown>>;

/** A WhatsApp webhook body with one message of a person known by phone number. */
export function fromWhatsapp(phone: string, id: string, message: Fields): unknown {
  return whatsapp({
    contacts: [{ profile: { name: 'Test' }, wa_id: phone }],
    messages: [{ from: phone, id, timestamp: String(Math.floor(Date.now() / 1000)), ...message }],
  });
}

/** The same of a person who shows only a username: no phone number anywhere. */
export function fromUsername(userId: string, id: string, message: Fields): unknown {
  return whatsapp({
    contacts: [{ profile: { name: 'Test', username: '@test' }, user_id: userId }],
    messages: [{ from_user_id: userId, id, timestamp: String(Math.floor(Date.now() / 1000)), ...message }],
  });
}

export function whatsapp(value: Fields): unknown {
  const metadata = { display_phone_number: '4915100000000', phone_number_id: NUMBER };
  const change = { field: 'messages', value: { messaging_product: 'whatsapp', metadata, ...value } };
  return { object: 'whatsapp_business_account', entry: [{ id: '1', changes: [change] }] };
}

export function fromMessenger(psid: string, event: Fields): unknown {
  const messaging = [{ sender: { id: psid }, recipient: { id: PAGE }, timestamp: Date.now(), ...event }];
  return { object: 'page', entry: [{ id: PAGE, time: Date.now(), messaging }] };
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
  return new Promise((resolve, reject) => {
    sending.once('error', reject);
    sending.once('response', (response) => {
      response.resume();
      response.once('end', () => {
        resolve(response.statusCode ?? 0);
      });
    });
  });
}

const optionSchema = z.object({ id: z.string(), title: z.string() });

/** The parts of Meta's send requests that a person gets to see. */
const sentSchema = z.object({
  to: z.string().optional(),
  recipient: z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]).optional(),
  text: z.object({ body: z.string() }).optional(),
  interactive: z
    .object({
      body: z.object({ text: z.string() }),
      action: z.object({
        sections: z.array(z.object({ rows: z.array(optionSchema) })).optional(),
        buttons: z.array(z.object({ reply: optionSchema })).optional(),
      }),
    })
    .optional(),
  message: z
    .object({
      text: z.string(),
      quick_replies: z
        .array(
          z
            .object({ payload: z.string(), title: z.string() })
            .transform(({ payload, title }) => ({ id: payload, title })),
        )
        .optional(),
    })
    .optional(),
});

/** What one send request shows, and to whom. */
export interface Shown {
  readonly to: string;
  readonly words: string;
  readonly options: readonly { readonly id: string; readonly title: string }[];
}

export function shown({ body }: { readonly body: unknown }): Shown {
  const { to, recipient, text: plain, interactive, message } = sentSchema.parse(body);
  const rows = interactive?.action.sections?.flatMap((section) => section.rows) ?? [];
  const buttons = interactive?.action.buttons?.map(({ reply }) => reply) ?? [];
  return {
    to: to ?? recipient ?? '',
    words: plain?.body ?? interactive?.body.text ?? message?.text ?? '',
    options: [...rows, ...buttons, ...(message?.quick_replies ?? [])],
  };
}
