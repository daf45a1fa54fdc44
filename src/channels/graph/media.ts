import type { LookupFunction } from 'node:net';
import { Client } from 'undici';
import type { Fetched } from '../channel.ts';
import { guarded, INSIDE, isOwn, mayAsk, type HostRules } from './hosts.ts';
import { beginsAs, bytesMax, essence } from './media-types.ts';

export interface Wanted {
  readonly url: string;
  readonly sticker: boolean;
  /** What the platform says it is; counts where the answer does not tell. */
  readonly mime?: string | undefined;
}

export interface DownloadOptions extends HostRules {
  /** Goes to the first host only; none: it is not to be shown. */
  readonly token?: string;
  /** For all of it, redirections included; 1–120,000 ms. */
  readonly timeoutMs?: number;
  /** Instead of the name server's answer, for tests. */
  readonly lookup?: LookupFunction;
  /** Instead of the list of hosts, for tests; addresses are checked all the same. */
  readonly may?: (url: URL) => boolean;
}

/** With the call that asks for the address (8 s) below 20 s. */
const TIMEOUT_MS = 12_000;
const CONNECT_TIMEOUT_MS = 5_000;
const REDIRECTS_MAX = 3;

/** What servers say that do not know what they hold. */
const UNTOLD: ReadonlySet<string> = new Set(['', 'application/octet-stream', 'binary/octet-stream']);

type Hop = Fetched | { readonly type: 'redirect'; readonly to: string };

const refused = (reason: string): Fetched => ({ type: 'refused', reason });

/**
 * Fetches what a person sent, from the platform's own servers and no others. Never rejects; reasons are our own
 * words and codes, never the address.
 */
export async function download(wanted: Wanted, options: DownloadOptions): Promise<Fetched> {
  const stop = new AbortController();
  const timer = setTimeout(() => {
    stop.abort();
  }, options.timeoutMs ?? TIMEOUT_MS);
  try {
    return await follow(wanted, options, stop.signal);
  } finally {
    clearTimeout(timer);
  }
}

async function follow(wanted: Wanted, options: DownloadOptions, stop: AbortSignal): Promise<Fetched> {
  const { token, may = (url: URL): boolean => mayAsk(url, options) } = options;
  let url = parse(wanted.url);
  const first = url?.origin;
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
    if (!url) return refused('its address is none');
    if (!may(url)) return refused("its address is not one of the platform's");
    const authorization = token !== undefined && url.origin === first ? `Bearer ${token}` : undefined;
    const hop = await ask(url, authorization, wanted, options, stop);
    if (hop.type !== 'redirect') return hop;
    url = parse(hop.to, url);
  }
  return refused(`more than ${String(REDIRECTS_MAX)} redirections`);
}

function parse(address: string, base?: URL): URL | null {
  return URL.canParse(address, base?.href) ? new URL(address, base) : null;
}

/** One request on a connection of its own: files are rare, and nothing is to stay open. */
async function ask(
  url: URL,
  authorization: string | undefined,
  wanted: Wanted,
  { graphUrl, lookup }: DownloadOptions,
  stop: AbortSignal,
): Promise<Hop> {
  if (stop.aborted) return refused('time-out');
  const guard = isOwn(url, graphUrl) ? {} : { lookup: guarded(lookup) };
  const client = new Client(url.origin, { connect: { timeout: CONNECT_TIMEOUT_MS, ...guard } });
  const headers = {
    accept: '*/*',
    'accept-encoding': 'identity',
    // Named in Meta's reference of the download, and said to be asked for.
    'user-agent': 'lotse',
    ...(authorization === undefined ? {} : { authorization }),
  };
  try {
    return await new Promise<Hop>((resolve) => {
      stop.addEventListener('abort', () => {
        resolve(refused('time-out'));
      });
      const chunks: Buffer[] = [];
      let size = 0;
      let taken: Taken | null = null;
      client.dispatch(
        { method: 'GET', path: `${url.pathname}${url.search}`, headers },
        {
          onRequestStart() {
            // Asked for by undici; there is nothing to stop by it, for the connection is this request's own.
          },
          onResponseStart(_, status, received) {
            if (status < 200) return;
            const judged = judge(status, received, wanted);
            if (judged.type === 'taken') taken = judged;
            else resolve(judged);
          },
          onResponseData(_, chunk) {
            size += chunk.length;
            if (!taken) return;
            if (size > taken.most) resolve(tooLarge(taken.most));
            else chunks.push(chunk);
          },
          onResponseEnd() {
            if (taken) resolve(checked(taken.mime, Buffer.concat(chunks)));
          },
          onResponseError(_, error) {
            resolve(refused(reasonOf(error)));
          },
        },
      );
    });
  } finally {
    // Whatever still comes is cut off here.
    await client.destroy();
  }
}

interface Taken {
  readonly type: 'taken';
  readonly mime: string;
  /** Bytes. */
  readonly most: number;
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

function judge(status: number, headers: Headers, { sticker, mime: said }: Wanted): Hop | Taken {
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  const location = header('location');
  if ([301, 302, 303, 307, 308].includes(status) && location !== undefined)
    return { type: 'redirect', to: location };
  if (status !== 200) return refused(`HTTP ${String(status)}`);
  const encoding = header('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') return refused('it is compressed');
  const told = essence(header('content-type'));
  const mime = UNTOLD.has(told) ? essence(said) : told;
  const most = bytesMax(mime, sticker);
  if (most === null) return refused(untaken(mime));
  return Number(header('content-length') ?? 0) > most ? tooLarge(most) : { type: 'taken', mime, most };
}

function checked(mime: string, bytes: Buffer): Fetched {
  if (bytes.length === 0) return refused('it is empty');
  return beginsAs(mime, bytes) ? { type: 'fetched', mime, bytes } : refused(`it is no ${mime} inside`);
}

export function untaken(mime: string): string {
  return mime === '' ? 'its type is unknown' : `files of the type ${mime} are not taken`;
}

export function tooLarge(most: number): Fetched {
  return refused(`it is larger than ${String(Math.floor(most / 1000))} kB`);
}

/** Codes such as ECONNREFUSED and our own words; messages may carry addresses, so nothing else. */
function reasonOf(error: Error): string {
  if (error.message === INSIDE) return INSIDE;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
