import { readFileSync } from 'node:fs';
import { parse, YAMLError } from 'yaml';
import { z } from 'zod';
import { codeOf, reasonOf } from './authoring/failure.ts';
import type { Flow } from './engine/model.ts';
import { variableOf, type Config } from './config.ts';

const text = z.string().trim().min(1, 'must not be empty');
/** Ids are digits; YAML reads them as numbers where nobody put quotes, and long ones would lose their end. */
const id = z
  .string('must stand between quotes, for numbers this long lose their last digits')
  .regex(/^\d+$/, {
    message: 'must be the digits that Meta shows',
  });

const NUMBER = 'must look like "+4982112345", between quotes';

const settingsSchema = z.strictObject({
  /** The flow where conversations begin; START_FLOW if left out. */
  start: text.optional(),
  /** BCP 47 tags; all that flows are translated into if left out. */
  languages: z.array(text).min(1).optional(),
  /** Whom people are told to turn to where a flow names nobody itself. */
  owner: z.strictObject({ organization: text, contact: text }).optional(),
});

const accountsSchema = z.strictObject({
  whatsapp: z
    .array(
      settingsSchema.extend({
        phone_number_id: id,
        token: text,
        /** As people see it, for links and posters: E.164. */
        number: z
          .string(NUMBER)
          .regex(/^\+\d{6,15}$/, NUMBER)
          .optional(),
      }),
    )
    .default([]),
  messenger: z
    .array(
      settingsSchema.extend({
        page_id: id,
        token: text,
        /** The page's name in m.me links; its id if left out. */
        username: text.optional(),
      }),
    )
    .default([]),
});

/** One number or page of ours. */
export interface Account {
  /** The channel's name. */
  readonly channel: 'whatsapp' | 'messenger';
  /** Phone number id or page id. */
  readonly id: string;
  readonly token: string;
  /** The flow where conversations begin. */
  readonly start: string;
  /** null: all. */
  readonly languages: readonly string[] | null;
  readonly owner: Flow['owner'];
  /** What links to it are made of: a phone number in E.164, or a page's name; null: not known. */
  readonly link: string | null;
}

export type ReadAccounts =
  | { readonly ok: true; readonly accounts: readonly Account[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The accounts of the file that ACCOUNTS names, or else the one or two of the plain settings. */
export function readAccounts(config: Config, variable = variableOf): ReadAccounts {
  return config.ACCOUNTS === undefined
    ? { ok: true, accounts: plainAccounts(config) }
    : fileAccounts(config.ACCOUNTS, config, variable);
}

function plainAccounts(config: Config): Account[] {
  const { WHATSAPP_TOKEN, WHATSAPP_PHONE_NUMBER_ID, MESSENGER_PAGE_TOKEN, MESSENGER_PAGE_ID } = config;
  const own = { start: config.START_FLOW, languages: null, owner: null };
  const whatsapp =
    WHATSAPP_TOKEN !== undefined && WHATSAPP_PHONE_NUMBER_ID !== undefined
      ? { channel: 'whatsapp' as const, id: WHATSAPP_PHONE_NUMBER_ID, token: WHATSAPP_TOKEN, link: null }
      : null;
  const messenger =
    MESSENGER_PAGE_TOKEN !== undefined && MESSENGER_PAGE_ID !== undefined
      ? {
          channel: 'messenger' as const,
          id: MESSENGER_PAGE_ID,
          token: MESSENGER_PAGE_TOKEN,
          link: MESSENGER_PAGE_ID,
        }
      : null;
  return [whatsapp, messenger].flatMap((account) => (account ? [{ ...own, ...account }] : []));
}

function fileAccounts(
  file: string,
  config: Config,
  variable: (name: string) => string | undefined,
): ReadAccounts {
  const failed = (...problems: string[]): ReadAccounts => ({
    ok: false,
    problems: problems.map((problem) => `ACCOUNTS: ${file}: ${problem}`),
  });
  let data: unknown;
  try {
    data = parse(readFileSync(file, 'utf8'), { maxAliasCount: 0 });
  } catch (error) {
    if (error instanceof YAMLError || codeOf(error) !== null) return failed(reasonOf(error));
    throw error;
  }
  const parsed = accountsSchema.safeParse(data ?? {});
  if (!parsed.success)
    return failed(...parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim()));

  const problems: string[] = [];
  /** `$NAME` stands for a variable of the environment, so that the file holds no secret. */
  const secret = (value: string): string => {
    const name = /^\$\{?(\w+)\}?$/.exec(value)?.[1];
    if (name === undefined) return value;
    const found = variable(name) ?? '';
    if (found === '') problems.push(`the variable ${name} is not set`);
    return found;
  };
  const shared = ({ start, languages, owner }: z.infer<typeof settingsSchema>): Shared => ({
    start: start ?? config.START_FLOW,
    languages: languages ?? null,
    owner: owner ?? null,
  });
  const { whatsapp, messenger } = parsed.data;
  const accounts: Account[] = [
    ...whatsapp.map((one) => ({
      channel: 'whatsapp' as const,
      id: one.phone_number_id,
      token: secret(one.token),
      link: one.number ?? null,
      ...shared(one),
    })),
    ...messenger.map((one) => ({
      channel: 'messenger' as const,
      id: one.page_id,
      token: secret(one.token),
      link: one.username ?? one.page_id,
      ...shared(one),
    })),
  ];
  for (const [index, { channel, id: own }] of accounts.entries())
    if (accounts.findIndex((other) => other.channel === channel && other.id === own) < index)
      problems.push(`${channel} ${own} stands twice`);
  if (accounts.length === 0) problems.push('it names no account; write whatsapp: or messenger: with a list');
  const plain = plainAccounts(config).map(({ channel }) => channel.toUpperCase());
  if (plain.length > 0)
    problems.push(
      `it names all accounts: leave out the ${plain.join('_ and ')}_ settings, or put them there`,
    );
  if (config.META_APP_SECRET === undefined || config.META_VERIFY_TOKEN === undefined)
    problems.push('META_APP_SECRET and META_VERIFY_TOKEN are needed beside it');
  return problems.length > 0 ? failed(...problems) : { ok: true, accounts };
}

type Shared = Pick<Account, 'start' | 'languages' | 'owner'>;
