import { formatFinding } from '../authoring/finding.ts';
import { loadProject } from '../authoring/project.ts';
import { readConfig, type Config } from '../config.ts';
import type { Bot } from '../engine/model.ts';

/** Good, findings, wrong use. */
export const EXIT = { good: 0, findings: 1, wrongUse: 2 } as const;

export const say = (line: string): void => void process.stdout.write(`${line}\n`);
export const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** The settings; or all bad ones named, and the end with exit code 2. */
export function settings(): Config {
  const configured = readConfig();
  if (configured.ok) return configured.config;
  complain('Lotse cannot start with these settings:');
  for (const problem of configured.problems) complain(`  ${problem}`);
  process.exit(EXIT.wrongUse);
}

/** The bot made of what can be used; its findings are told. Ends with exit code 1 where nothing can. */
export async function loadBot(config: Pick<Config, 'FLOWS' | 'LOCALES' | 'START_FLOW'>): Promise<Bot> {
  const { bot, findings } = await loadProject(config.FLOWS, config.LOCALES, config.START_FLOW);
  for (const finding of findings) complain(formatFinding(finding));
  if (bot) return bot;
  complain('No conversation can begin: mend the findings above.');
  process.exit(EXIT.findings);
}
