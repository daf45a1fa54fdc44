import type { Message } from '../engine/message.ts';
import type { Log } from '../log.ts';
import type { Channel } from './channel.ts';
import type { Rendering } from './rendering.ts';
import { systemClock, type Clock } from './clock.ts';
import type { WebchatMode } from './webchat/guard.ts';
import { addRoutes, guardRoutes } from './webchat/routes.ts';
import { createStreams } from './webchat/streams.ts';

/** One message in the words of each platform, for the page's switch. */
export interface Renderings {
  readonly whatsapp: readonly Rendering[];
  readonly messenger: readonly Rendering[];
  readonly text: readonly Rendering[];
}

export interface WebchatOptions {
  readonly mode: WebchatMode;
  readonly present: (message: Message) => Renderings;
  readonly log: Log;
  readonly clock?: Clock;
}

/** The chat in a browser: `POST /chat/messages` brings what the person did, `GET /chat/events` the answers. */
export function createWebchat({ mode, present, log, clock = systemClock }: WebchatOptions): Channel {
  const streams = createStreams(clock);
  return {
    name: 'webchat',
    render: (message) => [{ message, renderings: present(message) }],
    send: ({ address }, part, outbox) =>
      streams.deliver(address['visitor'] ?? '', outbox, JSON.stringify({ ...part, id: outbox })),
    routes: (app, receive) => {
      // Before the server waits for open connections, of which the streams would never end by themselves.
      app.addHook('preClose', (done) => {
        streams.close();
        done();
      });
      void app.register(
        (chat, _options, done) => {
          guardRoutes(chat, mode, log);
          addRoutes(chat, { streams, receive, clock });
          done();
        },
        { prefix: '/chat' },
      );
    },
    close: () => {
      streams.close();
      return Promise.resolve();
    },
  };
}
