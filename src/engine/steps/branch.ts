import { z } from 'zod';
import { nextSchema } from '../jump.ts';
import { references, stepKind } from '../step.ts';

/** Goes one of several ways, by the first condition that holds. */
export const branch = stepKind(
  'branch',
  z
    .strictObject({
      branch: nextSchema.meta({
        description:
          'The ways, of which the first whose condition holds is taken; the last has no condition.',
        examples: [[{ when: 'people > 4', to: 'family' }, { to: 'helped' }]],
      }),
    })
    .meta({
      title: 'A fork',
      description: 'Goes one of several ways without saying anything.',
      examples: [{ branch: [{ when: 'language_known', to: 'hello' }, { to: 'language' }] }],
    }),
  (data) => ({
    ...references(data.branch, ['branch']),
    enter: () => ({ type: 'follow', next: data.branch }),
  }),
);
