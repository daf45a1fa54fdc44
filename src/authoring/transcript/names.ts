import type { Bot, Flow } from '../../engine/model.ts';
import { didYouMean, type Finding, type FindingCode } from '../finding.ts';
import type { Expectation, Said } from './format.ts';
import { fullName, type Path, type Test, type TestFile } from './load.ts';

/** Ids of a step's options, in order; null: it has none. */
function optionsOf(bot: Bot, flow: Flow, step: string): readonly string[] | null {
  if (flow.steps.get(step)?.kind === 'ask languages') return bot.languages.map(({ tag }) => tag);
  const start = `steps.${step}.options.`;
  const ids = [...flow.texts.keys()]
    .filter((path) => path.startsWith(start) && path.endsWith('.label'))
    .map((path) => path.slice(start.length, -'.label'.length));
  return ids.length > 0 ? ids : null;
}

/** `step/option` or `flow/step/option` in full; an option alone stays alone. */
export function fullOption(name: string, flow: string): string {
  return name.split('/').length === 2 ? `${flow}/${name}` : name;
}

interface Problem {
  readonly code: FindingCode;
  readonly path: Path;
  readonly message: string;
}

/** What only shows beside the flows: tests that speak of steps, options, answers and languages that are not there. */
export function checkTests(bot: Bot, { tests, source }: TestFile): Finding[] {
  return tests.flatMap((test) =>
    problemsOf(bot, test).map(({ code, path, message }) => source.finding(code, path, message)),
  );
}

/** Whether everything a test names is there. */
export function isSound(bot: Bot, test: Test): boolean {
  return problemsOf(bot, test).length === 0;
}

function problemsOf(bot: Bot, test: Test): Problem[] {
  const tags = bot.languages.map(({ tag }) => tag);
  const language = (tag: string, path: Path): Problem[] =>
    tags.includes(tag)
      ? []
      : [
          {
            code: 'wrong-shape',
            path,
            message: `there is no language '${tag}' here; there are: ${tags.join(', ')}`,
          },
        ];
  return [
    ...(test.languages ?? []).flatMap((tag, index) => language(tag, [test.index, 'languages', index])),
    ...[...test.fixtures.keys()].flatMap((step) => stepProblem(bot, step, fixturePath(test, step)) ?? []),
    ...test.lines.flatMap((line) =>
      line.type === 'said'
        ? saidProblems(bot, test.flow, line.said, line.path)
        : [
            ...expectedProblems(bot, test.flow, line.expectation, line.path),
            ...(line.expectation.language === undefined
              ? []
              : language(line.expectation.language, [...line.path, 'language'])),
          ],
    ),
  ];
}

/** Where a fixture stands: its key may be written with the flow, or without. */
export function fixturePath({ index, flow }: Test, step: string): Path {
  const own = step.startsWith(`${flow}/`) ? step.slice(flow.length + 1) : step;
  return [index, 'fixtures', own];
}

function saidProblems(bot: Bot, home: string, said: Said, path: Path): Problem[] {
  if (said.type !== 'tap') return [];
  const parts = said.option.split('/');
  // Lotse's own questions: _/forget/yes
  if (parts[0] === '_' || parts.length === 1) return [];
  const [flow = '', step = '', option = ''] = parts.length === 2 ? [home, ...parts] : parts;
  const at = [...path, 'tap'];
  return (
    stepProblem(bot, `${flow}/${step}`, at) ?? optionProblems(bot, `${flow}/${step}`, [option], () => at)
  );
}

function expectedProblems(bot: Bot, home: string, expectation: Expectation, path: Path): Problem[] {
  const { step, options, answers } = expectation;
  const name = step === undefined ? null : fullName(step, home);
  const wrongStep = name === null ? null : stepProblem(bot, name, [...path, 'step']);
  return [
    ...(wrongStep ?? []),
    ...(name === null || wrongStep || !options
      ? []
      : optionProblems(bot, name, options, (index) => [...path, 'options', index])),
    ...Object.keys(answers ?? {}).flatMap((key) => answerProblems(bot, fullName(key, home), key, path)),
  ];
}

function stepProblem(bot: Bot, name: string, path: Path): Problem[] | null {
  const [id = '', step = ''] = name.split('/');
  const flow = bot.flows.get(id);
  if (!flow) {
    const message = `there is no usable flow '${id}'${didYouMean(id, bot.flows.keys())}`;
    return [{ code: 'unknown-flow', path, message }];
  }
  if (flow.steps.has(step)) return null;
  const elsewhere = [...bot.flows.values()].find((other) => other.steps.has(step));
  const near = didYouMean(step, flow.steps.keys());
  const hint = near === '' && elsewhere ? `; did you mean '${elsewhere.id}/${step}'?` : near;
  return [{ code: 'unknown-step', path, message: `the flow '${id}' has no step '${step}'${hint}` }];
}

function optionProblems(
  bot: Bot,
  name: string,
  options: readonly string[],
  path: (index: number) => Path,
): Problem[] {
  const [id = '', step = ''] = name.split('/');
  const flow = bot.flows.get(id);
  const known = flow && optionsOf(bot, flow, step);
  // A step without options of its own may pass on to a question with some.
  if (!known) return [];
  return options.flatMap((option, index) =>
    known.includes(option) || isOwn(bot, option)
      ? []
      : [
          {
            code: 'wrong-shape',
            path: path(index),
            message: `the step '${name}' has no option '${option}'${didYouMean(option, known)}`,
          },
        ],
  );
}

/** Options of Lotse's own questions, which can be laid over any step: the language, and whether to delete. */
function isOwn(bot: Bot, option: string): boolean {
  return option === 'yes' || option === 'no' || bot.languages.some(({ tag }) => tag === option);
}

function answerProblems(bot: Bot, name: string, key: string, path: Path): Problem[] {
  const [id = '', answer = ''] = name.split('/');
  const known = bot.flows.get(id)?.answers;
  if (known?.has(answer) === true) return [];
  const message = known
    ? `the flow '${id}' has no answer '${answer}'${didYouMean(answer, known.keys())}`
    : `there is no usable flow '${id}'${didYouMean(id, bot.flows.keys())}`;
  return [{ code: known ? 'unknown-answer' : 'unknown-flow', path: [...path, 'answers', key], message }];
}
