import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** A WebSocket of the package `ws`, as far as it is used here. */
export interface Socket extends EventEmitter {
  readonly readyState: number;
  send(data: string): void;
  close(code: number, reason: string): void;
}

/** A WebSocket server of the package `ws`, opened with `noServer`. */
export interface SocketServer extends EventEmitter {
  readonly clients: ReadonlySet<Socket>;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, done: (client: Socket) => void): void;
  /** Cuts all connections. */
  close(): void;
}

export const OPEN = 1;
const GOING_AWAY = 1001;

/** Connections at a time; each costs memory, and nobody has signed in. */
const MOST = 10_000;

export function isSocketServer(value: unknown): value is SocketServer {
  return value instanceof EventEmitter && 'handleUpgrade' in value && 'clients' in value;
}

/** Hands WebSocket requests for `path` to `server`, and no others; returns what ends that and all connections. */
export function takeUpgrades(http: Server, path: string, server: SocketServer): () => void {
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (pathOf(request) === path) {
      if (server.clients.size >= MOST) refuse(socket, '503 Service Unavailable');
      else
        server.handleUpgrade(request, socket, head, (client) => {
          server.emit('connection', client, request);
        });
      return;
    }
    // With a listener, Node leaves every such request to it, even one that nobody takes.
    if (http.listenerCount('upgrade') === 1) refuse(socket, '404 Not Found');
  };
  http.on('upgrade', upgrade);
  return () => {
    http.off('upgrade', upgrade);
    for (const client of server.clients) client.close(GOING_AWAY, 'the server stops');
    server.close();
  };
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?')[0] ?? '';
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => {
    socket.destroy();
  });
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

/**
 * Runs `action` and returns what stops the intervals that it began. For libraries that begin one and keep no
 * hold of it; only what begins before `action` returns is seen.
 */
export function holdingIntervals(action: () => void): () => void {
  const begun: NodeJS.Timeout[] = [];
  const real = globalThis.setInterval;
  const held = (callback: () => void, ms?: number): NodeJS.Timeout => {
    const timer = real(callback, ms);
    begun.push(timer);
    return timer;
  };
  Reflect.set(globalThis, 'setInterval', held);
  try {
    action();
  } finally {
    Reflect.set(globalThis, 'setInterval', real);
  }
  return () => {
    for (const timer of begun) clearInterval(timer);
  };
}
