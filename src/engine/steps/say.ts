import { z } from 'zod';
import { nextSchema, textSchema } from '../jump.ts';
import { references, stepKind } from '../step.ts';

/** Tells something and goes on; without `next` the flow ends here. */
export const say = stepKind(
  'say',
  z.strictObject({ say: textSchema, next: nextSchema.optional() }),
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
