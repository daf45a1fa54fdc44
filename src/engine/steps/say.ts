import { z } from 'zod';
import { nextSchema, textSchema } from '../jump.ts';
import { references, stepKind } from '../step.ts';

/** Tells something and goes on; without `next` the flow ends here. */
export const say = stepKind(
  'say',
  z
    .strictObject({
      say: textSchema.meta({
        description:
          'What is said, at most 900 characters; {{name}} shows an answer, *stars* make words bold.',
        examples: ['Go to the town hall within two weeks.'],
      }),
      next: nextSchema.optional(),
    })
    .meta({
      title: 'A message',
      description: 'Says something and goes on; without `next` the flow ends here.',
      examples: [{ say: 'Go to the town hall within two weeks.', next: 'need' }],
    }),
  (data, name) => {
    const path = `steps.${name}.say`;
    return {
      texts: [{ path, source: data.say }],
      ...references(data.next, ['next']),
      enter(turn) {
        const { text, language } = turn.text(path);
        turn.say(text, language);
        return { type: 'follow', next: data.next ?? [] };
      },
    };
  },
);
