import { answerAt } from './actions.ts';
import { conditionOf } from './condition.ts';
import { operandOf, placeOf, type Context } from './context.ts';
import type { Target, Way } from './draft.ts';
import type { Case, Category, ExportNode, Router } from './export.ts';
import { languageTag, slug } from './names.ts';
import { targetOf } from './options.ts';

/** Where a node leads whose router does not wait: on its way, by a new branch, or nowhere. */
export function splitTarget(context: Context, node: ExportNode, router: Router): Target {
  const called = node.actions.some((action) => action.text('type') === 'enter_flow');
  if (router.type === 'switch' && called) return afterCall(context, node, router);
  const [done] = node.actions;
  if (router.type === 'switch' && done && !answerAt(context, router.operand)) {
    const first = router.cases[0]?.category ?? router.otherwise;
    const type = done.text('type') ?? '';
    // The handoff itself goes another way where nobody could be told.
    if (type === 'open_ticket') return targetOf(first);
    const why = `how '${type}' went; it goes the first way, as after success`;
    return oneWay(context, node, router, first, why);
  }
  if (router.type === 'random')
    return oneWay(
      context,
      node,
      router,
      router.categories[0] ?? null,
      'a random way; Lotse leaves nothing to chance and goes the first',
    );
  if (router.type !== 'switch')
    return oneWay(
      context,
      node,
      router,
      router.otherwise ?? router.categories[0] ?? null,
      `a router of type '${router.type}', which Lotse does not know`,
    );
  return byExpression(context, node, router);
}

/** Where it goes on when nobody could be told. */
export function failureTarget(node: ExportNode): Target | undefined {
  const { router } = node;
  const isTicket = node.actions.some((action) => action.text('type') === 'open_ticket');
  return isTicket && router && !router.wait && router.otherwise ? targetOf(router.otherwise) : undefined;
}

function afterCall(context: Context, node: ExportNode, router: Router): Target {
  const completed = router.cases.find((one) => one.arguments.includes('completed'))?.category;
  const category = completed ?? router.categories[0] ?? null;
  const others = router.categories.filter((one) => one !== category);
  if (others.length > 0)
    context.ledger.lost(
      placeOf(context, node, null),
      others.map(({ uuid }) => uuid),
      `categories ${others.map(({ name }) => `'${name}'`).join(', ')}`,
      'a called flow always comes back in Lotse, or the conversation is over',
      router.cases.flatMap((one) => one.arguments),
    );
  return targetOf(category);
}

/** One way of several; the others stay in the file, under a condition that never holds. */
function oneWay(
  context: Context,
  node: ExportNode,
  router: Router,
  taken: Category | null,
  why: string,
): Target {
  const others = router.categories.filter((one) => one !== taken && one !== router.otherwise);
  const last = router.otherwise && router.otherwise !== taken ? [router.otherwise] : [];
  const ways = [...others, ...last].map((category): Way => ({ when: 'false', to: targetOf(category) }));
  context.ledger.changed(
    placeOf(context, node, null),
    router.categories.map(({ uuid }) => uuid),
    `split by ${router.operand === '' ? router.type : router.operand}`,
    `it depended on ${why}; everybody goes '${taken?.name ?? ''}', the other ways wait for conditions`,
    [
      ...router.categories.map(({ name }) => name),
      ...router.cases.flatMap((one) => [one.type, ...one.arguments]),
    ],
  );
  return branching(context, router, [...ways, { to: targetOf(taken) }]);
}

function byExpression(context: Context, node: ExportNode, router: Router): Target {
  const place = placeOf(context, node, null);
  const ways = router.cases.map((test): Way => {
    const found = conditionFor(context, router, test);
    if (found?.exact !== true)
      context.ledger.changed(
        place,
        [test.uuid],
        `test ${test.type} of ${router.operand}`,
        found
          ? 'the condition looks for the words anywhere, also inside longer words, and only as written here'
          : 'Lotse cannot ask for this in a condition; nobody goes this way until you write one',
        test.arguments,
      );
    return { when: found?.when ?? 'false', to: targetOf(test.category) };
  });
  const answer = answerAt(context, router.operand);
  if (!answer && router.cases.length === 0)
    context.ledger.changed(
      place,
      [node.uuid],
      `split by ${router.operand}`,
      'it has no tests; everybody goes the same way',
    );
  if (router.resultName !== null)
    context.ledger.lost(
      place,
      [node.uuid],
      `result '${router.resultName}' of a split`,
      'only questions and `set` steps store answers',
    );
  return branching(context, router, [...ways, { to: targetOf(router.otherwise ?? null) }]);
}

function conditionFor(
  context: Context,
  router: Router,
  test: Case,
): { readonly when: string; readonly exact: boolean } | null {
  const operand = operandOf(router.operand);
  const given = test.arguments.join(' ').trim();
  if (operand?.root === 'contact' && operand.key === 'language') {
    const tag = languageTag(given);
    return tag === null ? null : { when: `language == ${JSON.stringify(tag)}`, exact: true };
  }
  if (operand?.root === 'contact' && operand.key === 'groups') {
    // has_group("uuid", "name"): the name is written for people, and what we know groups by.
    const group = test.arguments.map((one) => context.answers.group(one)).find((one) => one !== null);
    return group ? conditionOf(group, test) : null;
  }
  const named = answerAt(context, router.operand);
  const answer = named && context.answers.all.get(named.name);
  return answer ? conditionOf(answer, test) : null;
}

/** A branch, unless every way leads to the same place. */
function branching(context: Context, router: Router, ways: readonly Way[]): Target {
  const places = new Set(ways.map(({ to }) => JSON.stringify(to)));
  if (places.size === 1) return ways[0]?.to ?? null;
  const operand = operandOf(router.operand);
  const name = context.names.give(
    slug(`by_${operand?.key === '' ? operand.root : (operand?.key ?? 'way')}`),
    'by_way',
  );
  context.steps.push({ kind: 'branch', name, ways });
  return { step: name };
}
