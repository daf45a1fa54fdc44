import { z } from 'zod';
import { nextSchema, textSchema } from '../jump.ts';
import type { Outcome, Turn } from '../model.ts';
import { references, stepKind } from '../step.ts';
import { askFixed, matchFixed, type FixedOptions } from './fixed-options.ts';

const OPTIONS: FixedOptions = { yes: 'yes.label', partly: 'feedback.partly', no: 'no.label' };

/** Asks whether something helped, and counts the answer; nothing of it is kept about the person. */
export const feedback = stepKind(
  'feedback',
  z
    .strictObject({
      feedback: textSchema.meta({
        description: 'The question; people answer yes, partly or no.',
        examples: ['Did this help you?'],
      }),
      next: nextSchema.optional(),
    })
    .meta({
      title: 'Feedback',
      description: 'Asks whether something helped, and counts the answers; nothing is kept about the person.',
      examples: [{ feedback: 'Did this help you?', next: 'bye' }],
    }),
  (data, name) => {
    const path = `steps.${name}.feedback`;
    const choose = (turn: Turn, answer: string | null): Outcome | null => {
      if (answer === null || !Object.hasOwn(OPTIONS, answer)) return null;
      turn.count('feedback', { flow: turn.flow.id, step: name, answer });
      turn.tell('feedback.thanks');
      return { type: 'follow', next: data.next ?? [] };
    };
    return {
      waits: true,
      texts: [{ path, source: data.feedback }],
      ...references(data.next, ['next']),
      enter: (turn) => askFixed(turn, name, path, OPTIONS),
      receive: (turn, input, strictness) =>
        input.kind === 'text'
          ? choose(turn, matchFixed(turn, input.text, OPTIONS, strictness === 'exact'))
          : null,
      tap: choose,
    };
  },
);
