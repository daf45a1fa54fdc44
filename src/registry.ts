import type { Account } from './accounts.ts';
import type { Channel } from './channels/channel.ts';
import { createConsole } from './channels/console.ts';
import { MESSENGER, PLAIN_TEXT, WHATSAPP, type Limits } from './channels/limits.ts';
import { createMessenger } from './channels/messenger/channel.ts';
import { present } from './channels/rendering.ts';
import { createWebchat } from './channels/webchat.ts';
import { createWhatsappCloud } from './channels/whatsapp-cloud/channel.ts';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { createEmbeddedStore } from './store/embedded.ts';
import { createRedisStore } from './store/redis.ts';
import type { Store } from './store/store.ts';

/** Longer than the slowest turn, and than a send with its grace period. */
const LEASE_MS = 30_000;

const EMBEDDED = 'embedded:';

/** The folder of an embedded store; null for Redis. */
export function embeddedFolder(config: Pick<Config, 'STORE'>): string | null {
  return config.STORE.startsWith(EMBEDDED) ? config.STORE.slice(EMBEDDED.length) : null;
}

export function openStore(config: Pick<Config, 'STORE'>, log: Log): Promise<Store> {
  const folder = embeddedFolder(config);
  return folder === null
    ? createRedisStore({ url: config.STORE, leaseMs: LEASE_MS, log })
    : createEmbeddedStore({ folder, leaseMs: LEASE_MS });
}

/** How each platform shows things, by the names of `lotse chat --as`. */
export const LIMITS = { whatsapp: WHATSAPP, messenger: MESSENGER, text: PLAIN_TEXT } as const;

export function openConsole(limits: Limits, write: (text: string) => void): Channel {
  return createConsole({ limits, write });
}

export interface ChannelState {
  readonly name: string;
  /** null: off, and `why` says what would switch it on. */
  readonly channel: Channel | null;
  readonly why: string;
}

/** Every channel there is, on or off. `config` has been checked: a channel's settings are all there, or none. */
export function openChannels(
  config: Config,
  accounts: readonly Account[],
  log: Log,
): readonly ChannelState[] {
  const { META_APP_SECRET: appSecret = '', META_VERIFY_TOKEN: verifyToken = '' } = config;
  const { GRAPH_URL: graphUrl, GRAPH_VERSION: version, WEBCHAT: mode } = config;
  const graph = { graphUrl, version, appSecret, verifyToken, log };
  const tokensOf = (name: Account['channel']): ReadonlyMap<string, string> =>
    new Map(accounts.filter(({ channel }) => channel === name).map(({ id, token }) => [id, token]));
  const whatsapp = tokensOf('whatsapp');
  const messenger = tokensOf('messenger');
  return [
    {
      name: 'WhatsApp',
      channel: whatsapp.size > 0 ? createWhatsappCloud({ ...graph, accounts: whatsapp }) : null,
      why: 'set WHATSAPP_TOKEN, WHATSAPP_PHONE_NUMBER_ID, META_APP_SECRET and META_VERIFY_TOKEN',
    },
    {
      name: 'Messenger',
      channel: messenger.size > 0 ? createMessenger({ ...graph, accounts: messenger }) : null,
      why: 'set MESSENGER_PAGE_TOKEN, MESSENGER_PAGE_ID, META_APP_SECRET and META_VERIFY_TOKEN',
    },
    {
      name: 'Web chat',
      channel: mode === 'off' ? null : createWebchat({ mode, present: asEverywhere, log }),
      why: 'set WEBCHAT=local or WEBCHAT=on',
    },
  ];
}

function asEverywhere(
  message: Parameters<typeof present>[0],
): Record<keyof typeof LIMITS, ReturnType<typeof present>> {
  return {
    whatsapp: present(message, WHATSAPP),
    messenger: present(message, MESSENGER),
    text: present(message, PLAIN_TEXT),
  };
}
