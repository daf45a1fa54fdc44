import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Account } from './accounts.ts';
import type { Channel } from './channels/channel.ts';
import { createConsole } from './channels/console.ts';
import { MESSENGER, PLAIN_TEXT, WHATSAPP, type Limits } from './channels/limits.ts';
import { createMessenger } from './channels/messenger/channel.ts';
import { present } from './channels/rendering.ts';
import { createWebchat } from './channels/webchat.ts';
import { createWhatsappCloud } from './channels/whatsapp-cloud/channel.ts';
import { createWhatsappWeb } from './channels/whatsapp-web/channel.ts';
import { whatsappWebProblem } from './channels/whatsapp-web/chromium.ts';
import { LEASE_MS as OWNED_MS, type Ownership } from './channels/whatsapp-web/ownership.ts';
import { openBridges } from './channels/botkit/open.ts';
import { variableOf, type Config } from './config.ts';
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

/** `beside`: an operator's command while Lotse may be serving from the same store. */
export function openStore(
  config: Pick<Config, 'STORE' | 'STORE_REPLICAS' | 'STORE_FSYNC' | 'STORE_CA'>,
  log: Log,
  { beside = false }: { readonly beside?: boolean } = {},
): Promise<Store> {
  const folder = embeddedFolder(config);
  return folder === null
    ? createRedisStore({
        url: config.STORE,
        replicas: config.STORE_REPLICAS,
        onDisk: config.STORE_FSYNC === 'on',
        ca: config.STORE_CA,
        leaseMs: LEASE_MS,
        log,
      })
    : createEmbeddedStore({ folder, leaseMs: LEASE_MS, beside });
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

export interface ChannelTools {
  readonly store: Store;
  readonly log: Log;
  /** Shows something to whoever sits at the terminal; unset: nobody does. */
  readonly print?: ((text: string) => void) | undefined;
}

/** Every channel there is, on or off. `config` has been checked: a channel's settings are all there, or none. */
export function openChannels(
  config: Config,
  accounts: readonly Account[],
  tools: ChannelTools,
): readonly ChannelState[] {
  const { log } = tools;
  const { META_APP_SECRET: appSecret = '', META_VERIFY_TOKEN: verifyToken = '' } = config;
  const { GRAPH_URL: graphUrl, GRAPH_VERSION: version, WEBCHAT: mode } = config;
  const graph = { graphUrl, version, appSecret, verifyToken, log, mediaFolder: config.FLOWS };
  const tokensOf = (name: Account['channel']): ReadonlyMap<string, string> =>
    new Map(accounts.filter(({ channel }) => channel === name).map(({ id, token }) => [id, token]));
  const whatsapp = tokensOf('whatsapp');
  const messenger = tokensOf('messenger');
  return [
    {
      name: 'WhatsApp',
      channel:
        whatsapp.size > 0
          ? createWhatsappCloud({
              ...graph,
              accounts: whatsapp,
              messagesPerSecond: config.WHATSAPP_MESSAGES_PER_SECOND,
            })
          : null,
      why: 'set WHATSAPP_TOKEN, WHATSAPP_PHONE_NUMBER_ID, META_APP_SECRET and META_VERIFY_TOKEN',
    },
    {
      name: 'Messenger',
      channel: messenger.size > 0 ? createMessenger({ ...graph, accounts: messenger }) : null,
      why: 'set MESSENGER_PAGE_TOKEN, MESSENGER_PAGE_ID, META_APP_SECRET and META_VERIFY_TOKEN',
    },
    whatsappWeb(config, tools),
    {
      name: 'Web chat',
      channel: mode === 'off' ? null : createWebchat({ mode, present: asEverywhere, log }),
      why: 'set WEBCHAT=local or WEBCHAT=on',
    },
  ];
}

function whatsappWeb(config: Config, { store, log, print }: ChannelTools): ChannelState {
  const { WHATSAPP_WEB: mode, CHROMIUM_PATH: chromium, ADMIN_TOKEN: adminToken } = config;
  const problem =
    mode === 'off' ? 'read docs/whatsapp-web.md, then set WHATSAPP_WEB=on' : whatsappWebProblem(chromium);
  const data = embeddedFolder(config);
  const folder = join(data ?? './data', 'whatsapp-web');
  // An embedded store has one process: what it owned when it died is its own again.
  const ownership = owned(store, 'whatsapp-web', data === null ? randomUUID() : 'the one process');
  const open = (): Channel => createWhatsappWeb({ folder, log, print, adminToken, chromium, ownership });
  return { name: 'WhatsApp Web', channel: problem === null ? open() : null, why: problem ?? '' };
}

function owned(store: Store, name: string, holder: string): Ownership {
  const keep = (): Promise<boolean> => store.own(name, holder, OWNED_MS);
  const release = async (): Promise<void> => {
    await store.own(name, holder, 0);
  };
  return { acquire: keep, renew: keep, release };
}

export type Bridges =
  | { readonly ok: true; readonly states: readonly ChannelState[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The channels that BOTKIT names; their packages are loaded only then. */
export async function openBotkit(config: Pick<Config, 'BOTKIT'>, log: Log): Promise<Bridges> {
  const why = 'set BOTKIT=sms, web or the path of a file; docs/bridges.md tells more';
  if (config.BOTKIT === undefined) return { ok: true, states: [{ name: 'Bridges', channel: null, why }] };
  // Empty means unset, as with every other setting.
  const setting = (name: string): string | undefined => variableOf(name) || undefined;
  const opened = await openBridges({ wanted: config.BOTKIT, setting, log });
  if (!opened.ok) return opened;
  return {
    ok: true,
    states: opened.channels.map((channel) => ({ name: `Bridge ${channel.name}`, channel, why })),
  };
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
