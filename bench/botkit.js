/**
 * What a Botkit user would write for the dialog that is measured: Botkit's own web server, a small adapter for
 * WhatsApp's webhook, a BotkitConversation of a menu and its topics, and its state in Redis through a Bot Framework
 * storage.   GRAPH_URL=… REDIS_URL=… PORT=0 node bench/botkit.js
 *
 * The webhook answers 200 once the message was handled, as Botkit's adapters do. Botkit neither drops redelivered
 * messages nor keeps their order, and a reply that fails or a crash in between loses the message: none of this is
 * added here. It is what a Botkit bot does.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { BotAdapter, TurnContext } from 'botbuilder';
import { Botkit, BotkitConversation } from 'botkit';
import { Redis } from 'ioredis';
import { Pool } from 'undici';
import { addMenu } from './botkit-menu.js';
import { APP_SECRET, NUMBER } from './settings.js';

const KEEP_SECONDS = 90 * 24 * 60 * 60;
const redis = new Redis(process.env.REDIS_URL, { enableAutoPipelining: true });
const graph = new Pool(process.env.GRAPH_URL, { connections: 64, pipelining: 1 });

/** A Bot Framework storage, as BotState uses it: always with the eTag *, the last write counts. */
const storage = {
  async read(keys) {
    const values = await redis.mget(keys);
    return Object.fromEntries(keys.flatMap((key, at) => (values[at] ? [[key, JSON.parse(values[at])]] : [])));
  },
  async write(changes) {
    const entries = Object.entries(changes);
    await Promise.all(
      entries.map(([key, value]) => redis.set(key, JSON.stringify(value), 'EX', KEEP_SECONDS)),
    );
  },
  async delete(keys) {
    await redis.del(keys);
  },
};

function isSigned({ rawBody, headers }) {
  const expected = createHmac('sha256', APP_SECRET).update(rawBody).digest();
  const given = Buffer.from(String(headers['x-hub-signature-256']).slice(7), 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** An activity with quick replies as WhatsApp shows them. */
function bodyOf({ conversation, text, channelData }) {
  const to = { messaging_product: 'whatsapp', to: `+${conversation.id}` };
  const replies = channelData?.quick_replies;
  if (!replies?.length) return { ...to, type: 'text', text: { body: text } };
  const rows = replies.map(({ title, payload, detail }) => ({ id: payload, title, description: detail }));
  const action = { button: 'Choose', sections: [{ rows }] };
  return { ...to, type: 'interactive', interactive: { type: 'list', body: { text }, action } };
}

class WhatsappAdapter extends BotAdapter {
  name = 'WhatsApp';

  async processActivity(req, res, logic) {
    if (!isSigned(req)) return res.status(401).end();
    for (const { changes } of req.body.entry)
      for (const { value } of changes)
        for (const { id, from, timestamp, text } of value.messages ?? []) {
          const activity = {
            type: 'message',
            id,
            timestamp: new Date(Number(timestamp) * 1000),
            channelId: 'whatsapp',
            conversation: { id: from },
            from: { id: from },
            recipient: { id: value.metadata.phone_number_id },
            text: text?.body,
            channelData: {},
          };
          await this.runMiddleware(new TurnContext(this, activity), logic);
        }
    return res.status(200).end();
  }

  async sendActivities(_context, activities) {
    const responses = [];
    for (const activity of activities) {
      if (activity.type !== 'message') continue;
      const answer = await graph.request({
        method: 'POST',
        path: `/v25.0/${NUMBER}/messages`,
        headers: { 'content-type': 'application/json', authorization: 'Bearer token' },
        body: JSON.stringify(bodyOf(activity)),
      });
      const body = await answer.body.json();
      if (answer.statusCode !== 200) throw new Error(`Graph answered ${answer.statusCode}`);
      responses.push({ id: body.messages[0].id });
    }
    return responses;
  }

  async updateActivity() {
    throw new Error('WhatsApp cannot change a message');
  }

  async deleteActivity() {
    throw new Error('WhatsApp cannot delete a message');
  }
}

const controller = new Botkit({
  webhook_uri: '/webhooks/whatsapp',
  adapter: new WhatsappAdapter(),
  storage,
  disable_console: true,
});
addMenu(controller, BotkitConversation);
controller.ready(() => {
  process.stdout.write(`ready: http://127.0.0.1:${controller.http.address().port}/\n`);
});
process.once('SIGTERM', () => process.exit(0));
