import { z } from 'zod';
import { textSchema } from '../jump.ts';
import { stepKind } from '../step.ts';
import { resultWays, shownSchema, tellResults, waysOf } from './results.ts';
import { valuesOf } from './values.ts';

/** Asks a live source, such as `jobs`; `with` gives it answers under the names it knows. */
export const lookUp = stepKind(
  'look_up',
  z
    .strictObject({
      look_up: textSchema.meta({ description: 'The name of the live source.', examples: ['jobs'] }),
      with: z
        .record(z.string(), textSchema)
        .default({})
        .meta({
          description: 'What the source is told: the names it knows, and the answers that hold the values.',
          examples: [{ where: 'place' }],
        }),
      show: shownSchema.optional(),
      ...resultWays,
    })
    .meta({
      title: 'A look-up',
      description: 'Asks a live source, such as one for jobs, and shows what it finds.',
      examples: [{ look_up: 'jobs', with: { where: 'place' }, next: 'helped', none: 'nothing' }],
    }),
  (data) => ({
    ...waysOf(data),
    reads: Object.entries(data.with).map(([key, answer]) => ({ path: ['with', key], answer })),
    enter: (turn) => ({
      type: 'ask',
      question: {
        kind: 'look_up',
        source: data.look_up,
        values: valuesOf(turn, Object.entries(data.with)),
        limit: data.show ?? 3,
        language: turn.language,
      },
    }),
    receive: (turn, answer) => tellResults(turn, answer, data),
  }),
);
