import { available } from './redis-client.ts';
import { keysMatching, type Migrations } from './redis-schema.ts';
import { keysOf, type Client } from './redis-scripts.ts';

/** A key of version 1: session, seen ids, state, inbox and outbox of a conversation, each by itself. */
const FIRST = /^(lotse:\{\d+\}:)[snlio]:([\w-]{22})$/u;
const KINDS = ['s', 'n', 'l', 'i', 'o'];

/** Every way from one layout of keys to the next, by the one it begins with. */
export const migrations: Migrations = new Map([[1, fromOne]]);

/** Version 1 kept a conversation under five keys, and fencing tokens under one a shard. */
async function fromOne(client: Client, signal: AbortSignal): Promise<void> {
  for (const kind of KINDS)
    for await (const keys of keysMatching(client, `lotse:{*}:${kind}:*`))
      for (const key of keys) {
        signal.throwIfAborted();
        const [, shard = '', conversation] = FIRST.exec(key) ?? [];
        if (conversation === undefined) continue;
        const { record, due } = keysOf(conversation);
        const old = KINDS.map((one) => `${shard}${one}:${conversation}`);
        await available(client.lotseMigrate1To2Buffer(7, record, due, ...old));
      }
  for await (const keys of keysMatching(client, 'lotse:{*}:epoch'))
    for (const key of keys) await available(client.del(key));
}
