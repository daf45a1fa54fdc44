import { z } from 'zod';
import { textSchema } from '../jump.ts';
import { stepKind } from '../step.ts';

/** Leaves for another flow (`go: housing`) or a step of it (`go: start/menu`), for good. */
export const go = stepKind(
  'go',
  z
    .strictObject({
      go: textSchema.meta({
        description: 'The flow (housing) or the step of it (start/menu) to leave for.',
        examples: ['housing', 'start/menu'],
      }),
    })
    .meta({
      title: 'A jump',
      description: 'Leaves for another flow, for good.',
      examples: [{ go: 'start/menu' }],
    }),
  (data) => ({
    jumps: [{ path: ['go'], jump: data }],
    enter: () => ({ type: 'follow', next: [data] }),
  }),
);
