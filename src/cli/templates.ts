import type { Account } from '../accounts.ts';
import { createGraphClient, type GraphClient } from '../channels/graph/client.ts';
import {
  templateProblems,
  type TemplateProblem,
  type TemplateUse,
} from '../channels/whatsapp-cloud/template-problems.ts';
import { businessAccountOf, readTemplates, type Asked } from '../channels/whatsapp-cloud/templates.ts';
import type { Config } from '../config.ts';
import type { Bot } from '../engine/model.ts';
import { accountsOf, loadBot, settings } from './project.ts';
import { EXIT, complain, say } from './terminal.ts';

export interface TemplatesOptions {
  readonly json: boolean;
}

type PhoneNumber = Pick<Account, 'id' | 'token' | 'languages'>;

/** What became of one number. */
export interface AccountTemplates {
  /** Phone number id. */
  readonly account: string;
  /** The WhatsApp Business Account it belongs to; null: not found out. */
  readonly business: string | null;
  readonly problems: readonly TemplateProblem[];
  /** Why nothing could be compared; null: it was. */
  readonly failure: string | null;
}

/** `lotse templates`: compares the templates that flows name with those that Meta approved, for every number. */
export async function templates({ json }: TemplatesOptions): Promise<void> {
  const config = settings();
  const accounts = accountsOf(config).filter(({ channel }) => channel === 'whatsapp');
  if (accounts.length === 0) {
    complain('No WhatsApp number is set up: set WHATSAPP_TOKEN and WHATSAPP_PHONE_NUMBER_ID, or ACCOUNTS.');
    process.exitCode = EXIT.wrongUse;
    return;
  }
  const bot = await loadBot(config);
  const uses = templateUses(bot.flows);
  const results = await compareTemplates(bot, uses, accounts, config);

  if (json) say(JSON.stringify({ uses, accounts: results }, null, 2));
  else for (const result of results) tell(result, uses.length);
  const failed = results.some(({ failure }) => failure !== null);
  const found = results.some(({ problems }) => problems.length > 0);
  process.exitCode = failed ? EXIT.wrongUse : found ? EXIT.findings : EXIT.good;
}

function tell({ account, business, problems, failure }: AccountTemplates, uses: number): void {
  const number = `WhatsApp ${account}`;
  if (failure !== null) {
    complain(`${number}: ${failure}`);
    return;
  }
  for (const { message } of problems) say(message);
  const counted = (count: number, one: string, many: string): string =>
    `${String(count)} ${count === 1 ? one : many}`;
  const used = counted(uses, 'use of a template in flows', 'uses of templates in flows');
  const found = counted(problems.length, 'problem', 'problems');
  say(`${number} (business account ${business ?? 'unknown'}): ${used}, ${found}`);
}

type Named = Pick<TemplateUse, 'name' | 'parameters'> | null;
type Steps = ReadonlyMap<string, { readonly later: { readonly template: Named } | null }>;

/** Every place where a flow names a template, in the order of the flows. */
export function templateUses(flows: ReadonlyMap<string, { readonly steps: Steps }>): readonly TemplateUse[] {
  return [...flows].flatMap(([flow, { steps }]) =>
    [...steps].flatMap(([step, { later }]) => {
      const named = later?.template;
      return named ? [{ flow, step, ...named }] : [];
    }),
  );
}

/** Asks Meta about every number, one after the other. */
export async function compareTemplates(
  bot: Pick<Bot, 'languages'>,
  uses: readonly TemplateUse[],
  accounts: readonly PhoneNumber[],
  config: Pick<Config, 'GRAPH_URL' | 'GRAPH_VERSION'>,
): Promise<readonly AccountTemplates[]> {
  const results: AccountTemplates[] = [];
  for (const account of accounts) {
    const { GRAPH_URL: graphUrl, GRAPH_VERSION: version } = config;
    const client = createGraphClient({ graphUrl, version, token: account.token });
    try {
      const languages = account.languages ?? bot.languages.map(({ tag }) => tag);
      results.push(await compare(client, account, uses, languages));
    } finally {
      await client.close();
    }
  }
  return results;
}

async function compare(
  client: GraphClient,
  account: PhoneNumber,
  uses: readonly TemplateUse[],
  languages: readonly string[],
): Promise<AccountTemplates> {
  const failed = (business: string | null, failure: string): AccountTemplates => ({
    account: account.id,
    business,
    problems: [],
    failure,
  });
  const business: Asked<string> = await businessAccountOf(client, account.id);
  if (!business.ok) return failed(null, business.reason);
  const known = await readTemplates(client, business.value);
  if (!known.ok) return failed(business.value, known.reason);
  const problems = templateProblems(uses, known.value, languages);
  return { account: account.id, business: business.value, problems, failure: null };
}
