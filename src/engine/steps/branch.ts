import { z } from 'zod';
import { nextSchema } from '../jump.ts';
import { references, stepKind } from '../step.ts';

/** Goes one of several ways, by the first condition that holds. */
export const branch = stepKind('branch', z.strictObject({ branch: nextSchema }), (data) => ({
  ...references(data.branch, ['branch']),
  enter: () => ({ type: 'follow', next: data.branch }),
}));
