import { formatFinding } from '../authoring/finding.ts';
import { loadProject } from '../authoring/project.ts';
import { EXIT, say, settings } from './project.ts';

/** `lotse check`: every finding of every flow and translation, one a line; exit code 1 if there are any. */
export async function check(options: { readonly json: boolean }): Promise<void> {
  const { FLOWS, LOCALES, START_FLOW } = settings();
  const { bot, findings } = await loadProject(FLOWS, LOCALES, START_FLOW);
  if (options.json) say(JSON.stringify({ findings }, null, 2));
  else {
    for (const finding of findings) say(formatFinding(finding));
    const languages = bot?.languages.map(({ tag }) => tag).join(', ') ?? 'none';
    say(
      `${String(bot?.flows.size ?? 0)} flows usable, languages: ${languages}, ${String(findings.length)} findings`,
    );
  }
  process.exitCode = findings.length > 0 ? EXIT.findings : EXIT.good;
}
