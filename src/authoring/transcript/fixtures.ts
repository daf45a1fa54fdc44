import { z } from 'zod';
import type { Question } from '../../engine/effect.ts';
import type { Answered } from '../../engine/input.ts';

const FIXTURE =
  'must be what the step gets: a list of results, [] for nothing, done (a referral was taken), or unavailable';

/** What the world outside answers in a test, by the step that asks it: `offers: [Shelter A, Shelter B]`. */
export const fixturesSchema = z.record(
  z.string(),
  z.union([z.array(z.string().min(1)), z.enum(['done', 'unavailable'])], FIXTURE),
);

export type Fixture = z.infer<typeof fixturesSchema>[string];

/** Something that went wrong without being expected, in the words of a difference. */
export interface Trouble {
  readonly expected: string;
  readonly actual: string;
}

/** Answers for the world outside; `step`: `flow/step` that asks. */
export type Outside = (step: string, question: Question, language: string) => Answered | Trouble;

/** Answers as a test declares, and notes in `used` which steps did ask. */
export function declared(fixtures: ReadonlyMap<string, Fixture>, used: Set<string>): Outside {
  return (step, question, language) => {
    const fixture = fixtures.get(step);
    used.add(step);
    if (fixture === undefined)
      return {
        expected: `fixtures: {${step}: …}`,
        actual: `the step asks outside (${question.kind}), and the test does not say what it gets`,
      };
    if (fixture === 'unavailable') return { kind: 'unavailable' };
    const listens = question.kind === 'search' || question.kind === 'look_up';
    if (listens && fixture !== 'done')
      return { kind: 'found', results: fixture.map((text) => ({ text, language })) };
    if (!listens && fixture === 'done') return { kind: 'done' };
    return {
      expected: `fixtures: {${step}: ${listens ? 'a list of results' : 'done'}}, or unavailable`,
      actual: JSON.stringify(fixture),
    };
  };
}
