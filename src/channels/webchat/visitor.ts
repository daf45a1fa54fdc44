import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const COOKIE = /(?:^|;\s*)lotse_visitor=([\w-]{22})(?=;|$)/;
/** Sent to the chat's routes only, and to no page that another site made. */
const ATTRIBUTES = 'Path=/chat; HttpOnly; SameSite=Strict';

/** 22 characters of base64url: 128 bits of chance, which nobody guesses. */
export function newVisitor(): string {
  return randomBytes(16).toString('base64url');
}

export function readVisitor(request: IncomingMessage): string | null {
  return COOKIE.exec(request.headers.cookie ?? '')?.[1] ?? null;
}

/** A session cookie: gone when the browser is closed. */
export function visitorCookie(request: IncomingMessage, visitor: string): string {
  const secure = request.headers['x-forwarded-proto'] === 'https' ? '; Secure' : '';
  return `lotse_visitor=${visitor}; ${ATTRIBUTES}${secure}`;
}

export const FORGET_COOKIE = `lotse_visitor=; ${ATTRIBUTES}; Max-Age=0`;
