import { Environment, EvaluationError, ParseError, TypeError } from '@marcbachmann/cel-js';
import type { AnswerType } from '../engine/answer.ts';
import type { Condition } from '../engine/model.ts';

export type Compiled =
  | { readonly ok: true; readonly condition: Condition }
  /** `offset`: characters from the start of the expression. */
  | { readonly ok: false; readonly message: string; readonly offset: number };

/** A condition is one line of thought; more is refused unread. */
const LIMITS = {
  maxAstNodes: 200,
  maxDepth: 32,
  maxListElements: 50,
  maxMapEntries: 10,
  maxCallArguments: 8,
};

/** Could run long or freeze on one message; a flow's condition needs none of them. */
const REFUSED = /\b(matches|all|exists|exists_one|map|filter)\s*\(/;

const CEL_TYPES: Readonly<Record<AnswerType['type'], string>> = {
  text: 'string',
  integer: 'int',
  number: 'double',
  yes_no: 'bool',
  date: 'string',
  postcode: 'string',
  place: 'dyn',
  phone: 'string',
  email: 'string',
  choice: 'string',
  media: 'string',
};

/** What every condition may ask besides the flow's answers. */
export const KNOWN = { language: 'string', language_known: 'bool', channel: 'string' } as const;

/** The CEL environment of a flow: its answers with their types; other names are errors. */
export function conditionEnvironment(answers: ReadonlyMap<string, AnswerType>): Environment {
  const environment = new Environment({ unlistedVariablesAreDyn: false, limits: LIMITS });
  for (const [name, type] of Object.entries(KNOWN)) environment.registerVariable(name, type);
  for (const [name, { type }] of answers) environment.registerVariable(name, CEL_TYPES[type]);
  return environment;
}

/** Parses and type-checks once; evaluation of an answer that was not given is false, never an error. */
export function compileCondition(environment: Environment, source: string): Compiled {
  const refused = REFUSED.exec(source.replace(/"[^"]*"|'[^']*'/g, (quoted) => ' '.repeat(quoted.length)));
  if (refused)
    return {
      ok: false,
      offset: refused.index,
      message: `'${refused[1] ?? ''}()' is not available in conditions`,
    };
  try {
    const parsed = environment.parse(source);
    const checked = parsed.check();
    if (!checked.valid) return failure(checked.error);
    if (checked.type !== 'bool' && checked.type !== 'dyn')
      return {
        ok: false,
        offset: 0,
        message: `gives ${checked.type ?? 'nothing'}, but a condition must be true or false`,
      };
    return { ok: true, condition: (scope) => holds(() => parsed(Object.fromEntries(scope))) };
  } catch (error) {
    return failure(error);
  }
}

/** The expression is type-checked, so what can fail now is an answer that is missing. */
function holds(evaluate: () => unknown): boolean {
  try {
    return evaluate() === true;
  } catch (error) {
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

function failure(error: unknown): Compiled {
  if (!(error instanceof ParseError || error instanceof TypeError)) throw error;
  return { ok: false, offset: error.range?.start ?? 0, message: error.summary };
}
