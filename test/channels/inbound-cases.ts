import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const caseSchema = z.object({
  fact: z.string(),
  outcome: z.enum(['accept', 'ignore']),
  events: z.array(z.record(z.string(), z.unknown())),
});

function cases<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema>[] {
  const text = readFileSync(path.join(import.meta.dirname, 'fixtures', file), 'utf8');
  return z.array(schema).parse(JSON.parse(text));
}

/** What each change of the WhatsApp Cloud API and each entry of Messenger is to be read as. */
export const whatsappCases = cases(
  'whatsapp-inbound.json',
  caseSchema.extend({ field: z.string().default('messages'), value: z.looseObject({}) }),
);
export const messengerCases = cases(
  'messenger-inbound.json',
  caseSchema.extend({ entry: z.looseObject({}) }),
);

export const NUMBER = '100200300';
export const PAGE = '9001';

/** A webhook body with one entry for each change, at `NUMBER`. */
export const whatsappBody = (...changes: readonly { field?: unknown; value: object }[]): unknown => ({
  object: 'whatsapp_business_account',
  entry: changes.map(({ field = 'messages', value }) => ({
    id: '500',
    changes: [
      {
        field,
        value: { messaging_product: 'whatsapp', metadata: { phone_number_id: NUMBER }, ...value },
      },
    ],
  })),
});

/** A webhook body with these entries, at `PAGE`. */
export const messengerBody = (...entries: readonly object[]): unknown => ({
  object: 'page',
  entry: entries.map((entry) => ({ id: PAGE, time: 1790000000200, ...entry })),
});
