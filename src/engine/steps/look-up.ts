import { z } from 'zod';
import { textSchema } from '../jump.ts';
import { stepKind } from '../step.ts';
import { resultWays, shownSchema, tellResults, waysOf } from './results.ts';
import { valuesOf } from './values.ts';

/** Asks a live source, such as `jobs`; `with` gives it answers under the names it knows. */
export const lookUp = stepKind(
  'look_up',
  z.strictObject({
    look_up: textSchema,
    with: z.record(z.string(), textSchema).default({}),
    show: shownSchema.optional(),
    ...resultWays,
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
