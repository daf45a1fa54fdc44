import { keyOf, type Answer, type Answers } from './answers.ts';
import { valueFor } from './actions.ts';
import { asksForWords, isNumberedMenu, typeOf } from './cases.ts';
import type { AnswerType } from '../../engine/answer.ts';
import { answerOf } from './expression.ts';
import type { Export, ExportFlow, ExportNode } from './export.ts';
import type { Plan } from './plan.ts';

type Type = AnswerType['type'];

/** What a waiting node can be answered with. */
export interface Shape {
  /** Whether there is anything to choose. */
  readonly chooses: boolean;
  /** What may be typed; null: nothing. */
  readonly types: Type | null;
}

export function shapeOf(plan: Plan, node: ExportNode): Shape {
  const cases = node.router?.cases ?? [];
  const hint = node.router?.wait?.hint ?? null;
  const replies = plan.questions.get(node.key)?.replies.length ?? 0;
  const chooses = replies > 0 || isNumberedMenu(cases) || cases.some(asksForWords);
  const typed = isNumberedMenu(cases) ? [] : cases.filter((one) => !asksForWords(one));
  return { chooses, types: chooses && typed.length === 0 ? null : typeOf(typed, hint) };
}

/** The limits of a number, where nothing else may be answered. */
function limitsOf(plan: Plan, node: ExportNode): { min?: number; max?: number } {
  const [only, ...more] = node.router?.cases ?? [];
  if (only?.type !== 'has_number_between' || more.length > 0 || !plan.again.has(node.key)) return {};
  const [min = Number.NaN, max = Number.NaN] = only.arguments.map(Number);
  return Number.isFinite(min) && Number.isFinite(max) ? { min, max } : {};
}

/** Declares every answer of a flow, so that texts and conditions know what may be spoken of; those of questions by node. */
export function declareAnswers(
  exported: Export,
  flow: ExportFlow,
  plan: Plan,
  answers: Answers,
): Map<string, Answer> {
  const asked = new Map<string, Answer>();
  for (const node of flow.nodes) {
    const name = node.router?.wait ? node.router.resultName : null;
    if (name === null || keyOf(name) === '') continue;
    const { chooses, types } = shapeOf(plan, node);
    const type = !chooses ? (types ?? 'text') : types === 'text' ? 'text' : 'choice';
    asked.set(node.key, answers.declare('result', name, type, limitsOf(plan, node)));
  }
  const actions = flow.nodes.flatMap((node) => node.actions);
  // Copies of answers wait until all answers are known that they may be copies of.
  for (const copies of [false, true])
    for (const action of actions) {
      const type = action.text('type');
      const field = action.part('field');
      const sort = type === 'set_run_result' ? 'result' : type === 'set_contact_field' ? 'field' : 'contact';
      const label =
        sort === 'result'
          ? action.text('name')
          : sort === 'field'
            ? (field?.text('key') ?? field?.text('name') ?? null)
            : 'name';
      const isSet = type === 'set_run_result' || type === 'set_contact_field' || type === 'set_contact_name';
      const value = (type === 'set_contact_name' ? action.text('name') : action.text('value')) ?? '';
      if (!isSet || label === null || keyOf(label) === '' || value === '' || value.includes('@') !== copies)
        continue;
      if (copies) alias(answers, sort, label, value.trim());
      else declareSet(exported, answers, sort, label, value);
    }
  for (const action of actions)
    if (action.text('type') === 'add_contact_groups')
      for (const group of action.parts('groups')) {
        const name = group.text('name') ?? '';
        if (keyOf(name) !== '') answers.declare('group', name, 'yes_no');
      }
  return asked;
}

function alias(answers: Answers, sort: 'result' | 'field' | 'contact', label: string, value: string): void {
  const known = {
    result: answers.known.results,
    field: answers.known.fields,
    contact: answers.known.contact,
  }[sort];
  const answer = answerOf(value, answers.known);
  if (answer !== null && !known.has(keyOf(label))) known.set(keyOf(label), answer);
}

const FIELD_TYPES: Readonly<Record<string, Type>> = {
  number: 'number',
  datetime: 'date',
  state: 'place',
  district: 'place',
  ward: 'place',
};

function declareSet(
  exported: Export,
  answers: Answers,
  sort: 'result' | 'field' | 'contact',
  label: string,
  value: string,
): void {
  const known = {
    result: answers.known.results,
    field: answers.known.fields,
    contact: answers.known.contact,
  }[sort];
  if (known.has(keyOf(label))) return;
  const wanted = sort === 'field' ? (FIELD_TYPES[exported.fields.get(label) ?? ''] ?? 'text') : 'text';
  answers.declare(sort, label, valueFor(wanted, value) === null ? 'text' : wanted);
}
