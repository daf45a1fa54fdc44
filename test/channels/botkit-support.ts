import type { Server } from 'node:http';
import type { ChannelEvent, Turn } from '../../src/channels/channel.ts';

/** Host and port of a server that listens. */
export function addressOf(server: Server): string {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen');
  return `127.0.0.1:${String(address.port)}`;
}

/** What a person did, and not anything else that a channel hands on. */
export function turnOf(event: ChannelEvent | undefined): Turn {
  if (event === undefined) throw new Error('nothing arrived');
  switch (event.kind) {
    case 'status':
    case 'echo':
    case 'reaction':
    case 'system':
    case 'ignored':
      throw new Error(`no turn arrived, but ${event.kind}`);
    default:
      return event;
  }
}
