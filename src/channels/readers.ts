import type { Reading } from './channel.ts';
import { readMessenger } from './messenger/inbound.ts';
import { readWhatsapp } from './whatsapp-cloud/inbound.ts';

/** Who delivers webhooks, by the names of `lotse explain`. */
export type Platform = 'whatsapp' | 'messenger';

/** What reads each platform's webhook bodies; apart from the channels, for reading needs no settings. */
export const READERS: Readonly<Record<Platform, (body: unknown) => Reading>> = {
  whatsapp: readWhatsapp,
  messenger: readMessenger,
};
