import { z } from 'zod';
import type { GraphAnswer, GraphClient } from '../graph/client.ts';
import { idSchema, itemsSchema, numberSchema, textSchema } from '../graph/json.ts';

/** A template as Meta keeps it: one name in one language. */
export interface KnownTemplate {
  readonly name: string;
  /** Meta's code: `ar`, `pt_BR`. */
  readonly language: string;
  /** APPROVED, PENDING, REJECTED, PAUSED, DISABLED …; only the first may be sent. */
  readonly status: string;
  /** How many values its body wants. */
  readonly parameters: number;
  /** What Lotse does not fill in, though the template asks for it. */
  readonly unfilled: readonly ('names' | 'header' | 'buttons')[];
}

/** What was asked for; or why not, with what to do about it. */
export type Asked<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

const healthSchema = z.object({ health_status: z.object({ entities: itemsSchema }) });
const entitySchema = z.object({ entity_type: z.literal('WABA'), id: z.string().regex(/^\d+$/u) });
const errorSchema = z.object({ error: z.object({ code: numberSchema }) });

/** The WhatsApp Business Account that a phone number belongs to, as its health status tells. */
export async function businessAccountOf(client: GraphClient, phoneNumberId: string): Promise<Asked<string>> {
  const answer = await client.get(`/${phoneNumberId}?fields=health_status`);
  const health = healthSchema.safeParse(bodyOf(answer));
  if (!health.success) return { ok: false, reason: why(answer) };
  for (const entity of health.data.health_status.entities) {
    const found = entitySchema.safeParse(entity);
    if (found.success) return { ok: true, value: found.data.id };
  }
  return { ok: false, reason: 'Meta does not tell which WhatsApp Business Account this number belongs to' };
}

const componentSchema = z.object({
  type: textSchema,
  format: textSchema,
  text: textSchema,
  buttons: itemsSchema,
});
const buttonSchema = z.object({ type: textSchema, url: textSchema });
const templateSchema = z.object({
  name: z.string(),
  language: z.string(),
  status: z.string(),
  parameter_format: textSchema,
  components: itemsSchema,
});
const pageSchema = z.object({
  data: z.array(z.unknown()),
  paging: z
    .object({ cursors: z.object({ after: idSchema }), next: textSchema })
    .optional()
    .catch(undefined),
});

/** Buttons that a send must say more about. */
const FILLED = ['OTP', 'COPY_CODE', 'FLOW', 'CATALOG', 'MPM'];

const FIELDS = 'name,language,status,category,parameter_format,components';
/** Meta lets an account have some thousands. */
const PAGES_MAX = 100;

/** All templates of a WhatsApp Business Account; the token needs whatsapp_business_management. */
export async function readTemplates(
  client: GraphClient,
  account: string,
): Promise<Asked<readonly KnownTemplate[]>> {
  const known: KnownTemplate[] = [];
  let after = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    // Only the cursor is taken from the answer: `next` is a whole address, which could lead anywhere.
    const cursor = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
    const answer = await client.get(`/${account}/message_templates?fields=${FIELDS}&limit=100${cursor}`);
    const read = pageSchema.safeParse(bodyOf(answer));
    if (!read.success) return { ok: false, reason: why(answer) };
    known.push(...read.data.data.flatMap(knownOf));
    const { next, cursors } = read.data.paging ?? {};
    if (next === undefined || cursors?.after === undefined || cursors.after === after) break;
    after = cursors.after;
  }
  return { ok: true, value: known };
}

function knownOf(item: unknown): readonly KnownTemplate[] {
  const parsed = templateSchema.safeParse(item);
  if (!parsed.success) return [];
  const { name, language, status, parameter_format, components: items } = parsed.data;
  const components = items.flatMap((component) => componentSchema.safeParse(component).data ?? []);
  const is = (word: string | undefined, wanted: string): boolean => word?.toUpperCase() === wanted;
  const body = components.find(({ type }) => is(type, 'BODY'));
  const header = components.find(({ type }) => is(type, 'HEADER'));
  const buttons = components
    .flatMap((component) => component.buttons)
    .flatMap((button) => buttonSchema.safeParse(button).data ?? []);
  const unfilled = [
    ...(is(parameter_format, 'NAMED') && placeholders(body?.text) > 0 ? ['names' as const] : []),
    ...(header && (!is(header.format, 'TEXT') || placeholders(header.text) > 0) ? ['header' as const] : []),
    ...(buttons.some(({ type, url }) => placeholders(url) > 0 || FILLED.some((word) => is(type, word)))
      ? ['buttons' as const]
      : []),
  ];
  return [{ name, language, status, parameters: placeholders(body?.text), unfilled }];
}

/** How many different ones there are: {{1}}, {{2}} … or {{first_name}} … */
function placeholders(text = ''): number {
  return new Set([...text.matchAll(/\{\{\s*(\w+)\s*\}\}/gu)].map(([, name]) => name)).size;
}

function bodyOf(answer: GraphAnswer): unknown {
  return answer.type === 'answer' && answer.status === 200 ? answer.body : undefined;
}

function why(answer: GraphAnswer): string {
  if (answer.type !== 'answer') return `Meta cannot be reached (${answer.reason}); check GRAPH_URL`;
  const { error } = errorSchema.safeParse(answer.body).data ?? {};
  const code = error?.code === undefined ? '' : `, code ${String(error.code)}`;
  return `Meta does not tell (HTTP ${String(answer.status)}${code}); the token needs the permission whatsapp_business_management for this account`;
}
