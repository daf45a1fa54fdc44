import { createHash } from 'node:crypto';
import type { WhatsappWebStatus } from './status.ts';

const REFRESH_SECONDS = 10;

const STYLE = `
:root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif; }
body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
.qr { box-sizing: border-box; width: min(24rem, 100%); padding: 1rem; background: #fff; }
.qr svg { display: block; width: 100%; fill: #000; }
`;

/** What the page's Content-Security-Policy lets through. */
export const PAGE_STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;

const SAYS: Readonly<Record<WhatsappWebStatus['state'], string>> = {
  starting: 'Starting: the browser opens WhatsApp Web.',
  qr: 'Not linked yet: scan the code with the phone.',
  ready: 'Connected: Lotse answers on this number.',
  waiting: 'Not connected: it is tried again by itself, after five minutes at the latest.',
  elsewhere: 'Another Lotse process has this session. This one takes over when the other one ends.',
  off: 'Off.',
};

/** The page, complete; it asks for itself again every ten seconds. */
export function page({ state, qr, reason, since }: WhatsappWebStatus): string {
  const at = new Date(since).toISOString();
  const code =
    qr === undefined
      ? ''
      : `<ol>
<li>On the phone, open WhatsApp.</li>
<li>Settings, Linked devices, Link a device.</li>
<li>Hold the phone before this code. It changes every 20 to 60 seconds.</li>
</ol>
<div class="qr" role="img" aria-label="QR code that links the phone">${qr}</div>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${String(REFRESH_SECONDS)}">
<title>${state} – WhatsApp Web – Lotse</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>WhatsApp Web</h1>
<p role="status"><strong>${SAYS[state]}</strong></p>
${reason === undefined ? '' : `<p>Reason: ${escaped(reason)}.</p>`}
<p>Since <time datetime="${at}">${at.slice(0, 19).replace('T', ' ')} UTC</time>. This page refreshes every ${String(REFRESH_SECONDS)} seconds.</p>
${code}
<p>Whoever scans the code, or sees this page while it is shown, decides which number Lotse speaks with. WhatsApp does not allow
unofficial programs and may block the number for good.</p>
</main>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/gu, (character) => ENTITIES[character] ?? '');
}
