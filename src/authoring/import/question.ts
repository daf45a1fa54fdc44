import type { Answer } from './answers.ts';
import { languageSet } from './actions.ts';
import { asksForWords, isNumberedMenu } from './cases.ts';
import { conditionOf } from './condition.ts';
import { messageAt, placeOf, type Context } from './context.ts';
import { shapeOf } from './declare.ts';
import type { DraftOption, Way } from './draft.ts';
import type { Case, ExportNode, Router } from './export.ts';
import { languageTag, shortSlug, slug } from './names.ts';
import { optionsOf, targetOf } from './options.ts';
import { timeoutStep } from './timeout.ts';
import { Words } from './words.ts';

/** A question: the name of its step, and of the one where people enter, which may stand before it. */
export interface Asked {
  readonly name: string;
  readonly entry: string;
}

/** Turns a waiting node into a question. */
export function askSteps(
  context: Context,
  node: ExportNode,
  router: Router,
  asked: Answer | undefined,
): Asked {
  const { plan, ledger, names } = context;
  const told = plan.questions.get(node.key) ?? null;
  const name = names.give(slug(router.resultName ?? '') || shortSlug(told?.text.source ?? ''), 'question');
  const place = placeOf(context, node, name);
  let text = told ? messageAt(context, node, name, told) : new Words('');
  if (text.source === '') {
    text = new Words('…');
    ledger.changed(
      place,
      [node.uuid],
      'question',
      'it waits without having asked anything; write the question in place of «…»',
    );
  }
  const hinted = plan.hints.get(node.key);
  const hintText = hinted ? messageAt(context, node, name, hinted) : null;
  const hint = hintText?.source === '' ? null : hintText;
  const entry = timeoutStep(context, node, router, name);

  const shape = shapeOf(plan, node);
  const typedCases = isNumberedMenu(router.cases) ? [] : router.cases.filter((one) => !asksForWords(one));
  if (!shape.chooses) {
    typedStep(context, node, router, {
      name,
      text,
      hint,
      cases: router.cases,
      answer: answerFor(context, asked, name, shape.types),
    });
    return { name, entry };
  }
  const [first] = typedCases;
  const typed = first
    ? { step: names.give(`${name.slice(0, 30)}_typed`, 'typed'), category: first.category }
    : null;
  const options = optionsOf(context, node, router, name, told, asked, typed);
  const ways = languageWays(context, options);
  if (ways) {
    ledger.changed(
      place,
      [node.uuid],
      'question',
      'it sets the language; Lotse offers every language there is a translation for, in its own order: take numbers out of the text',
      options.map(({ label }) => label.source),
    );
    if (hint)
      ledger.lost(place, [node.uuid], 'hint', 'the question for the language has none', [
        hint.source,
        ...hint.translations.values(),
      ]);
    context.steps.push({ kind: 'ask', name, text, options: 'languages', answer: null, hint: null, ways });
  } else
    context.steps.push({ kind: 'ask', name, text, options, answer: asked?.name ?? null, hint, ways: [] });
  if (typed) {
    ledger.changed(
      place,
      [first?.uuid ?? null],
      'question',
      'one can be answered by choosing or by typing in Lotse: who wants to type chooses that first',
    );
    const own = asked?.type === 'text' && shape.types === 'text' ? asked : undefined;
    typedStep(context, node, router, {
      name: typed.step,
      text,
      hint,
      cases: typedCases,
      answer: answerFor(context, own, typed.step, shape.types),
    });
  }
  return { name, entry };
}

function answerFor(
  context: Context,
  asked: Answer | undefined,
  step: string,
  type: Answer['type'] | null,
): Answer {
  return asked ?? context.answers.declare('result', `${step}_answer`, type ?? 'text');
}

interface Typed {
  readonly name: string;
  readonly text: Words;
  readonly hint: Words | null;
  readonly cases: readonly Case[];
  readonly answer: Answer;
}

/** A question whose answer is typed: the first test that the answer passes leads on. */
function typedStep(
  context: Context,
  node: ExportNode,
  router: Router,
  { name, text, hint, cases, answer }: Typed,
): void {
  const place = placeOf(context, node, name);
  const ways: Way[] = [];
  let rest: Case | null = null;
  for (const test of cases) {
    if (rest && isAlways(rest, answer)) break;
    if (isAlways(test, answer)) {
      rest = test;
      break;
    }
    const condition = conditionOf(answer, test);
    if (condition) ways.push({ when: condition.when, to: targetOf(test.category) });
    if (condition?.exact === true) continue;
    rest ??= condition ? null : test;
    const why = condition
      ? 'the condition looks for the words anywhere, also inside longer words, and only as written here'
      : 'Lotse has no condition for this; every answer goes the way of the first such test';
    context.ledger.changed(place, [test.uuid], `test ${test.type}`, why, test.arguments);
  }
  const always = rest ? targetOf(rest.category) : targetOf(router.otherwise);
  const exit = node.exits[0]?.to ?? null;
  ways.push({ to: (rest ?? router.otherwise) ? always : exit === null ? null : { node: exit } });
  if (rest && router.otherwise && targetOf(router.otherwise) !== null && !context.plan.again.has(node.key))
    context.ledger.changed(
      place,
      [router.otherwise.uuid],
      `category '${router.otherwise.name}'`,
      `what is no ${answer.type} led there; Lotse asks again, and then shows who can help`,
    );
  context.steps.push({ kind: 'ask', name, text, options: [], answer: answer.name, hint, ways });
}

/** Whether every answer of the type passes a test: Lotse takes no other. */
function isAlways({ type, arguments: list }: Case, answer: Answer): boolean {
  const { min, max } = answer.limits;
  if (type === 'has_number_between') return min === Number(list[0]) && max === Number(list[1]);
  const always: Readonly<Record<string, string>> = {
    has_number: 'number',
    has_date: 'date',
    has_phone: 'phone',
    has_email: 'email',
    has_text: 'text',
    has_state: 'place',
    has_district: 'place',
    has_ward: 'place',
    has_location: 'place',
    has_media: 'media',
    has_image: 'media',
    has_audio: 'media',
    has_video: 'media',
    has_file: 'media',
  };
  return always[type] === answer.type;
}

/** Where every option but sets a language: the ways by language; else null. */
function languageWays(context: Context, options: readonly DraftOption[]): Way[] | null {
  const ways: Way[] = [];
  for (const { to } of options) {
    const node = to && 'node' in to ? context.plan.byKey.get(to.node) : undefined;
    const action = node?.actions.find((one) => languageSet(one) !== null);
    const tag = action ? tagOf(context, languageSet(action) ?? '') : null;
    if (!action || tag === null) return null;
    ways.push({ when: `language == ${JSON.stringify(tag)}`, to });
  }
  const last = ways.at(-1);
  if (ways.length < 2 || !last) return null;
  for (const { to } of options) {
    const node = to && 'node' in to ? context.plan.byKey.get(to.node) : undefined;
    for (const action of node?.actions ?? [])
      if (languageSet(action) !== null) context.asksLanguage.add(action);
  }
  return [...ways.slice(0, -1), { to: last.to }];
}

/** A code, or as in older flows of Glific an English name. */
function tagOf({ flow }: Context, language: string): string | null {
  const english = new Intl.DisplayNames(['en'], { type: 'language' });
  const named = [flow.language, ...flow.translations.keys()].find(
    (tag) => english.of(tag)?.toLowerCase() === language.toLowerCase(),
  );
  return named ?? languageTag(language);
}
