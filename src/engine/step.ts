import { z } from 'zod';
import type { Jump } from './jump.ts';
import type { Path, Step } from './model.ts';

export interface StepKind {
  /** The YAML key that makes a step one of this kind. */
  readonly key: string;
  readonly schema: z.ZodType;
  /** Shapes the step, or gives the issues with their paths below the step. */
  build(name: string, raw: unknown): { readonly step: Step } | { readonly error: z.ZodError };
}

/** Ties a kind's schema to its behaviour, so that nothing outside its file needs to know its shape. */
export function stepKind<S>(
  key: string,
  schema: z.ZodType<S>,
  shape: (data: S, name: string) => Partial<Step> & Pick<Step, 'enter'>,
): StepKind {
  return {
    key,
    schema,
    build(name, raw) {
      const parsed = schema.safeParse(raw);
      if (!parsed.success) return { error: parsed.error };
      const nothing = {
        texts: [],
        jumps: [],
        conditions: [],
        writes: [],
        reads: [],
        later: null,
        waits: false,
      };
      const receive = (): null => null;
      return { step: { kind: key, ...nothing, receive, tap: () => null, ...shape(parsed.data, name) } };
    },
  };
}

/** The jumps and conditions of a `next`, with their places, for the checks. */
export function references(
  next: readonly Jump[] | undefined,
  path: Path,
): Pick<Step, 'jumps' | 'conditions'> {
  const all = (next ?? []).map((jump, index) => ({ jump, path: [...path, index] }));
  return {
    jumps: all,
    conditions: all.flatMap(({ jump, path: at }) =>
      jump.when === undefined ? [] : [{ source: jump.when, path: [...at, 'when'] }],
    ),
  };
}
