import type { Answer } from './answers.ts';
import { passes } from './cases.ts';
import type { Case } from './export.ts';

/** A test as a CEL condition. `exact`: it holds for the same answers as in RapidPro. */
export interface Compiled {
  readonly when: string;
  readonly exact: boolean;
}

/** Longer conditions are refused by the loader. Characters. */
const LENGTH_MAX = 500;

/** The condition under which a stored answer passes a test; null: CEL cannot say it. */
export function conditionOf(answer: Answer, test: Case): Compiled | null {
  const found = compile(answer, test);
  return found && found.when.length <= LENGTH_MAX ? found : null;
}

function compile(answer: Answer, test: Case): Compiled | null {
  const { name } = answer;
  switch (answer.type) {
    case 'choice':
      return chosen(answer, test);
    case 'number':
      return numeric(name, test);
    case 'date':
      return dated(name, test);
    case 'yes_no':
      return test.type === 'has_group' ? { when: name, exact: true } : null;
    case 'text':
    case 'phone':
    case 'email':
    case 'postcode':
      return written(name, test);
    default:
      return null;
  }
}

/** By the ids of the options whose label or category passes. */
function chosen({ name, options }: Answer, test: Case): Compiled | null {
  const fitting = options.filter(({ forms }) => forms.some((form) => passes(test, form))).map(({ id }) => id);
  const ids = [...new Set(fitting)];
  if (ids.length === 0) return null;
  const list = ids.map((id) => JSON.stringify(id)).join(', ');
  return { when: ids.length === 1 ? `${name} == ${list}` : `${name} in [${list}]`, exact: true };
}

const OPERATORS: Readonly<Record<string, string>> = { lt: '<', lte: '<=', eq: '==', gte: '>=', gt: '>' };

function numeric(name: string, { type, arguments: list }: Case): Compiled | null {
  if (type === 'has_number' || type === 'has_value' || type === 'has_text')
    return { when: `${name} == ${name}`, exact: true };
  const numbers = list.map((argument) =>
    /^\s*-?\d{1,12}(\.\d{1,6})?\s*$/.test(argument) ? Number(argument) : null,
  );
  const [first = null, second = null] = numbers.map((number) => (number === null ? null : double(number)));
  if (first === null) return null;
  if (type === 'has_number_between')
    return second === null ? null : { when: `${name} >= ${first} && ${name} <= ${second}`, exact: true };
  const operator = OPERATORS[/^has_number_(\w+)$/.exec(type)?.[1] ?? ''];
  return operator === undefined ? null : { when: `${name} ${operator} ${first}`, exact: true };
}

const double = (number: number): string =>
  Number.isInteger(number) ? `${String(number)}.0` : String(number);

function dated(name: string, { type, arguments: [argument = ''] }: Case): Compiled | null {
  if (type === 'has_date' || type === 'has_value' || type === 'has_text')
    return { when: `${name} != ""`, exact: true };
  const operator = OPERATORS[/^has_date_(\w+)$/.exec(type)?.[1] ?? ''];
  if (operator === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(argument.trim())) return null;
  return { when: `${name} ${operator} ${JSON.stringify(argument.trim())}`, exact: true };
}

function written(name: string, { type, arguments: list }: Case): Compiled | null {
  const quote = (text: string): string => JSON.stringify(text.trim().toLowerCase());
  const words = list
    .flatMap((argument) =>
      argument
        .trim()
        .toLowerCase()
        .split(/[\s,]+/),
    )
    .filter((word) => word !== '');
  const phrase = list.join(' ').trim();
  const holds = (word: string): string => `${name}.lowerAscii().contains(${quote(word)})`;
  if (type === 'has_text' || type === 'has_value') return { when: `${name} != ""`, exact: true };
  if (words.length === 0) return null;
  switch (type) {
    case 'has_any_word':
    case 'has_multiple':
      return { when: words.map(holds).join(' || '), exact: false };
    case 'has_all_words':
      return { when: words.map(holds).join(' && '), exact: false };
    case 'has_phrase':
      return { when: holds(phrase), exact: false };
    case 'has_beginning':
      return { when: `${name}.lowerAscii().startsWith(${quote(phrase)})`, exact: true };
    case 'has_only_phrase':
    case 'has_only_text':
    case 'is_text_eq':
    case 'has_category':
      return { when: `${name}.lowerAscii() == ${quote(phrase)}`, exact: true };
    default:
      return null;
  }
}
