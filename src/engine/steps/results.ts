import { z } from 'zod';
import type { Answered, Input } from '../input.ts';
import { nextSchema, type Jump } from '../jump.ts';
import type { Outcome, Step, Turn } from '../model.ts';
import { references } from '../step.ts';

/** The ways on from a step that gets results; `none` and `failed` default to `next`. */
export const resultWays = {
  next: nextSchema.optional(),
  none: nextSchema.optional().meta({
    description: 'Where it goes on when nothing was found; `next` if not given.',
    examples: ['nothing'],
  }),
  failed: nextSchema.optional().meta({
    description: 'Where it goes on when the search does not work at the moment; `none` if not given.',
    examples: ['later'],
  }),
};

interface Ways {
  readonly next?: readonly Jump[] | undefined;
  readonly none?: readonly Jump[] | undefined;
  readonly failed?: readonly Jump[] | undefined;
}

/** More results than five at once help nobody on a phone. */
export const shownSchema = z
  .int()
  .min(1)
  .max(5)
  .meta({ description: 'How many results to show, 1 to 5; 3 if not given.', examples: [3] });

export function waysOf(data: Ways): Pick<Step, 'jumps' | 'conditions'> {
  const all = [
    references(data.next, ['next']),
    references(data.none, ['none']),
    references(data.failed, ['failed']),
  ];
  return {
    jumps: all.flatMap(({ jumps }) => jumps),
    conditions: all.flatMap(({ conditions }) => conditions),
  };
}

/** Tells the results and goes on; says so where there are none and the author said nothing about that. */
export function tellResults(turn: Turn, answer: Input | Answered, ways: Ways): Outcome | null {
  if (answer.kind === 'unavailable') {
    if (!ways.failed) turn.tell('find.failed');
    return { type: 'follow', next: ways.failed ?? ways.none ?? ways.next ?? [] };
  }
  if (answer.kind !== 'found') return null;
  if (answer.results.length === 0) {
    turn.count('nothing_found', { flow: turn.frame.flow, step: turn.frame.step });
    if (!ways.none) turn.tell('find.none');
    return { type: 'follow', next: ways.none ?? ways.next ?? [] };
  }
  for (const { text, language } of answer.results) turn.say(text, language);
  return { type: 'follow', next: ways.next ?? [] };
}
