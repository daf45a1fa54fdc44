import type { Turn } from '../model.ts';
import type { Value } from '../session.ts';

/** Answers to hand on, under the names the receiver knows; those not given are left out. */
export function valuesOf(
  turn: Turn,
  wanted: readonly (readonly [name: string, answer: string])[],
): Record<string, Value> {
  return Object.fromEntries(
    wanted.flatMap(([name, answer]): [string, Value][] => {
      const value = turn.answer(answer);
      return value === null ? [] : [[name, value]];
    }),
  );
}
