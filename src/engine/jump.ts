import { z } from 'zod';

export const textSchema = z.string('must be a text').trim().min(1, 'must not be empty');

/** A step, option or answer name. */
export const NAME = /^[a-z][a-z0-9_]{0,39}$/;

const when = textSchema.optional().meta({
  description:
    'A condition in CEL: this way is taken if it is true. It may use the answers of the flow, language, language_known and channel.',
  examples: ['people > 4', 'language == "ar" && people > 1'],
});

const where = z.union([
  z.strictObject({
    when,
    to: textSchema.meta({ description: 'The step of this flow to go to.', examples: ['helped'] }),
  }),
  z.strictObject({
    when,
    call: textSchema.meta({
      description: 'Another flow to run; when it ends, this one goes on.',
      examples: ['counselling'],
    }),
    then: textSchema.optional().meta({
      description: 'The step of this flow that follows the called flow; without it this flow is over then.',
      examples: ['need'],
    }),
  }),
  z.strictObject({
    when,
    go: textSchema.meta({
      description: 'Another flow (housing) or a step of it (start/menu) to leave for, for good.',
      examples: ['housing', 'start/menu'],
    }),
  }),
]);

export type Jump = z.infer<typeof where>;

/** `next: helped`, `next: {call: x, then: y}` or a list of such with conditions; always a list inside. */
export const nextSchema = z
  .preprocess(
    (raw) =>
      (Array.isArray(raw) ? raw : [raw]).map((one: unknown) => (typeof one === 'string' ? { to: one } : one)),
    z
      .array(where)
      .min(1)
      .refine((ways) => ways.findIndex(({ when }) => when === undefined) === ways.length - 1, {
        message:
          "the last way, and only the last, must have no 'when': otherwise somebody is left without a way",
      }),
  )
  .meta({
    id: 'next',
    description:
      'Where the conversation goes on: the name of a step, one way, or a list of ways of which the first whose condition holds is taken.',
    examples: [
      'helped',
      { call: 'counselling', then: 'need' },
      [{ when: 'people > 4', to: 'family' }, { to: 'helped' }],
    ],
  });
