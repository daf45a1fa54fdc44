import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

const TRY_MS = 5_000;

const NO_SANDBOX =
  'Chromium cannot make its sandbox here, because user namespaces are forbidden; docs/whatsapp-web.md tells how to allow them';

export interface Program {
  readonly path: string;
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Why Chromium ends as soon as it is started, by its own words; null if it starts after all. Lotse steers it
 * through a pipe, on which such words do not come.
 */
export async function whyNotStarting(
  { path, flags, env }: Program,
  folder: string,
  limitMs = TRY_MS,
): Promise<string | null> {
  const profile = await mkdtemp(join(folder, 'try-'));
  const args = [...flags, '--headless', `--user-data-dir=${profile}`, '--dump-dom', 'about:blank'];
  try {
    return await new Promise((resolve) => {
      const options = { env: { ...env }, timeout: limitMs, killSignal: 'SIGKILL' } as const;
      execFile(path, args, options, (error, _stdout, stderr) => {
        resolve(error === null ? null : wordsOf(stderr));
      });
    });
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 4 });
  }
}

function wordsOf(stderr: string): string {
  if (/No usable sandbox/iu.test(stderr)) return NO_SANDBOX;
  const lines = stderr.split('\n').map((line) => line.trim());
  const telling =
    lines.find((line) => /FATAL|error while loading|cannot open|not found|denied/u.test(line)) ??
    lines.find((line) => line !== '');
  const words =
    telling === undefined ? 'it says nothing' : telling.replace(/^\[[^\]]*\] ?/u, '').slice(0, 200);
  return `Chromium does not start: ${words}`;
}
