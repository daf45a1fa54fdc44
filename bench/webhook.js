/** WhatsApp webhooks as Meta signs and sends them, and what the people of the benchmarks write. */
import { createHmac } from 'node:crypto';
import { APP_SECRET, NUMBER } from './settings.js';

/** The first word brings up the main menu, then a topic and back again: one reply to each. */
const SCRIPT = ['hello', '2', 'back'];
export const wordAt = (index) => (index === 0 ? SCRIPT[0] : SCRIPT[1 + ((index - 1) % 2)]);

/** Names of people, as phone numbers: of one run, all different. `run`: 10–999. */
export const phoneOf = (run, person) => `4917${run}${String(100_000 + person)}`;

/** One message of one person, now: what undici's `request` takes. */
export function webhook(phone, index) {
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '4915100000000', phone_number_id: NUMBER },
    contacts: [{ profile: { name: 'Bench' }, wa_id: phone }],
    messages: [
      {
        from: phone,
        id: `wamid.${phone}.${index}`,
        // Late messages are answered differently: it must be the time of sending.
        timestamp: String(Math.floor(Date.now() / 1000)),
        type: 'text',
        text: { body: wordAt(index) },
      },
    ],
  };
  const body = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: '1', changes: [{ field: 'messages', value }] }],
  });
  const signature = createHmac('sha256', APP_SECRET).update(body).digest('hex');
  return {
    method: 'POST',
    path: '/webhooks/whatsapp',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
    body,
  };
}
