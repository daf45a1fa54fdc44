import { z } from 'zod';
import { nextSchema } from '../jump.ts';
import { references, stepKind } from '../step.ts';

/** Writes answers without asking: `set: {urgent: true, people: 1}`. */
export const set = stepKind(
  'set',
  z
    .strictObject({
      set: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).meta({
        description: 'Answers, declared under `answers`, and what is written into each.',
        examples: [{ urgent: true, people: 1 }],
      }),
      next: nextSchema.optional(),
    })
    .meta({
      title: 'A note',
      description: 'Writes answers without asking.',
      examples: [{ set: { people: 1 }, next: 'apply' }],
    }),
  (data) => ({
    ...references(data.next, ['next']),
    writes: Object.entries(data.set).map(([answer, value]) => ({ path: ['set', answer], answer, value })),
    enter(turn) {
      for (const [answer, value] of Object.entries(data.set)) turn.keep(answer, value);
      return { type: 'follow', next: data.next ?? [] };
    },
  }),
);
