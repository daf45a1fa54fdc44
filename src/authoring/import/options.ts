import type { Answer } from './answers.ts';
import { asksForWords, isNumberedMenu, menuNumber, passes } from './cases.ts';
import { placeOf, wordsAt, type Context } from './context.ts';
import type { DraftOption, Target } from './draft.ts';
import {
  spoken,
  translated,
  type Case,
  type Category,
  type ExportNode,
  type Reply,
  type Router,
  type Told,
} from './export.ts';
import { Names, slug } from './names.ts';
import { Words } from './words.ts';

/** Where the people go whose answer falls into a category. */
export function targetOf(category: Category | null): Target {
  const to = category?.exit?.to ?? null;
  return to === null ? null : { node: to };
}

interface Wanted {
  readonly category: Category;
  readonly reply: Reply | null;
  readonly to: Target;
}

/** The options of a question; `typed`: the step for those who want to type instead of choosing. */
export function optionsOf(
  context: Context,
  node: ExportNode,
  router: Router,
  step: string,
  told: Told | null,
  asked: Answer | undefined,
  typed: { readonly step: string; readonly category: Category } | null,
): DraftOption[] {
  const wanted = wantedOf(context, node, router, told);
  if (typed && !wanted.some(({ to }) => to !== null && 'step' in to))
    wanted.push({ category: typed.category, reply: null, to: { step: typed.step } });
  const ids = new Names();
  const perCategory = new Map<Category, number>();
  for (const { category } of wanted) perCategory.set(category, (perCategory.get(category) ?? 0) + 1);
  return wanted.map(({ category, reply, to }) => {
    const label = labelOf(context, node, router, step, category, reply);
    const alone = perCategory.get(category) === 1;
    const id = ids.give(slug(alone ? category.name : label.source) || slug(label.source), 'option');
    const tests = router.cases.filter((one) => one.category === category);
    asked?.options.push({
      id,
      forms: [label.source, category.name, ...(alone ? tests.flatMap((one) => one.arguments) : [])],
    });
    if (!isNumberedMenu(router.cases)) tellWords(context, node, step, tests, label);
    const detail = reply?.detail
      ? wordsAt(context, node, step, told?.action.text('uuid') ?? null, reply.detail)
      : null;
    return { id, label, detail: detail?.source === '' ? null : detail, to };
  });
}

/** A reply leads where the first test leads that it passes; tests no reply passes, and «other», get options of their own. */
function wantedOf(context: Context, node: ExportNode, router: Router, told: Told | null): Wanted[] {
  const numbered = isNumberedMenu(router.cases);
  const choosable = numbered
    ? router.cases.toSorted((one, other) => (menuNumber(one) ?? 0) - (menuNumber(other) ?? 0))
    : router.cases.filter(asksForWords);
  const wanted: Wanted[] = (told?.replies ?? []).flatMap((reply): Wanted[] => {
    const category =
      router.cases.find((one) => passes(one, reply.label.source))?.category ?? router.otherwise;
    return category
      ? [{ category, reply, to: targetOf(category) }]
      : [{ category: nameless(), reply, to: null }];
  });
  for (const { category } of choosable)
    if (!wanted.some((one) => one.category === category))
      wanted.push({ category, reply: null, to: targetOf(category) });
  const { otherwise } = router;
  if (!otherwise || context.plan.again.has(node.key) || wanted.some(({ category }) => category === otherwise))
    return wanted;
  const place = placeOf(context, node, null);
  if (targetOf(otherwise) === null)
    context.ledger.changed(
      place,
      [otherwise.uuid],
      `category '${otherwise.name}'`,
      'any other answer ended the flow; Lotse asks again, and then shows who can help',
    );
  else {
    wanted.push({ category: otherwise, reply: null, to: targetOf(otherwise) });
    context.ledger.changed(
      place,
      [otherwise.uuid],
      `category '${otherwise.name}'`,
      'any other answer led there; now an option does',
    );
  }
  return wanted;
}

function nameless(): Category {
  return { uuid: null, name: '', exit: null };
}

function labelOf(
  context: Context,
  node: ExportNode,
  router: Router,
  step: string,
  category: Category,
  reply: Reply | null,
): Words {
  const text = reply?.label ?? spoken(context.flow, category.uuid, 'name', category.name);
  const label = wordsAt(context, node, step, category.uuid, text);
  if (label.source !== '') return label;
  const test = router.cases.find((one) => one.category === category);
  return new Words((test?.arguments.join(' ') ?? '').replaceAll('{{', '').trim() || '…');
}

/** Words a test looked for that are no option's label: Lotse understands labels, and parts of them. */
function tellWords(
  context: Context,
  node: ExportNode,
  step: string,
  tests: readonly Case[],
  label: Words,
): void {
  for (const test of tests) {
    const others = [...translated(context.flow, test.uuid, 'arguments').values()].flat();
    const known = new Set([label.source, ...label.translations.values()].map((text) => text.toLowerCase()));
    const strange = [...test.arguments, ...others].filter((text) => !known.has(text.trim().toLowerCase()));
    if (strange.length > 0)
      context.ledger.changed(
        placeOf(context, node, step),
        [test.uuid],
        `test ${test.type} for '${label.source}'`,
        'Lotse understands the label, its beginning, words of it, and its number; these words are not understood',
        strange,
      );
  }
}
