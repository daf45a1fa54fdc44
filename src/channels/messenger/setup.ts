import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { GraphAnswer, GraphClient } from '../graph/client.ts';
import { profileSchema, type Profile } from './profile.ts';

const PATH = '/me/messenger_profile';
const FIELDS = ['get_started', 'greeting', 'persistent_menu', 'ice_breakers'] as const;

/** The fields that are set; what Lotse would never set, such as a menu with links, is there as it came. */
export type FoundProfile = Readonly<Partial<Record<(typeof FIELDS)[number], unknown>>>;

/** `reason`: what Meta says, for whoever runs the page; never about people. */
export type SetUp<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

const errorSchema = z.object({
  error: z.object({ message: z.string().optional(), code: z.number().optional() }),
});
const foundSchema = z.object({ data: z.array(z.record(z.string(), z.unknown())) });
const doneSchema = z.object({ result: z.literal('success') });

/** What the page of the client's token shows now. Never rejects. */
export async function readProfile(client: Pick<GraphClient, 'get'>): Promise<SetUp<FoundProfile>> {
  const body = bodyOf(await client.get(`${PATH}?fields=${FIELDS.join(',')}`));
  if (!body.ok) return body;
  const parsed = foundSchema.safeParse(body.value);
  if (!parsed.success) return { ok: false, reason: 'the answer is not of the shape that Meta documents' };
  return { ok: true, value: Object.fromEntries(parsed.data.data.flatMap((part) => Object.entries(part))) };
}

/** Sets all of it in one call: Meta allows ten in ten minutes. Never rejects. */
export async function writeProfile(
  client: Pick<GraphClient, 'post'>,
  profile: Profile,
): Promise<SetUp<null>> {
  const body = bodyOf(await client.post(PATH, profile));
  if (!body.ok) return body;
  return doneSchema.safeParse(body.value).success
    ? { ok: true, value: null }
    : { ok: false, reason: 'the answer does not say that it was done' };
}

/** Where the page shows something else than it should, one line a place; []: nowhere. */
export function differences(wanted: Profile, found: FoundProfile): string[] {
  return FIELDS.flatMap((field) => {
    if (!hasField(found, field)) return [`${field}: missing`];
    const parsed = profileSchema.shape[field].safeParse(found[field]);
    if (!parsed.success) return [`${field}: holds what Lotse does not set`];
    return field === 'get_started'
      ? isDeepStrictEqual(parsed.data, wanted[field])
        ? []
        : [`${field}: differs`]
      : byLocale(field, wanted[field], z.array(localSchema).parse(parsed.data));
  });
}

const localSchema = z.looseObject({ locale: z.string() });
type Local = Readonly<z.infer<typeof localSchema>>;

function byLocale(field: string, wanted: readonly Local[], found: readonly Local[]): string[] {
  const locales = [...new Set([...wanted, ...found].map(({ locale }) => locale))];
  return locales.flatMap((locale) => {
    const [should, is] = [wanted, found].map((all) => all.find((one) => one.locale === locale));
    if (isDeepStrictEqual(should, is)) return [];
    return [`${field} ${locale}: ${!is ? 'missing' : !should ? 'not of Lotse' : 'differs'}`];
  });
}

function hasField(found: FoundProfile, field: (typeof FIELDS)[number]): boolean {
  return found[field] !== undefined && found[field] !== null;
}

function bodyOf(answer: GraphAnswer): SetUp<unknown> {
  if (answer.type !== 'answer') return { ok: false, reason: `no answer: ${answer.reason}` };
  const failed = errorSchema.safeParse(answer.body);
  if (failed.success) {
    const { code, message } = failed.data.error;
    return { ok: false, reason: `${message ?? 'refused'} (code ${String(code ?? 'none')})` };
  }
  if (answer.status < 200 || answer.status > 299)
    return { ok: false, reason: `HTTP ${String(answer.status)}; check GRAPH_URL` };
  return { ok: true, value: answer.body };
}
