import { z } from 'zod';
import type { Input } from '../../engine/input.ts';

/** The greatest body that is read. */
export const BODY_LIMIT_BYTES = 16 * 1024;

const id = z.string('must be a text').regex(/^[\w-]{8,64}$/, 'must have 8 to 64 letters, digits, - or _');
const text = z
  .string('must be a text')
  .regex(/\S/, 'must not be empty')
  .max(4096, 'must have at most 4096 characters');
const degrees = (most: number): z.ZodNumber => {
  const problem = `must be a number from -${String(most)} to ${String(most)}`;
  return z.number(problem).min(-most, problem).max(most, problem);
};

const textBody = z.strictObject({ id, text });
const choiceBody = z.strictObject({
  id,
  choice: z.string('must be a text').min(1, 'must not be empty').max(200, 'must have at most 200 characters'),
  text,
});
const locationBody = z.strictObject({ id, latitude: degrees(90), longitude: degrees(180) });
const acksBody = z.strictObject({
  ids: z
    .array(
      z.string('must hold texts').regex(/^[\w.:-]{1,100}$/, 'must hold ids of messages'),
      'must be a list',
    )
    .min(1, 'must not be empty')
    .max(100, 'must hold at most 100 ids'),
});

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

function parse<T>(schema: z.ZodType<T>, body: unknown): Parsed<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issue = parsed.error.issues[0];
  if (issue === undefined || issue.path.length === 0)
    return {
      ok: false,
      problem:
        issue?.code === 'unrecognized_keys'
          ? `The body has unknown fields: ${issue.keys.map((key) => key.slice(0, 40)).join(', ')}.`
          : 'The body must be a JSON object.',
    };
  return { ok: false, problem: `${String(issue.path[0])} ${issue.message}.` };
}

/** What the person did: `{id, text}`, `{id, choice, text}` or `{id, latitude, longitude}`; `id` is the browser's. */
export function parseMessage(body: unknown): Parsed<{ readonly id: string; readonly input: Input }> {
  const has = (field: string): boolean => typeof body === 'object' && body !== null && field in body;
  if (has('choice')) {
    const parsed = parse(choiceBody, body);
    if (!parsed.ok) return parsed;
    return {
      ok: true,
      value: {
        id: parsed.value.id,
        input: { kind: 'choice', choice: parsed.value.choice, text: parsed.value.text },
      },
    };
  }
  if (has('latitude') || has('longitude')) {
    const parsed = parse(locationBody, body);
    if (!parsed.ok) return parsed;
    const { id: own, latitude, longitude } = parsed.value;
    return { ok: true, value: { id: own, input: { kind: 'location', latitude, longitude } } };
  }
  const parsed = parse(textBody, body);
  if (!parsed.ok) return parsed;
  return { ok: true, value: { id: parsed.value.id, input: { kind: 'text', text: parsed.value.text } } };
}

/** Which messages of ours a browser has shown: `{ids}`, outbox ids. */
export function parseAcks(body: unknown): Parsed<readonly string[]> {
  const parsed = parse(acksBody, body);
  return parsed.ok ? { ok: true, value: parsed.value.ids } : parsed;
}
