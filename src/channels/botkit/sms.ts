import { z } from 'zod';
import type { SendResult } from '../channel.ts';
import { numberSchema, textSchema } from '../graph/json.ts';
import { mediaAt } from './inbound.ts';
import type { Bridge, Heard } from './bridge.ts';
import { fromPackage } from './packages.ts';

const PACKAGE = 'botbuilder-adapter-twilio-sms';

/** Twilio's limit for one message, which it cuts into SMS itself; see Twilio's error 21617. */
const TEXT_MAX = 1600;

/** What Twilio posts for an incoming message: its page «Twilio's request to your incoming message webhook». */
const twilioSchema = z.object({
  Body: textSchema,
  NumMedia: numberSchema,
  MediaUrl0: textSchema,
  MediaContentType0: textSchema,
  Latitude: numberSchema,
  Longitude: numberSchema,
  Label: textSchema,
  /** STOP, START or HELP, where Twilio itself has answered the word («Advanced Opt-Out»). */
  OptOutType: textSchema,
  SmsMessageSid: textSchema,
});

/** Texts by Twilio: `botbuilder-adapter-twilio-sms`. */
export const smsBridge: Bridge = {
  name: 'sms',
  settings: {
    needed: ['TWILIO_NUMBER', 'TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'],
    optional: ['TWILIO_WEBHOOK_URL', 'TWILIO_URL'],
  },
  limits: { textMax: TEXT_MAX },
  read: ({ channelData }) => readTwilio(twilioSchema.parse(channelData)),
  idOf: ({ id, channelData }) => id ?? twilioSchema.parse(channelData).SmsMessageSid,
  async create(given) {
    const { TwilioAdapter } = await fromPackage(PACKAGE, () => import('botbuilder-adapter-twilio-sms'));
    const adapter = new TwilioAdapter({
      twilio_number: given['TWILIO_NUMBER'] ?? '',
      account_sid: given['TWILIO_ACCOUNT_SID'] ?? '',
      auth_token: given['TWILIO_AUTH_TOKEN'] ?? '',
      ...(given['TWILIO_WEBHOOK_URL'] === undefined ? {} : { validation_url: given['TWILIO_WEBHOOK_URL'] }),
    });
    if (given['TWILIO_URL'] !== undefined) pointAt(adapter, given['TWILIO_URL']);
    return { adapter, outcome };
  },
};

function readTwilio(message: z.infer<typeof twilioSchema>): Heard {
  const { Body = '', NumMedia = 0, MediaUrl0, MediaContentType0, OptOutType } = message;
  switch (OptOutType?.toUpperCase()) {
    case 'STOP':
      return { kind: 'wants', wants: 'stop' };
    case 'START':
      return { kind: 'wants', wants: 'start' };
    case 'HELP':
      return { kind: 'ignored', reason: 'answered by Twilio' };
    case undefined:
    default:
      break;
  }
  const place = placeOf(message);
  if (place) return place;
  if (NumMedia > 0 && MediaUrl0 !== undefined) {
    const caption = Body.trim() === '' ? {} : { caption: Body };
    return { kind: 'media', media: { ...mediaAt(MediaUrl0, MediaContentType0), ...caption } };
  }
  return Body.trim() === '' ? { kind: 'unsupported', what: 'empty' } : { kind: 'text', text: Body };
}

function placeOf({ Latitude, Longitude, Label }: z.infer<typeof twilioSchema>): Heard | null {
  if (Latitude === undefined || Longitude === undefined) return null;
  if (Math.abs(Latitude) > 90 || Math.abs(Longitude) > 180) return null;
  return {
    kind: 'location',
    latitude: Latitude,
    longitude: Longitude,
    ...(Label === undefined ? {} : { name: Label }),
  };
}

/** Codes where Twilio's HTTP status misleads: its page «Error and Warning Dictionary». */
function outcome(error: unknown): SendResult | null {
  switch (z.object({ code: z.number() }).safeParse(error).data?.code) {
    case 21610:
      return { type: 'refused', reason: '21610 the person replied STOP', why: 'opt-out' };
    case 21611:
      return { type: 'retry', afterMs: null, reason: '21611 queue of our number is full' };
    default:
      return null;
  }
}

/** Sends to a stand-in: the adapter hides Twilio's client, but that has the address as a plain property. */
function pointAt(adapter: object, url: string): void {
  const client: unknown = Reflect.get(adapter, 'api');
  const domain: unknown = typeof client === 'object' && client !== null ? Reflect.get(client, 'api') : null;
  const known = z.looseObject({ baseUrl: z.string() }).safeParse(domain).success;
  if (!known || typeof domain !== 'object' || domain === null)
    throw new Error('TWILIO_URL does not work with this version of the package twilio');
  Reflect.set(domain, 'baseUrl', url);
}
