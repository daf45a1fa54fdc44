import { z } from 'zod';
import { textSchema } from '../jump.ts';
import { stepKind } from '../step.ts';

/** Ends the flow, with or without a last word; a calling flow goes on. */
export const end = stepKind(
  'end',
  z
    .strictObject({
      end: z.union([z.literal(true), textSchema]).meta({
        description: 'The last words, or `true` to end without any.',
        examples: ['Take care.', true],
      }),
    })
    .meta({
      title: 'The end',
      description: 'Ends the flow; a flow that called it goes on.',
      examples: [{ end: 'Take care.' }],
    }),
  (data, name) => {
    const path = `steps.${name}.end`;
    return {
      texts: data.end === true ? [] : [{ path, source: data.end }],
      enter(turn) {
        if (data.end !== true) {
          const { text, language } = turn.text(path);
          turn.say(text, language);
        }
        return { type: 'follow', next: [] };
      },
    };
  },
);
