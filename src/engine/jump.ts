import { z } from 'zod';

export const textSchema = z.string('must be a text').trim().min(1, 'must not be empty');

/** A step, option or answer name. */
export const NAME = /^[a-z][a-z0-9_]{0,39}$/;

const where = z.union([
  z.strictObject({ when: textSchema.optional(), to: textSchema }),
  z.strictObject({ when: textSchema.optional(), call: textSchema, then: textSchema.optional() }),
  z.strictObject({ when: textSchema.optional(), go: textSchema }),
]);

export type Jump = z.infer<typeof where>;

/** `next: helped`, `next: {call: x, then: y}` or a list of such with conditions; always a list inside. */
export const nextSchema = z.preprocess(
  (raw) =>
    (Array.isArray(raw) ? raw : [raw]).map((one: unknown) => (typeof one === 'string' ? { to: one } : one)),
  z
    .array(where)
    .min(1)
    .refine((ways) => ways.findIndex(({ when }) => when === undefined) === ways.length - 1, {
      message:
        "the last way, and only the last, must have no 'when': otherwise somebody is left without a way",
    }),
);
