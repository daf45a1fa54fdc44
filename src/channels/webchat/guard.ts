import type { IncomingMessage } from 'node:http';

/** `local`: only for browsers on this machine; `on`: for everyone who reaches the server. */
export type WebchatMode = 'local' | 'on';

const LOCAL_ONLY =
  'The web chat is open to browsers on this machine only. To open it to everyone who reaches this server, set WEBCHAT=on and restart.';
const FOREIGN_PAGE =
  'Only the chat page of this server may do this: the Origin header names another site or is missing.';

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/;
const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;
const PROXY_HEADER = /^(forwarded|x-forwarded-.*|x-real-ip|via)$/;

/**
 * Whether a request comes from a browser on this machine and through no proxy. The Host header is looked at
 * because a hostile page can point its own name at 127.0.0.1 (DNS rebinding); HTTP/1.0 because it is what a
 * proxy that adds no header of its own (nginx as installed) speaks, and no browser does.
 */
function isLocal(request: IncomingMessage): boolean {
  return (
    LOOPBACK.test(request.socket.remoteAddress ?? '') &&
    LOCAL_HOST.test(request.headers.host ?? '') &&
    request.httpVersion !== '1.0' &&
    !Object.keys(request.headers).some((name) => PROXY_HEADER.test(name))
  );
}

/** Whether the request was made by a page of this very server; browsers set these headers, pages cannot. */
function isSameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return request.headers['sec-fetch-site'] === 'same-origin';
  const hosts = [host, request.headers['x-forwarded-host']];
  return URL.canParse(origin) && hosts.includes(new URL(origin).host);
}

/** Why a page or asset is not served to this request, in one sentence; null when it is. */
export function refusePage(request: IncomingMessage, mode: WebchatMode): string | null {
  return mode === 'local' && !isLocal(request) ? LOCAL_ONLY : null;
}

/** Why a request to the chat itself is not served, in one sentence; null when it is. */
export function refuseChat(request: IncomingMessage, mode: WebchatMode): string | null {
  const reading = request.method === 'GET' || request.method === 'HEAD';
  const site = request.headers['sec-fetch-site'] ?? 'none';
  // Browsers leave Origin out when a page reads from its own server.
  const own = reading ? site === 'same-origin' || site === 'none' : isSameOrigin(request);
  return refusePage(request, mode) ?? (own ? null : FOREIGN_PAGE);
}
