import type { Readable } from 'node:stream';
import { z } from 'zod';
import { addressSchema, type Address, type Part } from '../channels/channel.ts';
import { messengerBody, messengerParts } from '../channels/messenger/outbound.ts';
import { whatsappBody, whatsappParts } from '../channels/whatsapp-cloud/outbound.ts';
import { whatsappTemplate } from '../channels/whatsapp-cloud/template.ts';
import { messageSchema } from '../engine/message.ts';
import { EXIT, say } from './terminal.ts';

/** How each platform is spoken to; braces stand for what only a running server knows. */
const PLATFORMS = {
  whatsapp: {
    path: '/{version}/{phone_number_id}/messages',
    parts: whatsappParts,
    template: whatsappTemplate,
    address: (to: string): Address =>
      /^[A-Z]{2}\.\w/u.test(to) ? { recipient: to } : { phone: /^\d+$/u.test(to) ? `+${to}` : to },
    body: whatsappBody,
  },
  messenger: {
    path: '/{version}/{page_id}/messages',
    parts: messengerParts,
    template: (): Part | null => null,
    address: (to: string): Address => ({ psid: to }),
    body: messengerBody,
  },
} as const;

export type RenderPlatform = keyof typeof PLATFORMS;

const EXAMPLE = '{"text":"Hello","language":"en"}';

/** How to say something outside the window. */
const INSTEAD: Readonly<Record<RenderPlatform, string>> = {
  whatsapp: 'Name an approved template, e.g. "template":{"name":"reminder"}, or leave window out',
  messenger: 'Messenger has no templates: leave window out',
};

/** A message, and what the runtime knows beside it. */
const lineSchema = messageSchema
  .extend({
    /** Phone number, BSUID or PSID; or an address as a channel keeps it, e.g. `{"phone":"+49…"}`. */
    to: z.union([z.string().min(1), addressSchema]).default('{recipient}'),
    /** The platform's id of the message that is answered. */
    reply_to: z.string().optional(),
    /** `closed`: more than 24 hours after the person's last message. */
    window: z.enum(['open', 'closed']).default('open'),
  })
  .superRefine(({ menu }, context) => {
    const ids = new Set<string>();
    for (const [index, { id }] of (menu?.options ?? []).entries()) {
      const problem = id !== id.trim() ? 'has a space at its edge' : ids.has(id) ? 'stands twice' : null;
      if (problem !== null)
        context.addIssue({
          code: 'custom',
          path: ['menu', 'options', index, 'id'],
          message: `'${id}' ${problem}; give every option an id of its own`,
        });
      ids.add(id);
    }
  });

/**
 * `lotse render`: one message per line of `input`, JSON; for each, on a line of its own, the requests that
 * would send it, or `{"error"}`. Exit code 1 if any line was wrong.
 */
export async function render(
  platform: RenderPlatform,
  input: Readable = process.stdin,
  write: (line: string) => void = say,
): Promise<void> {
  let number = 0;
  process.exitCode = EXIT.good;
  for await (const line of linesOf(input)) {
    number += 1;
    if (line.trim() === '') continue;
    const rendered = renderLine(platform, line, number);
    if ('error' in rendered) process.exitCode = EXIT.findings;
    write(JSON.stringify(rendered));
  }
}

type Rendered =
  | { readonly requests: readonly { readonly method: 'POST'; readonly path: string; readonly body: Part }[] }
  | { readonly error: string };

function renderLine(name: RenderPlatform, line: string, number: number): Rendered {
  const wrong = (what: string): Rendered => ({ error: `line ${String(number)}: ${what}` });
  const data = parseJson(line);
  if (data === undefined) return wrong(`not JSON; write one message on each line, e.g. ${EXAMPLE}`);
  const parsed = lineSchema.safeParse(data);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'all'}: ${message}`);
    return wrong(`${problems.join('; ')}. A message has at least text and language, e.g. ${EXAMPLE}`);
  }
  const { to, reply_to, window, ...message } = parsed.data;
  const platform = PLATFORMS[name];
  const parts = window === 'open' ? platform.parts(message) : closed(platform.template(message));
  if (parts.length === 0) return wrong(`window: nothing can be said while it is closed. ${INSTEAD[name]}`);
  const address = typeof to === 'string' ? platform.address(to) : to;
  const requests = parts.flatMap((part, index) => {
    const body = platform.body(address, part, `{outbox.${String(index)}}`, reply_to);
    return body ? [{ method: 'POST' as const, path: platform.path, body }] : [];
  });
  return requests.length > 0
    ? { requests }
    : wrong(`to: the address names nobody on ${name}; write it as text, e.g. "to":"+4915112345678"`);
}

function closed(template: Part | null): readonly Part[] {
  return template ? [template] : [];
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Cut at line feeds only: readline also cuts at U+2028, which may stand in JSON. */
async function* linesOf(input: Readable): AsyncGenerator<string> {
  let rest = '';
  input.setEncoding('utf8');
  for await (const chunk of input) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
