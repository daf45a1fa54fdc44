/** Whether this is the system's or Node's error of that code, whichever part of the program made it. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return typeof error.code === 'string' && codes.includes(error.code);
}

/** What went wrong, in one line; libraries throw errors, and texts too. */
export function reasonOf(error: unknown): string {
  const thrown = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  const text = typeof thrown === 'string' ? thrown : 'unknown error';
  const line = (text.split('\n')[0] ?? '').trim().slice(0, 200);
  return /net::ERR_/u.test(line) ? `web.whatsapp.com cannot be reached (${line})` : line;
}
