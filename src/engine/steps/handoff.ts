import { z } from 'zod';
import { nextSchema, textSchema } from '../jump.ts';
import { references, stepKind } from '../step.ts';
import { valuesOf } from './values.ts';

/** Calls a person to take over; the text is said once somebody has been told. */
export const handoff = stepKind(
  'handoff',
  z
    .strictObject({
      handoff: textSchema.meta({
        description: 'What is said once somebody has been told.',
        examples: ['Somebody of our team will write to you here.'],
      }),
      with: z
        .array(textSchema)
        .default([])
        .meta({
          description: 'The names of the answers that the colleague gets to see.',
          examples: [['question']],
        }),
      next: nextSchema.optional(),
      failed: nextSchema.optional().meta({
        description: 'Where it goes on when nobody can be reached; `next` if not given.',
        examples: ['call_us'],
      }),
    })
    .meta({
      title: 'A person takes over',
      description: 'Calls a person of your team into the conversation.',
      examples: [
        { handoff: 'Somebody of our team will write to you here.', with: ['question'], failed: 'call_us' },
      ],
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
