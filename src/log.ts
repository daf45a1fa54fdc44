import { pino, type Logger } from 'pino';

export type Log = Logger;

/** Never written, wherever a library or a mistake puts them: what people say, who they are, and our keys. */
const SECRETS = ['text', 'phone', 'from', 'user', 'address', 'payload', 'token', 'authorization', 'body'];

/** Logs know events, never people: keyed hashes, steps, counts and durations. */
export function createLog(level: string, destination?: { write(line: string): void }): Log {
  const redact = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  const options = { level, base: null, redact };
  return destination ? pino(options, destination) : pino(options);
}
