import { formatFinding, type Finding } from '../authoring/finding.ts';
import type { Bot } from '../engine/model.ts';
import type { Log } from '../log.ts';
import { watchFiles } from './watch.ts';

export interface LiveTools {
  /** Where flows and translations are. */
  readonly folders: readonly string[];
  readonly log: Log;
  /** Reads everything for the first time. */
  readonly first: () => Promise<{ readonly bot: Bot; readonly findings: readonly Finding[] }>;
  /** Reads and checks everything anew; null where nothing can be used. */
  readonly again: () => Promise<{ readonly bot: Bot | null; readonly findings: readonly Finding[] }>;
}

/** The bot that is as new as the last files without mistakes. */
export interface LiveBot {
  readonly current: () => Bot;
  /** Loads anew, whether or not files changed; never rejects. */
  readonly reload: () => Promise<void>;
  readonly stop: () => void;
}

/**
 * Watches the files behind a bot. What comes is checked first: files with mistakes that the running bot has not
 * never replace it. Conversations go on; the engine leads people on from steps that are gone.
 */
export async function liveBot({ folders, log, first, again }: LiveTools): Promise<LiveBot> {
  const replace = async (): Promise<void> => {
    const { bot, findings } = await again();
    const mistakes = findings.filter(({ severity }) => severity === 'error');
    if (bot === null || mistakes.some(({ file }) => !broken.has(file))) {
      for (const finding of mistakes) log.error({ code: finding.code }, formatFinding(finding));
      log.error({ findings: mistakes.length }, 'the flows have mistakes: those from before stay in use');
      return;
    }
    current = bot;
    broken = brokenFiles(findings);
    const warnings = findings.length - mistakes.length;
    log.info({ flows: bot.flows.size, languages: bot.languages.length, warnings }, 'flows reloaded');
  };
  const reload = (): Promise<void> => {
    // One after the other, so that an older state never comes after a newer one.
    last = last.then(replace).catch((error: unknown) => {
      log.error({ err: error }, 'reloading failed: the flows from before stay in use');
    });
    return last;
  };
  // Watched before it is read, so that nothing written meanwhile is missed.
  let begin = (): void => undefined;
  let last = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const watching = await watchFiles(folders, reload);
  const { bot, findings } = await first();
  let current = bot;
  let broken = brokenFiles(findings);
  begin();
  return {
    current: () => current,
    reload,
    stop() {
      watching.stop();
    },
  };
}

/** Mistakes that were there when the bot was made stop nobody from mending the rest. */
function brokenFiles(findings: readonly Finding[]): ReadonlySet<string> {
  return new Set(findings.flatMap(({ severity, file }) => (severity === 'error' ? [file] : [])));
}
