import { createHash } from 'node:crypto';
import { z } from 'zod';
import { answerSchema, answerType, type AnswerType } from '../engine/answer.ts';
import { kindOf, kinds } from '../engine/kinds.ts';
import { NAME, textSchema } from '../engine/jump.ts';
import type { Condition, EverywhereStep, Flow, Step } from '../engine/model.ts';
import { KNOWN, compileCondition, conditionEnvironment } from './condition.ts';
import { didYouMean, type Finding } from './finding.ts';
import { findingsOf } from './shape.ts';
import { readSource, type Source } from './source.ts';

const isoDate = z.iso.date('must be a date such as 2026-11-01');
const words = z.union([textSchema, z.array(textSchema).min(1)], { error: 'must be a list of words' });
const STEP_NAME = 'a step name begins with a small letter and has only small letters, digits and _';

/** The head of a flow file; steps are read one by one by their kinds. */
const flowSchema = z.strictObject({
  flow: z.string(),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag such as de, ar or ckb'),
  title: textSchema,
  entry: words.optional(),
  crisis: words.optional(),
  owner: z.strictObject({ organization: textSchema, contact: textSchema }).optional(),
  checked: isoDate.optional(),
  review_after: z
    .string()
    .regex(/^[1-9]\d{0,3} days$/, 'must be a number of days, e.g. 180 days')
    .optional(),
  answers: z.record(z.string().regex(NAME), answerSchema).default({}),
  everywhere: z
    .strictObject({ menu: textSchema.optional(), help: textSchema.optional(), person: textSchema.optional() })
    .default({}),
  moved: z.record(z.string(), textSchema).default({}),
  steps: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .refine((steps) => Object.keys(steps).length > 0, 'must hold at least one step'),
});

export interface Loaded {
  /** null while the file has errors. */
  readonly flow: Flow | null;
  readonly findings: readonly Finding[];
  readonly source: Source;
}

/** Reads one flow file: a flow, or every finding of it with its place. `id` is the file's name without `.yaml`. */
export function loadFlow(file: string, id: string, text: string): Loaded {
  const source = readSource(file, text);
  if (source.findings.length > 0) return { flow: null, findings: source.findings, source };
  const head = flowSchema.safeParse(source.data);
  const findings = head.success ? [] : findingsOf(head.error, [], source);
  const raw = z.object({ steps: z.record(z.string(), z.unknown()) }).safeParse(source.data);
  const steps = new Map<string, Step>();
  for (const [name, body] of Object.entries(raw.success ? raw.data.steps : {})) {
    const built = buildStep(name, body, source);
    if ('step' in built) steps.set(name, built.step);
    findings.push(...('step' in built ? [] : built.findings));
  }
  if (!head.success) return { flow: null, findings, source };
  const data = head.data;
  if (data.flow !== id)
    findings.push(
      source.finding(
        'wrong-name',
        ['flow'],
        `the flow is called '${data.flow}' but its file '${id}.yaml'; make them the same`,
      ),
    );
  const answers = new Map(Object.entries(data.answers).map(([name, answer]) => [name, answerType(answer)]));
  const { conditions, found } = checkInside(source, Object.keys(data.steps), steps, answers);
  const everywhere = checkNames(source, 'everywhere', data.everywhere, Object.keys(data.steps));
  const moved = checkNames(source, 'moved', data.moved, Object.keys(data.steps));
  const all = [...findings, ...found, ...everywhere, ...moved];
  const [first] = steps.keys();
  if (all.length > 0 || first === undefined) return { flow: null, findings: all, source };
  const list = (value: string | string[] | undefined): string => [value ?? []].flat().join(', ');
  const texts = new Map<string, string>([
    ['title', data.title],
    ...(data.entry ? ([['entry', list(data.entry)]] as const) : []),
    ...(data.crisis ? ([['crisis', list(data.crisis)]] as const) : []),
    ...[...steps.values()].flatMap((step) => step.texts.map(({ path, source: at }) => [path, at] as const)),
  ]);
  const flow: Flow = {
    id,
    version: createHash('sha256').update(text).digest('hex').slice(0, 8),
    language: data.language,
    owner: data.owner ?? null,
    first,
    answers,
    steps,
    moved: new Map(Object.entries(data.moved)),
    everywhere: new Map(everywhereSteps(data.everywhere)),
    texts,
    conditions,
  };
  return { flow, findings: [], source };
}

function everywhereSteps(
  given: Partial<Record<EverywhereStep, string | undefined>>,
): [EverywhereStep, string][] {
  const names: readonly EverywhereStep[] = ['menu', 'help', 'person'];
  return names.flatMap((name): [EverywhereStep, string][] => {
    const step = given[name];
    return step === undefined ? [] : [[name, step]];
  });
}

function buildStep(name: string, body: unknown, source: Source): { step: Step } | { findings: Finding[] } {
  const at = ['steps', name];
  if (!NAME.test(name))
    return {
      findings: [
        source.finding('wrong-name', at, `'${name}' cannot be a step name: ${STEP_NAME}`, { key: true }),
      ],
    };
  const raw = z.record(z.string(), z.unknown()).safeParse(body);
  if (!raw.success)
    return {
      findings: [source.finding('wrong-shape', at, `step '${name}' must hold a key such as say or ask`)],
    };
  const kind = kindOf(raw.data);
  if (!kind) {
    const known = kinds.map(({ key }) => key).filter((key) => !key.includes(' '));
    const key = Object.keys(raw.data)[0] ?? '';
    const message = `step '${name}' is of no known kind; it needs one of ${known.join(', ')}${didYouMean(key, known)}`;
    return { findings: [source.finding('unknown-kind', [...at, key], message, { key: true })] };
  }
  const built = kind.build(name, raw.data);
  return 'step' in built ? built : { findings: findingsOf(built.error, at, source) };
}

/** Everything that can be known wrong from within the file: jumps, answers, conditions and placeholders. */
function checkInside(
  source: Source,
  names: readonly string[],
  steps: ReadonlyMap<string, Step>,
  answers: ReadonlyMap<string, AnswerType>,
): { conditions: Map<string, Condition>; found: Finding[] } {
  const found: Finding[] = [];
  const conditions = new Map<string, Condition>();
  const environment = conditionEnvironment(answers);
  for (const [name, step] of steps) {
    const at = (path: readonly (string | number)[]): (string | number)[] => ['steps', name, ...path];
    for (const { path, jump } of step.jumps) {
      const key = 'to' in jump ? 'to' : 'call' in jump ? 'then' : null;
      const to = 'to' in jump ? jump.to : 'call' in jump ? jump.then : undefined;
      if (key !== null && to !== undefined && !names.includes(to))
        found.push(
          source.finding(
            'unknown-step',
            at([...path, key]),
            `step '${name}' goes to '${to}', which does not exist${didYouMean(to, names)}`,
          ),
        );
    }
    for (const { path, answer } of step.writes)
      if (!answers.has(answer))
        found.push(
          source.finding(
            'unknown-answer',
            at(path),
            `'${answer}' is not declared; add it under answers with its type, purpose and keep${didYouMean(answer, answers.keys())}`,
          ),
        );
    for (const { path, source: expression } of step.conditions) {
      const compiled = compileCondition(environment, expression);
      if (compiled.ok) conditions.set(expression, compiled.condition);
      else
        found.push(
          source.finding('condition', at(path), `in '${expression}': ${compiled.message}`, {
            offset: compiled.offset,
          }),
        );
    }
    for (const { path, source: text } of step.texts)
      for (const [, used = ''] of text.matchAll(/\{\{\s*([^}]*?)\s*\}\}/g))
        if (!answers.has(used))
          found.push(
            source.finding(
              'unknown-placeholder',
              path.split('.'),
              `{{${used}}} names no answer of this flow${didYouMean(used, [...answers.keys(), ...Object.keys(KNOWN)])}`,
            ),
          );
  }
  return { conditions, found };
}

function checkNames(
  source: Source,
  section: string,
  entries: Readonly<Record<string, string | undefined>>,
  steps: readonly string[],
): Finding[] {
  return Object.entries(entries).flatMap(([key, step]) =>
    step === undefined || steps.includes(step)
      ? []
      : [
          source.finding(
            'unknown-step',
            [section, key],
            `'${step}' is no step of this flow${didYouMean(step, steps)}`,
          ),
        ],
  );
}
