import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { systemClock } from '../clock.ts';
import { chromiumFlags, findChromium, NO_PACKAGE, unlockProfile } from './chromium.ts';
import type { ClientSignal, WebClient } from './client.ts';
import { whyNotStarting } from './diagnose.ts';
import { hasCode, reasonOf } from './errors.ts';

/** A browser that does not end by itself within this is killed. */
const CLOSE_MS = 5_000;
/** The page's own programs may take so long to load on a small machine. */
const LOAD_MS = 60_000;

export interface LibraryOptions {
  /** Where the session is kept. */
  readonly folder: string;
  /** CHROMIUM_PATH. */
  readonly chromium?: string | undefined;
}

const infoSchema = z.object({ wid: z.object({ user: z.string().regex(/^\d+$/) }) });
const sentSchema = z.object({ id: z.object({ _serialized: z.string().min(1) }) });

/** The profile of the browser, inside `folder`; gone when the phone logs it out. */
export function sessionFolder(folder: string): string {
  return join(folder, 'session');
}

/** Why WhatsApp ended a session, in words; the library's own word where it is another. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['LOGOUT', 'the phone has removed this device; scan a new code'],
  ['UNPAIRED', 'the phone has removed this device; scan a new code'],
  ['CONFLICT', 'WhatsApp Web was opened elsewhere with this session'],
  ['TOS_BLOCK', 'WhatsApp has blocked this number'],
  ['SMB_TOS_BLOCK', 'WhatsApp has blocked this number'],
  ['PROXYBLOCK', 'WhatsApp refuses connections through this proxy'],
  ['DEPRECATED_VERSION', 'WhatsApp refuses this version; update whatsapp-web.js'],
]);

/**
 * whatsapp-web.js with a Chromium of its own. Loaded only here, and guarded where the library would let an error
 * end the whole process or leave a browser behind.
 */
export async function openLibrary(
  { folder, chromium }: LibraryOptions,
  hear: (signal: ClientSignal) => void,
): Promise<WebClient> {
  const web = await load();
  const found = findChromium(chromium);
  if ('problem' in found) throw new Error(found.problem);
  const program = {
    path: found.path,
    flags: chromiumFlags(process.getuid?.() === 0),
    // The browser is to know none of our secrets.
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', HOME: folder },
  };
  const profile = sessionFolder(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  unlockProfile(profile);

  const auth = new web.LocalAuth({ dataPath: folder });
  const client = new web.Client({
    authStrategy: auth,
    authTimeoutMs: LOAD_MS,
    webVersionCache: { type: 'none' },
    puppeteer: {
      executablePath: program.path,
      headless: true,
      args: program.flags,
      // No open port by which others on this machine could steer the browser; and it ends with this process.
      pipe: true,
      // Lotse ends the browser itself; puppeteer would end Lotse, and on SIGHUP the browser.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      env: program.env,
    },
  });

  let started = false;
  let stopping = false;
  let loggedOut = false;
  let injections = 0;
  let launched: Promise<void> = Promise.resolve();
  let hasLaunched = (): void => undefined;
  let closing: Promise<void> | null = null;

  const end = (reason: string): void => {
    if (!stopping) hear({ type: 'ended', reason });
  };

  const shut = async (): Promise<void> => {
    stopping = true;
    // A browser that is just being started can only be ended once it is there.
    await launched;
    const browser = client.pupBrowser;
    if (browser?.connected === true) {
      const pid = browser.process()?.pid;
      const closed = await within(CLOSE_MS, browser.close());
      if (!closed && pid !== undefined) killGroup(pid);
    }
    // What is left of a session that the phone has ended would only be refused again.
    if (loggedOut) await rm(profile, { recursive: true, force: true, maxRetries: 4 });
  };
  const close = (): Promise<void> =>
    (closing ??= shut().catch((error: unknown) => {
      hear({ type: 'ended', reason: reasonOf(error) });
    }));

  auth.afterBrowserInitialized = () => {
    // Called again after a logout, with the same browser, and where a failure would end the process.
    if (injections > 0) return Promise.resolve();
    client.pupBrowser?.once('disconnected', () => {
      end('the browser has ended');
    });
    client.pupPage?.once('error', () => {
      end('the page of WhatsApp Web has crashed');
    });
    client.pupPage?.once('close', () => {
      end('the page of WhatsApp Web was closed');
    });
    started = true;
    hasLaunched();
    return stopping ? Promise.reject(new Error('stopped')) : Promise.resolve();
  };
  // The library would delete the profile under the running browser.
  auth.logout = () => {
    loggedOut = true;
    return Promise.resolve();
  };

  const inject = methodOf(client, 'inject');
  Object.assign(client, {
    // The library calls it again at every navigation and lets its failure end the process.
    inject: async (): Promise<void> => {
      injections += 1;
      if (injections === 1) {
        await inject();
        return;
      }
      try {
        await inject();
      } catch (error) {
        end(reasonOf(error));
      }
    },
    // Keeps pages that nobody asks for, and lets a failure to read one end the process.
    initWebVersionCache: () => Promise.resolve(),
    destroy: close,
  });

  client.on('qr', (code: string) => {
    hear({ type: 'qr', code });
  });
  for (const event of ['loading_screen', 'authenticated', 'change_state'])
    client.on(event, () => {
      hear({ type: 'progress' });
    });
  client.on('ready', () => {
    hear({ type: 'ready' });
  });
  client.on('auth_failure', () => {
    end('the saved session was refused; scan a new code');
  });
  client.on('disconnected', (reason: string) => {
    if (reason === 'LOGOUT' || reason === 'UNPAIRED') loggedOut = true;
    end(REASONS.get(reason) ?? `WhatsApp has ended the session (${reason})`);
  });
  for (const [event, type] of HAPPENINGS)
    client.on(event, (data: unknown) => {
      hear({ type, data });
    });

  return {
    async initialize() {
      launched = new Promise((resolve) => {
        hasLaunched = resolve;
      });
      try {
        await client.initialize();
      } catch (error) {
        const why = started || stopping ? null : await whyNotStarting(program, folder);
        throw why === null ? error : new Error(why, { cause: error });
      } finally {
        hasLaunched();
      }
    },
    async sendMessage(chat, text, quoted) {
      const sent: unknown = await client.sendMessage(chat, text, {
        linkPreview: false,
        waitUntilMsgSent: true,
        ...(quoted === undefined ? {} : { quotedMessageId: quoted }),
      });
      const parsed = sentSchema.safeParse(sent);
      return parsed.success ? parsed.data.id._serialized : null;
    },
    account() {
      const parsed = infoSchema.safeParse(client.info);
      return parsed.success ? parsed.data.wid.user : null;
    },
    destroy: close,
  };
}

const HAPPENINGS = [
  ['message', 'message'],
  ['message_ciphertext_failed', 'unreadable'],
  ['message_edit', 'edit'],
  ['message_revoke_everyone', 'revoke'],
  ['message_reaction', 'reaction'],
] as const;

type Library = typeof import('whatsapp-web.js');

async function load(): Promise<Library> {
  try {
    return (await import('whatsapp-web.js')).default;
  } catch (error) {
    if (hasCode(error, 'ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'))
      throw new Error(NO_PACKAGE, { cause: error });
    throw error;
  }
}

/** A method that the library's types do not name. */
function methodOf(owner: object, name: string): () => Promise<unknown> {
  const method: unknown = Reflect.get(owner, name);
  if (typeof method !== 'function')
    throw new Error(`this version of whatsapp-web.js has no method ${name}; install version 1.34`);
  return async () => {
    const result: unknown = await Reflect.apply(method, owner, []);
    return result;
  };
}

/** False: not settled in time, or failed. */
async function within(limitMs: number, step: Promise<unknown>): Promise<boolean> {
  let cancel = (): void => undefined;
  const late = new Promise<boolean>((resolve) => {
    cancel = systemClock.after(limitMs, () => {
      resolve(false);
    });
  });
  const done = step.then(
    () => true,
    () => false,
  );
  const inTime = await Promise.race([done, late]);
  cancel();
  return inTime;
}

/** puppeteer starts Chromium as the head of a process group, to which all its processes belong. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}
