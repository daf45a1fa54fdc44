import { existsSync, readlinkSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { hasCode } from './errors.ts';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const PACKAGE = 'whatsapp-web.js';

export const NO_PACKAGE = `WhatsApp Web needs the package ${PACKAGE}, which is not installed. Install it: npm install ${PACKAGE}`;
const NO_CHROMIUM =
  'WhatsApp Web needs Chromium, which is not installed. Install it (Debian, Ubuntu: apt-get install chromium), or set CHROMIUM_PATH to the program';

/** The browser's program, or why there is none, in a sentence. `given`: CHROMIUM_PATH, which nothing else replaces. */
export function findChromium(
  given?: string,
  places: readonly string[] = PLACES,
): { readonly path: string } | { readonly problem: string } {
  if (given !== undefined)
    return existsSync(given)
      ? { path: given }
      : { problem: `CHROMIUM_PATH names ${given}, but there is no such file; set it to Chromium's program` };
  const path = places.find((place) => existsSync(place));
  return path === undefined ? { problem: NO_CHROMIUM } : { path };
}

/** Why WhatsApp Web cannot run on this machine, in a sentence; null if it can. */
export function whatsappWebProblem(chromium?: string): string | null {
  try {
    createRequire(import.meta.url).resolve(PACKAGE);
  } catch (error) {
    if (hasCode(error, 'MODULE_NOT_FOUND')) return NO_PACKAGE;
    throw error;
  }
  const found = findChromium(chromium);
  return 'problem' in found ? found.problem : null;
}

/** How Chromium is started. `root` cannot use its sandbox: whoever can should run Lotse as another user. */
export function chromiumFlags(root: boolean): string[] {
  return [
    ...(root ? ['--no-sandbox'] : []),
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ];
}

/**
 * Takes away the mark by which Chromium knows that its profile is in use, if it names another machine: Chromium
 * would refuse to start for good after a container was replaced. Only for who owns the session.
 */
export function unlockProfile(profile: string): void {
  const lock = join(profile, 'SingletonLock');
  let holder: string;
  try {
    holder = readlinkSync(lock);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  if (!holder.startsWith(`${hostname()}-`)) rmSync(lock, { force: true });
}
