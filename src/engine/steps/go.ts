import { z } from 'zod';
import { textSchema } from '../jump.ts';
import { stepKind } from '../step.ts';

/** Leaves for another flow (`go: housing`) or a step of it (`go: start/menu`), for good. */
export const go = stepKind('go', z.strictObject({ go: textSchema }), (data) => ({
  jumps: [{ path: ['go'], jump: data }],
  enter: () => ({ type: 'follow', next: [data] }),
}));
