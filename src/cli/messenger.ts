import { botsOf } from '../bots.ts';
import { createGraphClient } from '../channels/graph/client.ts';
import { profileOf } from '../channels/messenger/profile.ts';
import { differences, readProfile, writeProfile } from '../channels/messenger/setup.ts';
import type { Account } from '../accounts.ts';
import type { Config } from '../config.ts';
import type { Bot } from '../engine/model.ts';
import { accountsOf, loadBot, settings } from './project.ts';
import { EXIT, complain, say } from './terminal.ts';

export interface MessengerSetupOptions {
  /** Only read, and say what differs. */
  readonly check: boolean;
  /** Page id or name; all pages if left out. */
  readonly account?: string;
  readonly json: boolean;
}

/** What came of one page. */
interface Outcome {
  readonly page: string;
  readonly state: 'set' | 'same' | 'differs' | 'failed';
  readonly differences: readonly string[];
  /** Languages that Meta does not know; their speakers see the default. */
  readonly left: readonly string[];
  readonly reason?: string;
}

/**
 * `lotse messenger setup`: what pages show by themselves (button to begin, greeting, menu, first questions), in
 * every language. Exit code 1 where Meta refuses or, with `check`, where something differs.
 */
export async function messengerSetup(options: MessengerSetupOptions): Promise<void> {
  const config = settings();
  const accounts = accountsOf(config);
  const pages = accounts.filter(({ channel }) => channel === 'messenger');
  const chosen = pages.filter(({ id, link }) => [undefined, id, link].includes(options.account));
  if (chosen.length === 0) {
    const known = pages.map(({ id, link }) => (link === null || link === id ? id : `${id} (${link})`));
    complain(
      pages.length === 0
        ? 'No page is set up: set MESSENGER_PAGE_TOKEN and MESSENGER_PAGE_ID with META_APP_SECRET and META_VERIFY_TOKEN, or ACCOUNTS.'
        : `--account ${options.account ?? ''} is no page of ours; there are: ${known.join(', ')}`,
    );
    process.exitCode = EXIT.wrongUse;
    return;
  }
  const shared = await loadBot(config);
  const botOf = botsOf(() => shared, accounts);
  const outcomes: Outcome[] = [];
  for (const account of chosen)
    outcomes.push(await setUp(config, account, botOf('messenger', account.id), options.check));
  if (options.json) say(JSON.stringify(outcomes, null, 2));
  else for (const outcome of outcomes) tell(outcome);
  const good = outcomes.every(({ state }) => state === 'set' || state === 'same');
  process.exitCode = good ? EXIT.good : EXIT.findings;
}

async function setUp(config: Config, account: Account, bot: Bot, check: boolean): Promise<Outcome> {
  const { GRAPH_URL: graphUrl, GRAPH_VERSION: version } = config;
  const { profile, left } = profileOf(bot);
  const client = createGraphClient({ graphUrl, version, token: account.token });
  const page = account.id;
  try {
    if (!check) {
      const written = await writeProfile(client, profile);
      return written.ok
        ? { page, state: 'set', differences: [], left }
        : { page, state: 'failed', differences: [], left, reason: written.reason };
    }
    const found = await readProfile(client);
    if (!found.ok) return { page, state: 'failed', differences: [], left, reason: found.reason };
    const differing = differences(profile, found.value);
    return { page, state: differing.length === 0 ? 'same' : 'differs', differences: differing, left };
  } finally {
    await client.close();
  }
}

function tell({ page, state, differences: differing, left, reason }: Outcome): void {
  if (left.length > 0)
    complain(`${page}: Meta knows no locale for ${left.join(', ')}; who speaks it sees the default`);
  switch (state) {
    case 'set':
      say(`${page}: button, greeting, menu and first questions are set`);
      return;
    case 'same':
      say(`${page}: everything is as it should be`);
      return;
    case 'differs':
      say(`${page}: differs; run 'lotse messenger setup' to set it`);
      for (const place of differing) say(`  ${place}`);
      return;
    case 'failed':
      complain(
        `${page}: Meta refused: ${reason ?? ''}; check the page's token and its permission pages_messaging`,
      );
  }
}
