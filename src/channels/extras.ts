import { isMediaFile, type Message } from '../engine/message.ts';
import type { Limits, MediaType } from './limits.ts';
import { oneLine } from './text.ts';

type Location = NonNullable<Message['location']>;
export type Contact = NonNullable<Message['contacts']>[number];

/** What goes with a text as a message of its own. */
export type Extra =
  | { readonly type: 'media'; readonly media: MediaType; readonly url: string }
  | ({ readonly type: 'location' } & Location)
  | { readonly type: 'contacts'; readonly contacts: readonly Contact[] };

/** What goes with a text: as messages where the platform has them, else as lines of the text. */
export function extrasOf(
  { media = [], location, contacts }: Message,
  limits: Limits,
): { readonly apart: readonly Extra[]; readonly lines: readonly string[] } {
  const apart: Extra[] = [];
  const lines: string[] = [];
  for (const { type, url } of media)
    if (limits.media?.[type] && (isWeb(url) || isMediaFile(url)))
      apart.push({ type: 'media', media: type, url });
    // A file of ours has no address that people could open where nothing but text is shown.
    else if (!isMediaFile(url)) lines.push(url);
  if (location && limits.location === true) apart.push({ type: 'location', ...location });
  else if (location) lines.push(locationLine(location));
  if (contacts && areCards(contacts, limits.contacts)) apart.push({ type: 'contacts', contacts });
  else if (contacts) lines.push(...contacts.map(contactLine));
  return { apart, lines };
}

function areCards(contacts: readonly Contact[], limits: Limits['contacts']): boolean {
  if (!limits || contacts.length > limits.max) return false;
  const { call } = limits;
  return contacts.every(
    (contact) =>
      !call || (contactName(contact).length <= call.titleMax && phonesOf(contact).length <= call.subtitleMax),
  );
}

export function phonesOf({ phones }: Contact): string {
  return phones.join(', ');
}

export function linkLine({ label, url }: NonNullable<Message['link']>): string {
  const called = oneLine(label);
  return called === '' ? url : `${called}: ${url}`;
}

/** The place on OpenStreetMap, which opens in any browser and asks nobody to sign in. */
export function locationLine({ latitude, longitude, name = '', address = '' }: Location): string {
  const [lat, lon] = [degrees(latitude), degrees(longitude)];
  const link = `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=17/${lat}/${lon}`;
  const called = [oneLine(name), oneLine(address)].filter((words) => words !== '').join(', ');
  return called === '' ? link : `${called}: ${link}`;
}

export function contactLine(contact: Contact): string {
  const { phones, url } = contact;
  return `${contactName(contact)}: ${[...phones, ...(url === undefined ? [] : [url])].join(', ')}`;
}

/** On one line; never empty, which address books refuse. */
export function contactName({ name, phones }: Contact): string {
  return oneLine(name) || (phones[0] ?? '…');
}

/** To a tenth of a metre; never in the form 1e-7, which no map reads. */
function degrees(value: number): string {
  return String(Number(value.toFixed(6)));
}

/** Platforms fetch what they show, and only over HTTP. */
function isWeb(url: string): boolean {
  return URL.canParse(url) && /^https?:$/u.test(new URL(url).protocol);
}
