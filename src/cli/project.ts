import { readAccounts, type Account } from '../accounts.ts';
import { checkProject } from '../authoring/check.ts';
import { formatFinding, type Finding } from '../authoring/finding.ts';
import { loadProject } from '../authoring/project.ts';
import { readConfig, type Config } from '../config.ts';
import type { Bot } from '../engine/model.ts';
import { EXIT, complain } from './terminal.ts';

/** The settings; or all bad ones named, and the end with exit code 2. */
export function settings(): Config {
  const configured = readConfig();
  if (configured.ok) return configured.config;
  complain('Lotse cannot start with these settings:');
  for (const problem of configured.problems) complain(`  ${problem}`);
  process.exit(EXIT.wrongUse);
}

/** Our numbers and pages; or all that is wrong with them, and the end with exit code 2. */
export function accountsOf(config: Config): readonly Account[] {
  const read = readAccounts(config);
  if (read.ok) return read.accounts;
  for (const problem of read.problems) complain(problem);
  process.exit(EXIT.wrongUse);
}

/** What `load` needs to know of the settings. */
type Places = Pick<Config, 'FLOWS' | 'LOCALES' | 'START_FLOW'>;

/** The bot made of what can be used; its findings are told. Ends with exit code 1 where nothing can. */
export async function loadBot(places: Places): Promise<Bot> {
  return (await loadUsable(places)).bot;
}

/** The same, with all findings of `lotse check`. */
export async function loadUsable(places: Places): Promise<{ bot: Bot; findings: readonly Finding[] }> {
  const project = await loadProject(places.FLOWS, places.LOCALES, places.START_FLOW);
  for (const finding of project.findings) complain(formatFinding(finding));
  if (project.bot) return { bot: project.bot, findings: checkProject(project, today()) };
  complain('No conversation can begin: mend the findings above.');
  process.exit(EXIT.findings);
}

/** Everything read and checked, as it now stands. */
export async function loadChecked(
  places: Places,
): Promise<{ bot: Bot | null; findings: readonly Finding[] }> {
  const project = await loadProject(places.FLOWS, places.LOCALES, places.START_FLOW);
  return { bot: project.bot, findings: checkProject(project, today()) };
}

/** ISO 8601. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}
