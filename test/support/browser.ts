import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from '@jest/globals';
import { chromium, type BrowserContext, type BrowserContextOptions } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A headless Chromium, and the windows opened in it. */
export interface TestBrowser {
  /** A new profile: no cookies, no storage, German unless said otherwise. */
  window(options?: BrowserContextOptions): Promise<BrowserContext>;
  close(): Promise<void>;
}

/** Starts Debian's Chromium. The caller closes it; its profile is deleted then. */
export async function launchBrowser(): Promise<TestBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'lotse-browser-'));
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: FLAGS,
    env: { HOME: folder, TMPDIR: folder, PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
  });
  return {
    window: (options) => browser.newContext({ locale: 'de-DE', reducedMotion: 'reduce', ...options }),
    close: async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * `describe` for tests that need a browser. Without one they are skipped, with the reason in their name; where
 * CI=true promises a complete machine, that is a failure.
 */
export function describeWithBrowser(name: string, tests: () => void): void {
  const reason = `${name}: needs ${CHROMIUM} (apt-get install chromium)`;
  if (existsSync(CHROMIUM)) describe(name, tests);
  // eslint-disable-next-line no-restricted-properties -- a promise of the machine, not a setting of Lotse
  else if (process.env['CI'] === 'true')
    test(reason, () => {
      throw new Error(`CI=true, but ${reason}`);
    });
  else describe.skip(reason, tests);
}
