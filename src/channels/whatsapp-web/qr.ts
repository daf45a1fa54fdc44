import { encodeQR } from 'qr';

const HOW =
  'To link the phone: WhatsApp, Settings, Linked devices, Link a device; then scan this code. It changes every 20 to 60 seconds.';

/** The code for a terminal: white on black whatever its colours are, since phones read no inverted codes. */
export function qrForTerminal(code: string): string {
  const lines = encodeQR(code, 'ascii', { ecc: 'low' }).trimEnd().split('\n');
  return [HOW, ...lines.map((line) => `\u001B[97;40m${line}\u001B[0m`)].join('\n');
}

/** The code as one `<svg>` element, black on nothing: give it a white background. */
export function qrAsSvg(code: string): string {
  return encodeQR(code, 'svg', { ecc: 'low' });
}
