import { z } from 'zod';
import { textSchema } from '../jump.ts';
import { stepKind } from '../step.ts';

/** Runs another flow and comes back to `then`; without `then` this flow is over. */
export const call = stepKind(
  'call',
  z
    .strictObject({
      call: textSchema.meta({ description: 'The flow to run.', examples: ['counselling'] }),
      then: textSchema.optional().meta({
        description: 'The step of this flow that follows; without it this flow is over then.',
        examples: ['need'],
      }),
    })
    .meta({
      title: 'A call',
      description: 'Runs another flow; when that ends, this one goes on.',
      examples: [{ call: 'counselling', then: 'need' }],
    }),
  (data) => ({
    jumps: [{ path: ['call'], jump: data }],
    enter: () => ({ type: 'follow', next: [data] }),
  }),
);
