import { readdirSync, readFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { ChannelEvent } from '../../src/channels/channel.ts';
import { READERS, type Platform } from '../../src/channels/readers.ts';
import { explained } from '../../src/cli/explain.ts';

// Real webhook bodies that lie beside the checkout on some machines and are not part of the project.
const CORPUS = path.resolve(import.meta.dirname, '../../../shared/platform/corpus/inbound');

const loose = z.string().nullish();
const caseSchema = z.object({
  payload: z.unknown(),
  expect: z.object({
    outcome: z.enum(['accept', 'ignore', 'reject']),
    messages: z.array(
      z.object({
        kind: loose,
        from: loose,
        id: loose,
        text: loose,
        payload: loose,
        timestamp: loose,
        phone_number_id: loose,
        target: loose,
        contacts: z.number().nullish(),
        system_type: loose,
        new_wa_id: loose,
        url: loose,
        recipient: z.object({ phone: loose, bsuid: loose }).nullish(),
      }),
    ),
    statuses: z.array(
      z.object({
        id: loose,
        status: loose,
        recipient: z
          .string()
          .transform((phone) => ({ phone }))
          .or(z.object({ phone: loose }))
          .nullish(),
      }),
    ),
    events: z.array(z.object({ kind: z.string() })).default([]),
  }),
});
type Expected = z.infer<typeof caseSchema>['expect'];

/** Their word for a message -> ours, where the two differ. */
const MEANING: Readonly<Record<string, readonly string[]>> = {
  button_reply: ['choice'],
  list_reply: ['choice'],
  quick_reply: ['choice'],
  postback: ['choice', 'entry'],
  // The payloads in the corpus are none of Lotse's option ids: the words count.
  template_button: ['text'],
  reaction_removed: ['reaction'],
  revoke: ['system'],
  edit: ['system'],
  order: ['unsupported'],
  fallback: ['unsupported'],
  referral: ['entry'],
  message_request: ['system'],
};
const MEDIA = ['image', 'audio', 'voice', 'video', 'document', 'file', 'sticker'];
const QUIET = ['echo', 'standby', 'feed', 'referral', 'reaction'];

/** Cases read otherwise on purpose, and why. */
const DISAGREE: Readonly<Record<string, string>> = {
  'whatsapp/netflie-a-location-notification.json':
    'placeholders instead of coordinates: nobody is there, so the person is asked again (unsupported)',
};
// Not compared: for people with a parent BSUID one library answers to that, Lotse to the plain one.

/** One line of `lotse explain`. */
const explainedSchema = z.object({
  outcome: z.enum(['accept', 'ignore', 'reject']),
  events: z.array(
    z.looseObject({
      kind: z.string(),
      id: z.string().optional(),
      from: z.string().optional(),
      at: z.number().optional(),
      text: z.string().optional(),
      choice: z.string().optional(),
      media: z
        .object({ type: z.string(), url: z.string().optional(), caption: z.string().optional() })
        .optional(),
      status: z.string().optional(),
      target: z.string().optional(),
      change: z.string().optional(),
    }),
  ),
  reason: z.string().min(3).optional(),
});
type Explained = z.infer<typeof explainedSchema>;

async function explain(platform: Platform, payload: unknown): Promise<Explained> {
  async function* input(): AsyncGenerator<Buffer> {
    yield await Promise.resolve(Buffer.from(JSON.stringify(payload)));
  }
  const lines: string[] = [];
  for await (const line of explained(platform, input())) lines.push(line);
  expect(lines).toHaveLength(1);
  return explainedSchema.parse(JSON.parse(lines[0] ?? ''));
}

const isOfPerson = ({ kind }: { kind: string }): boolean => !['status', 'echo', 'ignored'].includes(kind);

/** `inside`: the same events before printing, for what is not printed. */
function disagreements(reading: Explained, inside: readonly ChannelEvent[], expected: Expected): string[] {
  const wrong: string[] = [];
  const same = (what: string, ours: unknown, theirs: unknown): void => {
    if (theirs !== null && theirs !== undefined && ours !== theirs)
      wrong.push(`${what}: ${JSON.stringify(ours)} instead of ${JSON.stringify(theirs)}`);
  };
  same('outcome', reading.outcome, expected.outcome);
  same('reason', reading.reason !== undefined, expected.outcome === 'reject');
  const people = reading.events.filter(isOfPerson);
  const within = inside.filter(isOfPerson);
  const notices = expected.events.filter(({ kind }) => !['echo', 'standby', 'feed'].includes(kind));
  same('messages', people.length, expected.messages.length + notices.length);
  const statuses = reading.events.filter(({ kind }) => kind === 'status');
  same('statuses', statuses.length, expected.statuses.length);
  const echoes = expected.events.filter(({ kind }) => kind === 'echo');
  same('echoes', reading.events.filter(({ kind }) => kind === 'echo').length, echoes.length);
  for (const [index, { kind }] of notices.entries()) {
    const event = people[index];
    same(
      'event',
      event?.kind === 'system' ? event.change : event?.kind,
      QUIET.includes(kind) ? (MEANING[kind]?.[0] ?? kind) : kind,
    );
  }
  for (const [index, theirs] of expected.messages.entries()) {
    const ours = people[index];
    const event = within[index];
    if (!ours || !event || !('address' in event)) continue;
    const kinds = MEDIA.includes(theirs.kind ?? '')
      ? ['media']
      : (MEANING[theirs.kind ?? ''] ?? [theirs.kind ?? ours.kind]);
    if (!kinds.includes(ours.kind)) wrong.push(`kind: ${ours.kind} instead of ${kinds.join(' or ')}`);
    same('from', ours.from, theirs.from);
    same('id', ours.id, theirs.id);
    same('account', event.account, theirs.phone_number_id);
    same('at', ours.at, theirs.timestamp == null ? undefined : Number(theirs.timestamp) * 1000);
    if (theirs.recipient) {
      const { phone } = theirs.recipient;
      same('phone', event.address['phone'], phone == null ? undefined : `+${phone}`);
      same('no phone', 'phone' in event.address, phone != null);
    }
    if (ours.kind === 'text') same('text', ours.text, theirs.text);
    if (ours.kind === 'choice') same('choice', ours.choice, theirs.payload);
    if (ours.kind === 'choice' && theirs.text) same('label', ours.text, theirs.text);
    if (ours.kind === 'media') same('type', ours.media?.type, theirs.kind);
    if (ours.kind === 'media') same('url', ours.media?.url, theirs.url);
    if (ours.kind === 'media') same('caption', ours.media?.caption, theirs.text);
    if (event.kind === 'contacts') same('contacts', event.count, theirs.contacts);
    if (ours.kind === 'reaction') same('target', ours.target, theirs.target);
    if (ours.kind === 'reaction') same('removed', ours['emoji'] === '', theirs.kind === 'reaction_removed');
    if (ours.kind === 'system') same('change', ours.change, theirs.system_type);
    if (event.kind === 'system' && theirs.new_wa_id != null)
      same('moved', event.moved?.address['phone'], `+${theirs.new_wa_id}`);
  }
  for (const [index, theirs] of expected.statuses.entries()) {
    const ours = statuses[index];
    if (!ours) continue;
    same('status', ours.status, theirs.status);
    same('target', ours.target, theirs.id);
    same('recipient', ours.from, theirs.recipient?.phone);
  }
  return wrong;
}

const folders = ['whatsapp', 'messenger'] as const;

const present = existsSync(CORPUS);
const corpus = present ? describe : describe.skip;
corpus('the corpus beside the checkout', () => {
  const files = present
    ? folders.flatMap((folder) => readdirSync(path.join(CORPUS, folder)).map((file) => ({ folder, file })))
    : [{ folder: folders[0], file: 'is not there' }];

  test.each(files)('$folder/$file is explained as it expects', async ({ folder, file }) => {
    const whole = caseSchema.parse(JSON.parse(readFileSync(path.join(CORPUS, folder, file), 'utf8')));
    const inside = READERS[folder](whole.payload).events;
    const wrong = disagreements(await explain(folder, whole.payload), inside, whole.expect);
    const onPurpose = DISAGREE[`${folder}/${file}`] !== undefined;
    if (onPurpose) expect(wrong).not.toEqual([]);
    else expect(wrong).toEqual([]);
  });
});
