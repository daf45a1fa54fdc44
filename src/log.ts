import { pino, type Logger } from 'pino';

export type Log = Logger;

/** Never written, wherever a library or a mistake puts them: what people say, who they are, and our keys. */
const SECRETS: ReadonlySet<string> = new Set([
  'text',
  'phone',
  'from',
  'user',
  'address',
  'payload',
  'token',
  'authorization',
  'body',
]);

/** Deeper than anything Lotse logs; what lies below is left out. */
const DEPTH_MAX = 8;

/** Logs know events, never people: keyed hashes, steps, counts and durations. */
export function createLog(level: string, destination?: { write(line: string): void }): Log {
  const options = {
    level,
    base: null,
    serializers: { err: serializeError },
    formatters: { log: (entry: Record<string, unknown>) => withoutSecrets(entry, 0) },
  };
  return destination ? pino(options, destination) : pino(options);
}

function withoutSecrets(entry: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(entry).map(([name, value]: [string, unknown]) => [
      name,
      SECRETS.has(name.toLowerCase()) ? '[Redacted]' : scrubbed(value, depth + 1),
    ]),
  );
}

function scrubbed(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  if (depth > DEPTH_MAX) return '[Left out]';
  if (Array.isArray(value)) return value.map((item: unknown) => scrubbed(item, depth + 1));
  return withoutSecrets(value, depth);
}

/** JSON.parse quotes in its message what it could not read. */
const QUOTED_JSON = /, (\.\.\.)?"[^]*"(\.\.\.)? is not valid JSON/g;

function serializeError(error: Error): unknown {
  const serialized = pino.stdSerializers.err(error);
  const cut = (text: string): string => text.replace(QUOTED_JSON, ': no valid JSON');
  const { type, message, stack, ...more } = serialized;
  return { type, message: cut(message), stack: cut(stack), ...withoutSecrets(more, 1) };
}
