import { readdirSync, readFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { ChannelEvent, Reading, Receipt } from '../../src/channels/channel.ts';
import { readMessenger } from '../../src/channels/messenger/inbound.ts';
import { readWhatsapp } from '../../src/channels/whatsapp-cloud/inbound.ts';

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
        url: loose,
        recipient: z.object({ phone: loose, bsuid: loose }).nullish(),
      }),
    ),
    statuses: z.array(z.object({ id: loose, status: loose })),
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

type Person = Extract<ChannelEvent, { from: string }>;
const isPerson = (event: ChannelEvent): event is Person => 'from' in event;

function disagreements(reading: Reading, expected: Expected): string[] {
  const wrong: string[] = [];
  const same = (what: string, ours: unknown, theirs: unknown): void => {
    if (theirs !== null && theirs !== undefined && ours !== theirs)
      wrong.push(`${what}: ${JSON.stringify(ours)} instead of ${JSON.stringify(theirs)}`);
  };
  same('outcome', reading.outcome, expected.outcome);
  const events: readonly ChannelEvent[] = reading.events;
  const people = events.filter(isPerson);
  const notices = expected.events.filter(({ kind }) => !['echo', 'standby', 'feed'].includes(kind));
  same('messages', people.length, expected.messages.length + notices.length);
  const statuses = events.filter((event): event is Receipt => event.kind === 'status');
  same('statuses', statuses.length, expected.statuses.length);
  for (const [index, { kind }] of notices.entries()) {
    const event = people[index];
    same(
      'event',
      event?.kind === 'system' ? event.change.replace('-', '_') : event?.kind,
      QUIET.includes(kind) ? (MEANING[kind]?.[0] ?? kind) : kind,
    );
  }
  for (const [index, theirs] of expected.messages.entries()) {
    const ours = people[index];
    if (!ours) continue;
    const kinds = MEDIA.includes(theirs.kind ?? '')
      ? ['media']
      : (MEANING[theirs.kind ?? ''] ?? [theirs.kind ?? ours.kind]);
    if (!kinds.includes(ours.kind)) wrong.push(`kind: ${ours.kind} instead of ${kinds.join(' or ')}`);
    same('from', ours.from, theirs.from);
    same('id', ours.id, theirs.id);
    same('account', ours.account, theirs.phone_number_id);
    same('at', ours.at, theirs.timestamp == null ? undefined : Number(theirs.timestamp) * 1000);
    if (theirs.recipient) {
      same(
        'phone',
        ours.address['phone'],
        theirs.recipient.phone == null ? undefined : `+${theirs.recipient.phone}`,
      );
      same('no phone', 'phone' in ours.address, theirs.recipient.phone != null);
    }
    if (ours.kind === 'text') same('text', ours.text, theirs.text);
    if (ours.kind === 'choice') same('choice', ours.choice, theirs.payload);
    if (ours.kind === 'choice' && theirs.text) same('label', ours.text, theirs.text);
    if (ours.kind === 'media') same('type', ours.media.type, theirs.kind);
    if (ours.kind === 'media') same('url', ours.media.url, theirs.url);
    if (ours.kind === 'media') same('caption', ours.media.caption, theirs.text);
    if (ours.kind === 'contacts') same('contacts', ours.count, theirs.contacts);
    if (ours.kind === 'reaction') same('target', ours.target, theirs.target);
    if (ours.kind === 'system') same('change', ours.change, theirs.system_type);
  }
  for (const [index, theirs] of expected.statuses.entries()) {
    const ours = statuses[index];
    if (!ours) continue;
    same('status', ours.status, theirs.status);
    same('target', ours.target, theirs.id);
  }
  return wrong;
}

const folders = ['whatsapp', 'messenger'] as const;
const READ = { whatsapp: readWhatsapp, messenger: readMessenger };

const present = existsSync(CORPUS);
const corpus = present ? describe : describe.skip;
corpus('the corpus beside the checkout', () => {
  const files = present
    ? folders.flatMap((folder) => readdirSync(path.join(CORPUS, folder)).map((file) => ({ folder, file })))
    : [{ folder: folders[0], file: 'is not there' }];

  test.each(files)('$folder/$file is read as it expects', ({ folder, file }) => {
    const whole = caseSchema.parse(JSON.parse(readFileSync(path.join(CORPUS, folder, file), 'utf8')));
    const wrong = disagreements(READ[folder](whole.payload), whole.expect);
    const onPurpose = DISAGREE[`${folder}/${file}`] !== undefined;
    if (onPurpose) expect(wrong).not.toEqual([]);
    else expect(wrong).toEqual([]);
  });
});
