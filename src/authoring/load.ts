import { createHash } from 'node:crypto';
import { z } from 'zod';
import { answerSchema, answerType } from '../engine/answer.ts';
import { kindOf, kinds } from '../engine/kinds.ts';
import { NAME, textSchema } from '../engine/jump.ts';
import { PHRASES_FLOW } from '../engine/phrases.ts';
import type { EverywhereStep, Flow, Step } from '../engine/model.ts';
import { didYouMean, type Finding } from './finding.ts';
import type { Declared } from './condition.ts';
import { checkInside, checkNames } from './inside.ts';
import { findingsOf } from './shape.ts';
import { isLanguageTag } from './language-tag.ts';
import { readSource, type Source } from './source.ts';

const isoDate = z.iso.date('must be a date such as 2026-11-01');
const words = z.union([textSchema, z.array(textSchema).min(1)], { error: 'must be a list of words' });
const FLOW_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$/;
const FLOW_NAMES = `it has up to 60 letters, digits, _ and -, and '${PHRASES_FLOW}' is taken`;
const STEP_NAME = 'a step name begins with a small letter and has only small letters, digits and _';

/** The head of a flow file; steps are read one by one by their kinds. */
export const flowSchema = z
  .strictObject({
    flow: z.string().meta({
      description: "The name of the flow, the same as its file's without `.yaml`.",
      examples: ['housing'],
    }),
    language: z
      .string()
      .refine(isLanguageTag, 'must be a language tag such as de, ar or ckb')
      .meta({
        description: 'The language its texts are written in, as a language tag.',
        examples: ['en', 'de'],
      }),
    title: textSchema.meta({ description: 'What the flow is called towards people.', examples: ['Housing'] }),
    entry: words.optional().meta({
      description: 'Words that open this flow from anywhere.',
      examples: [['housing', 'flat', 'room']],
    }),
    crisis: words.optional().meta({
      description:
        'Words of danger: found anywhere in a message, they open this flow before everything else.',
      examples: [['i want to die', 'he hits me']],
    }),
    owner: z
      .strictObject({
        organization: textSchema.meta({
          description: 'The name of the organisation.',
          examples: ['Example e.V.'],
        }),
        contact: textSchema.meta({ description: 'How people reach it.', examples: ['housing@example.org'] }),
      })
      .optional()
      .meta({
        description: 'Who answers for the content; people who need a person are sent there.',
        examples: [{ organization: 'Example e.V.', contact: 'housing@example.org' }],
      }),
    checked: isoDate.optional().meta({
      description: 'The day a person last checked the content, as year-month-day.',
      examples: ['2026-11-01'],
    }),
    review_after: z
      .string()
      .regex(/^[1-9]\d{0,3} days$/, 'must be a number of days, e.g. 180 days')
      .optional()
      .meta({
        description: 'After how many days the content is to be checked again.',
        examples: ['180 days'],
      }),
    answers: z
      .record(z.string().regex(NAME), answerSchema)
      .default({})
      .meta({
        description: 'All that the flow keeps of what people answer, by name.',
        examples: [
          {
            people: {
              type: 'integer',
              min: 1,
              max: 20,
              purpose: 'to find a place of the right size',
              keep: 'conversation',
            },
          },
        ],
      }),
    everywhere: z
      .strictObject({
        menu: textSchema.optional().meta({ description: 'The step that «menu» opens.', examples: ['menu'] }),
        help: textSchema.optional().meta({
          description: 'The step that «help» opens; the open question is asked again afterwards.',
          examples: ['help'],
        }),
        person: textSchema.optional().meta({
          description: 'The step that «person» opens; the open question is asked again afterwards.',
          examples: ['person'],
        }),
      })
      .default({})
      .meta({
        description: 'Only in the start flow: its steps behind the words that work everywhere.',
        examples: [{ menu: 'menu', help: 'help', person: 'person' }],
      }),
    moved: z
      .record(z.string(), textSchema)
      .default({})
      .meta({
        description:
          'Steps that got another name, old name to new, so that people who wait there are not lost.',
        examples: [{ where: 'place' }],
      }),
    steps: z
      .record(z.string(), z.unknown())
      .refine((steps) => Object.keys(steps).length > 0, 'must hold at least one step')
      .meta({
        description: 'The steps, by name: small letters, digits and `_`. The first is where the flow begins.',
        examples: [{ hello: { say: 'Hello.', next: 'bye' }, bye: { end: true } }],
      }),
  })
  .meta({ title: 'A Lotse flow', description: 'One conversation.' });

export interface Loaded {
  /** null while the file has errors. */
  readonly flow: Flow | null;
  readonly findings: readonly Finding[];
  readonly source: Source;
}

/** Reads one flow file: a flow, or every finding of it with its place. `id` is the file's name without `.yaml`. */
export function loadFlow(file: string, id: string, text: string): Loaded {
  const source = readSource(file, text);
  if (source.data === undefined) return { flow: null, findings: source.findings, source };
  const head = flowSchema.safeParse(source.data);
  const findings = [...source.findings, ...(head.success ? [] : findingsOf(head.error, [], source))];
  // Read apart from the head, so that a mistake there hides none of the steps'.
  const raw = bodySchema.safeParse(source.data);
  const body = raw.success ? raw.data : { answers: {}, steps: {} };
  const steps = new Map<string, Step>();
  for (const [name, given] of Object.entries(body.steps)) {
    const built = buildStep(name, given, source);
    if ('step' in built) steps.set(name, built.step);
    findings.push(...('step' in built ? [] : built.findings));
  }
  const { conditions, found } = checkInside(source, Object.keys(body.steps), steps, declared(body.answers));
  if (!head.success) return { flow: null, findings: [...findings, ...found], source };
  const data = head.data;
  if (!FLOW_NAME.test(id) || id === PHRASES_FLOW)
    findings.push(
      source.finding('wrong-name', ['flow'], `'${id}' cannot be the name of a flow: ${FLOW_NAMES}`),
    );
  else if (data.flow !== id)
    findings.push(
      source.finding(
        'wrong-name',
        ['flow'],
        `the flow is called '${data.flow}' but its file '${id}.yaml'; make them the same`,
      ),
    );
  const answers = new Map(Object.entries(data.answers).map(([name, answer]) => [name, answerType(answer)]));
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
    checked: data.checked ?? null,
    reviewAfterDays: data.review_after === undefined ? null : Number.parseInt(data.review_after, 10),
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

const anything = z.record(z.string(), z.unknown()).catch({});
const bodySchema = z.object({ answers: anything, steps: anything });

function declared(answers: Readonly<Record<string, unknown>>): Declared {
  return new Map(
    Object.entries(answers).map(([name, given]) => {
      const answer = answerSchema.safeParse(given);
      return [name, answer.success ? answerType(answer.data) : null];
    }),
  );
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
