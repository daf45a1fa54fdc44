import { embeddedFolder, openStore } from '../registry.ts';
import { createLog } from '../log.ts';
import type { Inbound, Outbound } from '../runtime/records.ts';
import { createSecrets } from '../runtime/secrets.ts';
import { createVault, type Vault } from '../runtime/vault.ts';
import { secretIn } from '../secret.ts';
import type { DeadLetter, Exhumed, Store } from '../store/store.ts';
import { settings } from './project.ts';
import { EXIT, complain, say } from './terminal.ts';

export interface DeadOptions {
  readonly json: boolean;
}

export interface ShowOptions extends DeadOptions {
  readonly reveal: boolean;
}

/** More than anybody looks through by hand; the newest are shown. */
const LIST_MAX = 1_000;

/** `lotse dead list` */
export async function list({ json }: DeadOptions): Promise<void> {
  await withStore(async (store, vault) => {
    const letters = (await store.dead(LIST_MAX)).map((letter) => told(vault, letter));
    if (json) say(JSON.stringify(letters));
    else if (letters.length === 0) say('There is nothing that was set aside.');
    else for (const { id, since, kind, channel } of letters) say(`${since}  ${kind}  ${channel}  ${id}`);
  });
}

/** `lotse dead show ID` */
export async function show(id: string, { reveal, json }: ShowOptions): Promise<void> {
  await withStore(async (store, vault) => {
    const letter = (await store.dead(LIST_MAX)).find((one) => one.id === id);
    if (!letter) {
      refuse(id, 'gone');
      return;
    }
    const shown = { ...told(vault, letter), ...(reveal ? { content: opened(vault, letter) } : {}) };
    say(JSON.stringify(shown, null, json ? 0 : 2));
  });
}

/** `lotse dead retry|drop ID…` */
export async function exhume(ids: readonly string[], how: 'drop' | 'retry'): Promise<void> {
  await withStore(async (store) => {
    for (const id of ids) {
      const outcome = await store.exhume(id, how);
      if (outcome === 'done') say(`${id}: ${how === 'retry' ? 'is tried again' : 'is deleted'}`);
      else refuse(id, outcome);
    }
  });
}

const WHY: Readonly<Record<Exclude<Exhumed, 'done'>, string>> = {
  gone: 'there is no such letter (any more); `lotse dead list` names those there are',
  full: 'the conversation has too many unread messages; try again when they are answered',
  session: 'a session cannot be tried again: the person has begun anew. `lotse dead drop` deletes it',
};

function refuse(id: string, why: Exclude<Exhumed, 'done'>): void {
  complain(`${id}: ${WHY[why]}`);
  process.exitCode = EXIT.findings;
}

/** What may be told without saying anything of a person. */
function told(vault: Vault, letter: DeadLetter): Record<'id' | 'since' | 'kind' | 'channel', string> {
  const { id, kind, sinceMs } = letter;
  const channel = opened(vault, letter)?.channel ?? 'unreadable';
  return { id, since: new Date(sinceMs).toISOString(), kind, channel };
}

function opened(
  vault: Vault,
  { kind, conversation, payload }: DeadLetter,
): Inbound | Outbound | { readonly channel: string } | null {
  switch (kind) {
    case 'message':
      return vault.inbounds.open(conversation, payload);
    case 'reply':
      return vault.outbounds.open(conversation, payload);
    case 'session':
      return vault.conversations.open(conversation, payload);
  }
}

async function withStore(use: (store: Store, vault: Vault) => Promise<void>): Promise<void> {
  const config = settings();
  const store = await openStore(config, createLog('silent'), { beside: true });
  const secret = config.LOTSE_SECRET ?? (await secretIn(embeddedFolder(config) ?? '.'));
  try {
    await use(store, createVault(createSecrets(secret)));
  } finally {
    await store.close();
  }
}
