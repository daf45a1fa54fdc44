import { Environment, EvaluationError, ParseError, TypeError, type ASTNode } from '@marcbachmann/cel-js';
import { addPatterns, nodesOf, rewritePatterns } from './pattern.ts';
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

/** Longer expressions are refused unread, so that none can exhaust the parser. Characters. */
const LENGTH_MAX = 500;

/** Could run long or freeze on one message; a flow's condition needs none of them. */
const REFUSED: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

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
const KNOWN = { language: 'string', language_known: 'bool', channel: 'string' } as const;

/** A flow's declared answers; null: declared, but not rightly. */
export type Declared = ReadonlyMap<string, AnswerType | null>;

/** The CEL environment of a flow: its answers with their types; other names are errors. */
export function conditionEnvironment(answers: Declared): Environment {
  const environment = emptyEnvironment();
  for (const [name, answer] of answers)
    if (!isTaken(name)) environment.registerVariable(name, answer ? CEL_TYPES[answer.type] : 'dyn');
  return environment;
}

/** Whether a name means something in every condition already, such as language, type or for. */
export function isTaken(name: string): boolean {
  const environment = emptyEnvironment();
  try {
    environment.registerVariable(name, 'dyn');
    const checked = environment.parse(name).check();
    return !checked.valid || checked.type !== 'dyn';
  } catch (error) {
    if (error instanceof Error) return true;
    throw error;
  }
}

let empty: Environment | null = null;

/** Made once: setting one up takes as long as ten conditions. */
function emptyEnvironment(): Environment {
  if (!empty) {
    empty = new Environment({ unlistedVariablesAreDyn: false, limits: LIMITS });
    for (const [name, type] of Object.entries(KNOWN)) empty.registerVariable(name, type);
    addPatterns(empty);
  }
  return empty.clone();
}

/** Parses and type-checks once; evaluation of an answer that was not given is false, never an error. */
export function compileCondition(environment: Environment, source: string): Compiled {
  if (source.length > LENGTH_MAX)
    return { ok: false, offset: 0, message: `it is longer than ${String(LENGTH_MAX)} characters` };
  try {
    const parsed = environment.parse(source);
    const refused = refusedCall(parsed.ast);
    if (refused)
      return { ok: false, offset: refused.at, message: `'${refused.name}()' is not available in conditions` };
    const { source: safe, problem } = rewritePatterns(source, parsed.ast);
    if (problem) return { ok: false, ...problem };
    const evaluate = environment.parse(safe);
    const checked = evaluate.check();
    if (!checked.valid) return failure(checked.error);
    if (checked.type !== 'bool' && checked.type !== 'dyn')
      return {
        ok: false,
        offset: 0,
        message: `gives ${checked.type ?? 'nothing'}, but a condition must be true or false`,
      };
    return { ok: true, condition: (scope) => holds(() => evaluate(Object.fromEntries(scope))) };
  } catch (error) {
    return failure(error);
  }
}

/** The first call in an expression that conditions may not make, and where it begins. */
function refusedCall(ast: ASTNode): { name: string; at: number } | null {
  for (const node of nodesOf(ast))
    if ((node.op === 'call' || node.op === 'rcall') && REFUSED.has(node.args[0]))
      return { name: node.args[0], at: node.start };
  return null;
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
