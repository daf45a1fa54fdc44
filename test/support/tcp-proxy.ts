import { once } from 'node:events';
import { createServer, connect, type Socket } from 'node:net';

/**
 * What lies between: `open` passes bytes on; `black-hole` takes them and passes nothing on, as a network that was cut
 * without a word; `closed` refuses connections. A delay in ms holds back each direction.
 */
export type ProxyMode = 'open' | 'black-hole' | 'closed' | { readonly delayMs: number };

export interface TcpProxy {
  readonly port: number;
  /** New connections lead to this port of this machine, as after a failover behind one address. */
  lead(port: number): void;
  mode(mode: ProxyMode): void;
  /** Ends all connections, as a crash does. */
  cut(): void;
  /** Ends them on the server's side only: ours stay, half open. */
  halfOpen(): void;
  close(): Promise<void>;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  dead: boolean;
}

/** Stands between a client and a server on this machine. */
export async function startProxy(port: number): Promise<TcpProxy> {
  let mode: ProxyMode = 'open';
  let to = port;
  const pairs = new Set<Pair>();
  const pass = (pair: Pair, from: Socket, into: Socket): void => {
    from.on('data', (chunk) => {
      // TCP loses no bytes and goes on: what fell into the hole is the end of a connection, and nobody is told.
      pair.dead ||= mode === 'black-hole';
      if (pair.dead) return;
      if (typeof mode !== 'object') into.write(chunk);
      else setTimeout(() => into.destroyed || into.write(chunk), mode.delayMs);
    });
  };
  const server = createServer({ noDelay: true }, (near) => {
    if (mode === 'closed') {
      near.destroy();
      return;
    }
    const far = connect({ port: to, host: '127.0.0.1', noDelay: true });
    const pair = { near, far, dead: false };
    pairs.add(pair);
    pass(pair, near, far);
    pass(pair, far, near);
    // A connection that is lost is what this is for.
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
    near.on('close', () => {
      far.destroy();
      pairs.delete(pair);
    });
    far.on('close', () => {
      if (pairs.has(pair)) near.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  const cut = (): void => {
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
  };
  return {
    port: address.port,
    lead(next) {
      to = next;
    },
    mode(next) {
      mode = next;
    },
    cut,
    halfOpen() {
      for (const pair of pairs) {
        pairs.delete(pair);
        pair.far.destroy();
        pair.near.on('data', () => undefined);
      }
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
