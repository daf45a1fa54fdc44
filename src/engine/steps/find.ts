import { z } from 'zod';
import { textSchema } from '../jump.ts';
import { stepKind } from '../step.ts';
import { resultWays, shownSchema, tellResults, waysOf } from './results.ts';

const DISTANCE = 'must be a distance such as 30 km, at most 500 km';

const searchSchema = z
  .strictObject({
    topic: textSchema
      .optional()
      .meta({ description: 'The topic of the directory to search in.', examples: ['emergency-shelter'] }),
    words: textSchema.optional().meta({
      description: 'The name of the answer that holds what to look for.',
      examples: ['looking_for'],
    }),
    near: textSchema.optional().meta({
      description: 'The name of the answer that holds the place; the nearest come first.',
      examples: ['place'],
    }),
    within: z
      .string()
      .regex(/^([1-9]\d?|[1-4]\d\d|500) km$/, DISTANCE)
      .optional()
      .meta({ description: 'How far away it may be, at most 500 km.', examples: ['30 km'] }),
    show: shownSchema.optional(),
  })
  .refine(({ topic, words }) => topic !== undefined || words !== undefined, {
    message: 'a search needs a topic, or words: the name of an answer that holds what to look for',
  });

/** Searches the directory of help: by topic, by what the person wrote (`words`), near a place they gave. */
export const find = stepKind(
  'find',
  z
    .strictObject({
      find: searchSchema.meta({
        description: 'What to look for: a topic, words of the person, or both.',
        examples: [{ topic: 'emergency-shelter', near: 'place', within: '30 km', show: 3 }],
      }),
      ...resultWays,
    })
    .meta({
      title: 'A search',
      description: 'Searches the directory of help and shows what it finds.',
      examples: [
        {
          find: { topic: 'emergency-shelter', near: 'place', within: '30 km' },
          next: 'helped',
          none: 'nothing',
        },
      ],
    }),
  (data) => {
    const { topic, words, near, within, show = 3 } = data.find;
    const reads = Object.entries({ words, near }).flatMap(([key, answer]) =>
      answer === undefined ? [] : [{ path: ['find', key], answer }],
    );
    return {
      ...waysOf(data),
      reads,
      enter(turn) {
        const typed = words === undefined ? null : turn.answer(words);
        return {
          type: 'ask',
          question: {
            kind: 'search',
            topic: topic ?? null,
            words: typeof typed === 'string' ? typed : null,
            near: near === undefined ? null : turn.answer(near),
            withinKm: within === undefined ? null : Number.parseInt(within, 10),
            limit: show,
            language: turn.language,
          },
        };
      },
      receive: (turn, answer) => tellResults(turn, answer, data),
    };
  },
);
