import { z } from 'zod';

const text = z.string().trim().min(1, 'must not be empty');
const STORES = /^(embedded:.+|rediss?(-cluster|-sentinel)?:\/\/.+)$/;
const PORT_RANGE = 'must be a whole number from 0 to 65535';
const REPLICAS_RANGE = 'must be a whole number from 0 to 5';
const RATE_RANGE = 'must be a whole number from 1 to 10000';
const SECRET = 'must have at least 32 characters; make one with: openssl rand -hex 32';

const settingsSchema = z.object({
  HOST: text.default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, PORT_RANGE)
    .transform(Number)
    .pipe(z.number().max(65_535, PORT_RANGE))
    .default(3000),
  STORE: text
    .regex(
      STORES,
      'must be embedded:FOLDER, redis://…, redis-cluster://h1:p1,h2:p2 or redis-sentinel://h1:p1,h2:p2/NAME (rediss… for TLS)',
    )
    .default('embedded:./data'),
  /** How many Redis replicas must hold a message before it is acknowledged. */
  STORE_REPLICAS: z
    .string()
    .regex(/^[0-5]$/, REPLICAS_RANGE)
    .transform(Number)
    .default(0),
  /** `on`: they, and the server itself, must have it on disk. */
  STORE_FSYNC: z.enum(['on', 'off'], 'must be on or off').default('off'),
  /** A PEM file: who vouches for the certificates of rediss://, when it is no well-known authority. */
  STORE_CA: text.optional(),
  FLOWS: text.default('./flows'),
  LOCALES: text.default('./locales'),
  START_FLOW: text.default('start'),
  LOTSE_SECRET: z.string().min(32, SECRET).optional(),
  META_APP_SECRET: text.optional(),
  META_VERIFY_TOKEN: text.optional(),
  GRAPH_URL: z
    .url({ protocol: /^https?$/, error: 'must be a web address that begins with https:// or http://' })
    .default('https://graph.facebook.com'),
  GRAPH_VERSION: text.regex(/^v\d+\.\d+$/, 'must look like v25.0').default('v25.0'),
  WHATSAPP_TOKEN: text.optional(),
  WHATSAPP_PHONE_NUMBER_ID: text.optional(),
  MESSENGER_PAGE_TOKEN: text.optional(),
  MESSENGER_PAGE_ID: text.optional(),
  /** `local`: only for browsers on this machine; `on`: for everyone who reaches the server. */
  WEBCHAT: z.enum(['local', 'on', 'off'], 'must be local, on or off').default('local'),
  /** WhatsApp through a linked phone, for pilots: docs/whatsapp-web.md. */
  WHATSAPP_WEB: z.enum(['on', 'off'], 'must be on or off').default('off'),
  /** Chromium's program, where Lotse does not find it. */
  CHROMIUM_PATH: text.optional(),
  /** Password of the pages under /admin; without it only browsers on this machine see them. */
  ADMIN_TOKEN: z
    .string()
    .min(16, 'must have at least 16 characters; make one with: openssl rand -hex 32')
    .optional(),
  /** A YAML file of several numbers and pages, instead of the WHATSAPP_ and MESSENGER_ settings. */
  ACCOUNTS: text.optional(),
  /** Other platforms by Botkit: names of bridges and paths of own ones, with commas between them. */
  BOTKIT: text.optional(),
  /** What Meta lets a number send: 80, 1000 once it is raised, 20 beside the WhatsApp Business app. */
  WHATSAPP_MESSAGES_PER_SECOND: z
    .string()
    .regex(/^\d{1,5}$/, RATE_RANGE)
    .transform(Number)
    .pipe(z.number().min(1, RATE_RANGE).max(10_000, RATE_RANGE))
    .default(80),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'must be a pino level such as info')
    .default('info'),
});

export type Config = z.infer<typeof settingsSchema>;

export type Configured =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };

/** A channel is on when all of its settings are there; some without the others is a mistake to name. */
const TOGETHER: readonly {
  readonly channel: string;
  readonly settings: readonly (keyof Config)[];
}[] = [
  {
    channel: 'WhatsApp',
    settings: ['WHATSAPP_TOKEN', 'WHATSAPP_PHONE_NUMBER_ID', 'META_APP_SECRET', 'META_VERIFY_TOKEN'],
  },
  {
    channel: 'Messenger',
    settings: ['MESSENGER_PAGE_TOKEN', 'MESSENGER_PAGE_ID', 'META_APP_SECRET', 'META_VERIFY_TOKEN'],
  },
];

/** Reads the settings from the environment; every bad one is named at once, in words. Empty means unset. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Configured {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = settingsSchema.safeParse(given);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`);
  for (const { channel, settings } of TOGETHER) {
    const own = settings.filter((name) => !name.startsWith('META_'));
    const missing = settings.filter((name) => given[name] === undefined);
    if (own.some((name) => given[name] !== undefined) && missing.length > 0)
      problems.push(`${missing.join(', ')} missing: ${channel} needs ${settings.join(', ')} together`);
  }
  const [, redis] = /^(rediss?(?:-cluster|-sentinel)?):/.exec(given['STORE'] ?? '') ?? [];
  if (redis !== undefined && given['LOTSE_SECRET'] === undefined)
    problems.push(`LOTSE_SECRET missing: with ${redis} it cannot be generated; it ${SECRET}`);
  return parsed.success && problems.length === 0
    ? { ok: true, config: parsed.data }
    : { ok: false, problems };
}

/** A variable of the environment that a file of settings names. */
export function variableOf(name: string): string | undefined {
  return process.env[name];
}
