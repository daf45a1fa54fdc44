import Fastify from 'fastify';
import type { ChannelEvent, Turn } from '../../src/channels/channel.ts';
import { MESSENGER, PLAIN_TEXT, WHATSAPP } from '../../src/channels/limits.ts';
import { present as presentWithin } from '../../src/channels/rendering.ts';
import { createWebchat, type Renderings } from '../../src/channels/webchat.ts';
import type { Message } from '../../src/engine/message.ts';
import { createLog } from '../../src/log.ts';
import { webchatPage } from '../../src/studio/webchat.ts';

const present = (message: Message): Renderings => ({
  whatsapp: presentWithin(message, WHATSAPP),
  messenger: presentWithin(message, MESSENGER),
  text: presentWithin(message, PLAIN_TEXT),
});

/** What the bot says to a turn, in order. */
export type Script = (turn: Turn) => readonly Message[];

export interface Bot {
  readonly url: string;
  /** Everything the channel handed over. */
  readonly received: ChannelEvent[];
  /** Says something by itself to whoever wrote last; resolves with how the send ended. */
  say(message: Message, outbox?: string): Promise<string>;
  /** Ends the server and its streams; `start` opens it again on the same port. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

const isTurn = (event: ChannelEvent): event is Turn =>
  'address' in event && event.kind !== 'reaction' && event.kind !== 'system';

/** A server with the channel and the page, whose engine is a script; redelivered ids are dropped, as the store does. */
export async function startBot(script: Script, mode: 'local' | 'on' = 'local'): Promise<Bot> {
  const received: ChannelEvent[] = [];
  const seen = new Set<string>();
  let port = 0;
  let count = 0;
  let address: Turn['address'] = {};
  let stop = (): Promise<void> => Promise.resolve();
  let send: (message: Message, outbox: string) => Promise<string> = () => Promise.resolve('stopped');

  const start = async (): Promise<void> => {
    const app = Fastify();
    const channel = createWebchat({ mode, present, log: createLog('silent') });
    send = async (message, outbox) => {
      for (const part of channel.render(message)) {
        const to = { account: 'local', address };
        let result = await channel.send(to, part, outbox);
        // As the runtime does: on a busy machine the browser may take longer than a send waits.
        for (let again = 0; result.type === 'unclear' && again < 5; again += 1)
          result = await channel.send(to, part, outbox);
        if (result.type !== 'sent') return result.type;
      }
      return 'sent';
    };
    webchatPage(app, { mode, media: 'flows/media' });
    channel.routes?.(app, (events) => {
      received.push(...events);
      for (const turn of events.filter(isTurn)) {
        if (seen.has(turn.id)) continue;
        seen.add(turn.id);
        address = turn.address;
        void answer(script(turn));
      }
      return Promise.resolve();
    });
    await app.listen({ port, host: '127.0.0.1' });
    port = Number(new URL(app.listeningOrigin).port);
    stop = () => app.close();
  };
  const answer = async (messages: readonly Message[]): Promise<void> => {
    for (const message of messages) await send(message, `c.${String((count += 1))}`);
  };

  await start();
  return {
    url: `http://127.0.0.1:${String(port)}`,
    received,
    say: (message, outbox = `c.${String((count += 1))}`) => send(message, outbox),
    stop: () => stop(),
    start,
  };
}
