import { z } from 'zod';
import { nextSchema, textSchema } from '../jump.ts';
import type { Outcome, Turn } from '../model.ts';
import { references, stepKind } from '../step.ts';
import { YES_NO, askFixed, matchFixed } from './fixed-options.ts';
import { valuesOf } from './values.ts';

/**
 * Hands a person's case to an organisation, with the answers named by `with` and nothing else, after the
 * person agreed to exactly that; without consent nothing leaves the conversation.
 */
export const refer = stepKind(
  'refer',
  z
    .strictObject({
      refer: textSchema.meta({
        description: 'The organisation that is to help.',
        examples: ['counselling-augsburg'],
      }),
      consent: textSchema.meta({
        description:
          'The question whether the person agrees that exactly these answers are handed on; they answer yes or no.',
        examples: ['May I send your town and your question to the counselling centre?'],
      }),
      with: z
        .array(textSchema)
        .default([])
        .meta({
          description: 'The names of the answers to hand on; nothing else leaves the conversation.',
          examples: [['place', 'question']],
        }),
      next: nextSchema.optional(),
      declined: nextSchema.optional().meta({
        description: 'Where it goes on when the person says no; `next` if not given.',
        examples: ['other_help'],
      }),
      failed: nextSchema.optional().meta({
        description: 'Where it goes on when it could not be handed on; `next` if not given.',
        examples: ['call_them'],
      }),
    })
    .meta({
      title: 'A referral',
      description: 'Hands a request to an organisation, after the person agreed to it.',
      examples: [
        {
          refer: 'counselling-augsburg',
          consent: 'May I send your town and your question to the counselling centre?',
          with: ['place', 'question'],
          next: 'sent',
          declined: 'other_help',
        },
      ],
    }),
  (data, name) => {
    const path = `steps.${name}.consent`;
    const ways = [
      references(data.next, ['next']),
      references(data.declined, ['declined']),
      references(data.failed, ['failed']),
    ];
    const choose = (turn: Turn, answer: string | null): Outcome | null => {
      if (answer === 'no') return { type: 'follow', next: data.declined ?? data.next ?? [] };
      if (answer !== 'yes') return null;
      const values = valuesOf(
        turn,
        data.with.map((one) => [one, one]),
      );
      return { type: 'ask', question: { kind: 'refer', to: data.refer, values, language: turn.language } };
    };
    return {
      waits: true,
      texts: [{ path, source: data.consent }],
      jumps: ways.flatMap(({ jumps }) => jumps),
      conditions: ways.flatMap(({ conditions }) => conditions),
      reads: data.with.map((answer, index) => ({ path: ['with', index], answer })),
      enter: (turn) => askFixed(turn, name, path, YES_NO),
      receive(turn, input, strictness) {
        if (input.kind === 'done') return { type: 'follow', next: data.next ?? [] };
        if (input.kind === 'unavailable') {
          if (!data.failed) turn.tell('refer.failed');
          return { type: 'follow', next: data.failed ?? data.next ?? [] };
        }
        if (input.kind !== 'text') return null;
        return choose(turn, matchFixed(turn, input.text, YES_NO, strictness === 'exact'));
      },
      tap: choose,
    };
  },
);
