import { z } from 'zod';
import { textSchema } from '../jump.ts';
import { stepKind } from '../step.ts';

/** Runs another flow and comes back to `then`; without `then` this flow is over. */
export const call = stepKind(
  'call',
  z.strictObject({ call: textSchema, then: textSchema.optional() }),
  (data) => ({
    jumps: [{ path: ['call'], jump: data }],
    enter: () => ({ type: 'follow', next: [data] }),
  }),
);
