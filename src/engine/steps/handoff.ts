import { z } from 'zod';
import { nextSchema, textSchema } from '../jump.ts';
import { references, stepKind } from '../step.ts';
import { valuesOf } from './values.ts';

/** Calls a person to take over; the text is said once somebody has been told. */
export const handoff = stepKind(
  'handoff',
  z.strictObject({
    handoff: textSchema,
    with: z.array(textSchema).default([]),
    next: nextSchema.optional(),
    failed: nextSchema.optional(),
  }),
  (data, name) => {
    const path = `steps.${name}.handoff`;
    const ways = [references(data.next, ['next']), references(data.failed, ['failed'])];
    return {
      texts: [{ path, source: data.handoff }],
      jumps: ways.flatMap(({ jumps }) => jumps),
      conditions: ways.flatMap(({ conditions }) => conditions),
      reads: data.with.map((answer, index) => ({ path: ['with', index], answer })),
      enter(turn) {
        const values = valuesOf(
          turn,
          data.with.map((one) => [one, one]),
        );
        return { type: 'ask', question: { kind: 'handoff', values, language: turn.language } };
      },
      receive(turn, answer) {
        if (answer.kind === 'done') {
          const { text, language } = turn.text(path);
          turn.say(text, language);
          return { type: 'follow', next: data.next ?? [] };
        }
        if (answer.kind !== 'unavailable') return null;
        if (!data.failed) turn.tell('person.none');
        return { type: 'follow', next: data.failed ?? data.next ?? [] };
      },
    };
  },
);
