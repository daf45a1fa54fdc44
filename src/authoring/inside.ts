import { fits } from '../engine/answer.ts';
import { FORMATS, placeholder } from '../engine/formats.ts';
import type { Condition, Step } from '../engine/model.ts';
import { compileCondition, conditionEnvironment, isTaken, type Declared } from './condition.ts';
import { didYouMean, type Finding } from './finding.ts';
import type { Source } from './source.ts';

/** Everything that can be known wrong from within the file: jumps, answers, conditions and placeholders. */
export function checkInside(
  source: Source,
  names: readonly string[],
  steps: ReadonlyMap<string, Step>,
  answers: Declared,
): { conditions: Map<string, Condition>; found: Finding[] } {
  const found: Finding[] = [];
  const conditions = new Map<string, Condition>();
  const environment = conditionEnvironment(answers);
  for (const name of [...answers.keys()].filter(isTaken)) {
    const message = `'${name}' means something else in conditions; give this answer another name`;
    found.push(source.finding('wrong-name', ['answers', name], message, { key: true }));
  }
  const undeclared = (answer: string, path: readonly (string | number)[]): Finding =>
    source.finding(
      'unknown-answer',
      path,
      `'${answer}' is not declared; add it under answers with its type, purpose and keep${didYouMean(answer, answers.keys())}`,
    );
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
    for (const { path, answer, value } of step.writes) {
      const type = answers.get(answer);
      if (type === undefined) found.push(undeclared(answer, at(path)));
      else if (type && value !== undefined && !fits(type.type, value))
        found.push(
          source.finding(
            'wrong-shape',
            at(path),
            `'${answer}' is declared as ${type.type}, but ${JSON.stringify(value)} would be stored in it`,
          ),
        );
    }
    for (const { path, answer } of step.reads)
      if (!answers.has(answer)) found.push(undeclared(answer, at(path)));
    for (const { path, source: expression } of step.conditions) {
      const compiled = compileCondition(environment, expression);
      if (compiled.ok) conditions.set(expression, compiled.condition);
      else
        found.push(
          source.finding('condition', at(path), `in '${shortened(expression)}': ${compiled.message}`, {
            offset: compiled.offset,
          }),
        );
    }
    for (const { path, source: text } of step.texts)
      for (const [, used = ''] of text.matchAll(/\{\{\s*([^}]*?)\s*\}\}/g)) {
        const message = placeholderMistake(used, answers);
        if (message !== null) found.push(source.finding('unknown-placeholder', path.split('.'), message));
      }
  }
  return { conditions, found };
}

/** What is wrong between {{ and }}; null: nothing. */
function placeholderMistake(used: string, answers: Declared): string | null {
  const { name, format } = placeholder(used);
  const type = answers.get(name);
  if (type === undefined)
    return `{{${used}}} names no answer of this flow${didYouMean(name, answers.keys())}`;
  if (format === null || !type || FORMATS[type.type].includes(format)) return null;
  const known = FORMATS[type.type];
  if (known.length === 0)
    return `{{${used}}}: an answer of type ${type.type} has no formats; write {{${name}}}`;
  return `{{${used}}}: '${format}' is no format of type ${type.type}, which has ${known.join(', ')}${didYouMean(format, known)}`;
}

const shortened = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text);

export function checkNames(
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
