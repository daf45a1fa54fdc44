import { once } from 'node:events';
import type { ChannelEvent, Reading } from '../channels/channel.ts';
import { READERS, type Platform } from '../channels/readers.ts';

/** Larger bodies are turned away by the webhook, too; in bytes. */
const BODY_BYTES_MAX = 3 * 1024 * 1024;

const NEWLINE = 10;

/** `lotse explain PLATFORM`: what Lotse makes of webhook bodies, one a line on standard input, one a line back. */
export async function explain(platform: Platform): Promise<void> {
  for await (const line of explained(platform, process.stdin))
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}

/** One line of JSON for every line of `input` that is not blank; of a line only what a body may measure is kept. */
export async function* explained(platform: Platform, input: AsyncIterable<Buffer>): AsyncGenerator<string> {
  for await (const line of linesOf(input)) {
    const text = line?.toString().trim();
    if (text === '') continue;
    const { outcome, events, ...why } =
      text === undefined ? rejected('larger than 3 MiB') : read(platform, text);
    yield JSON.stringify({ outcome, events: events.map(printed), ...why });
  }
}

function read(platform: Platform, text: string): Reading {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return rejected('not JSON');
  }
  return READERS[platform](body);
}

function rejected(reason: string): Reading {
  return { outcome: 'reject', events: [], reason };
}

/**
 * The lines of a stream, null for those that are too long. Node's own reader of lines would gather one without
 * end until the memory is full.
 */
async function* linesOf(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer | null> {
  let parts: Buffer[] = [];
  let bytes = 0;
  const add = (part: Buffer): void => {
    bytes += part.length;
    if (bytes <= BODY_BYTES_MAX) parts.push(part);
    else parts = [];
  };
  const line = (): Buffer | null => {
    const whole = bytes <= BODY_BYTES_MAX ? Buffer.concat(parts) : null;
    parts = [];
    bytes = 0;
    return whole;
  };
  for await (const chunk of input) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end));
      yield line();
      start = end + 1;
    }
    add(chunk.subarray(start));
  }
  if (bytes > 0) yield line();
}

/** An event as people and scripts get to see it: what only Lotse itself needs is left out. */
function printed(event: ChannelEvent): Readonly<Record<string, unknown>> {
  if (event.kind === 'ignored') return { kind: event.kind, reason: event.reason };
  const { kind, id, at } = event;
  const from = 'from' in event ? event.from : undefined;
  return { kind, id, from, at, ...detailsOf(event) };
}

function detailsOf(event: Exclude<ChannelEvent, { kind: 'ignored' }>): Readonly<Record<string, unknown>> {
  switch (event.kind) {
    case 'text':
      return { text: event.text };
    case 'choice':
      return { choice: event.choice, text: event.text };
    case 'location':
      return { latitude: event.latitude, longitude: event.longitude, name: event.name };
    case 'media': {
      const { type, id, url, mime, caption } = event.media;
      return { media: { type, id, url, mime, caption } };
    }
    case 'reaction':
      return { emoji: event.emoji, target: event.target };
    case 'form':
      return { values: event.values };
    case 'system':
      return { change: event.change };
    case 'entry':
      return { ref: event.ref };
    case 'status':
      return { status: event.status, target: event.target, error: event.error };
    case 'contacts':
    case 'echo':
    case 'unsupported':
      return {};
  }
}
