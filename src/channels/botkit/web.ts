import { z } from 'zod';
import type { Part } from '../channel.ts';
import { idSchema } from '../graph/json.ts';
import type { Bridge, Connection } from './bridge.ts';
import { fromPackage } from './packages.ts';
import { holdingIntervals, isSocketServer, OPEN, takeUpgrades, type Socket } from './sockets.ts';
import { FRAME_BYTES_MAX, guardSocket } from './web-guard.ts';

const PACKAGE = 'botbuilder-adapter-web';
/** WebSocket close code: the server cannot take this now. */
const TRY_AGAIN_LATER = 1013;

/** Chat on an organisation's own page, over WebSocket: `botbuilder-adapter-web`. */
export const webBridge: Bridge = {
  name: 'web',
  // A page has room; longer labels are easier to read as numbered lines.
  limits: { textMax: 4096, quickReplies: { max: 10, titleMax: 60, bodyMax: 4096 } },
  show(text, replies) {
    if (replies.length === 0) return { text };
    return {
      text,
      channelData: { quick_replies: replies.map(({ id, title }) => ({ title, payload: id })) },
    };
  },
  stamp: (activity: Part, outbox) => ({
    ...activity,
    channelData: {
      ...z.record(z.string(), z.unknown()).catch({}).parse(activity['channelData']),
      id: outbox,
    },
  }),
  idOf({ from, channelData }) {
    const own = idSchema.parse(channelData['id']);
    // Pages choose their ids; two people may choose the same.
    return own === undefined ? undefined : `${from?.id ?? ''}.${own}`;
  },
  async create() {
    const { WebAdapter } = await fromPackage(PACKAGE, () => import('botbuilder-adapter-web'));
    const adapter = new WebAdapter({ noServer: true, maxPayload: FRAME_BYTES_MAX });
    let stopBeating = (): void => undefined;
    let detach = (): void => undefined;
    // Botkit calls this when it takes the adapter in.
    const open = adapter.createSocketServer.bind(adapter);
    adapter.createSocketServer = (http: unknown, options: unknown, logic: unknown): void => {
      stopBeating = holdingIntervals(() => {
        open(http, options, logic);
      });
    };
    const socketOf = (user: string | undefined): Socket | null =>
      user !== undefined && adapter.isConnected(user) ? adapter.getConnection(user) : null;
    const connection: Connection = {
      adapter,
      reachable: ({ user }) => socketOf(user?.id)?.readyState === OPEN,
      settled({ from, channelData }, stored) {
        const socket = socketOf(from?.id);
        const id = idSchema.parse(channelData['id']);
        if (!stored) socket?.close(TRY_AGAIN_LATER, 'try again later');
        else if (id !== undefined && socket?.readyState === OPEN)
          socket.send(JSON.stringify({ type: 'stored', id }));
      },
      attach(http, path) {
        const server: unknown = adapter.wss;
        if (!isSocketServer(server)) throw new Error(`${PACKAGE} opened no socket server`);
        server.on('connection', (socket: Socket) => {
          guardSocket(socket, (user) => socketOf(user) === socket);
        });
        detach = takeUpgrades(http, path, server);
      },
      close() {
        stopBeating();
        detach();
      },
    };
    return connection;
  },
};
