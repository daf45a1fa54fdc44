import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const HEADER = /^sha256=([0-9a-f]{64})$/u;

/** True if `header`, the value of X-Hub-Signature-256, signs exactly these bytes. */
export type SignatureCheck = (rawBody: Buffer, header: unknown) => boolean;

/**
 * Meta signs the body as sent, with `ä` written `\u00e4`: only the raw bytes will do, never a body parsed and
 * written again.
 */
export function createSignatureCheck(appSecret: string): SignatureCheck {
  return (rawBody, header) => {
    const given = typeof header === 'string' ? HEADER.exec(header)?.[1] : undefined;
    if (given === undefined) return false;
    const expected = createHmac('sha256', appSecret).update(rawBody).digest();
    return timingSafeEqual(expected, Buffer.from(given, 'hex'));
  };
}

/** Compares secrets of any length in constant time. */
export function sameSecret(given: unknown, expected: string): boolean {
  if (typeof given !== 'string') return false;
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(expected));
}
