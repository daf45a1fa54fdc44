/** Exports as RapidPro and Glific write them, made for these tests. */

let counter = 0;
/** A uuid, always another one. */
export const uuid = (): string => {
  counter += 1;
  return `00000000-0000-4000-8000-${counter.toString(16).padStart(12, '0')}`;
};

type Json = Readonly<Record<string, unknown>>;

export const send = (text: string, more: Json = {}) => ({
  uuid: uuid(),
  type: 'send_msg',
  text,
  attachments: [],
  quick_replies: [],
  ...more,
});

export interface FlowNode {
  readonly uuid: string;
  readonly actions: readonly Json[];
  readonly exits: { readonly uuid: string; readonly destination_uuid: string | null }[];
  readonly router?: Json;
}

/** A node of actions that goes on to another. */
export const node = (id: string, actions: readonly Json[], to: string | null = null): FlowNode => ({
  uuid: id,
  actions,
  exits: [{ uuid: uuid(), destination_uuid: to }],
});

export interface Test {
  readonly category: string;
  readonly type?: string;
  readonly args?: readonly string[];
  readonly to: string | null;
  readonly id?: string;
  readonly categoryId?: string;
}

/** A node with a switch: tests in their order, and what becomes of the rest; two tests of one category share its exit. */
export const split = (
  id: string,
  operand: string,
  tests: readonly Test[],
  other: { readonly name: string; readonly to: string | null; readonly id?: string },
  more: { readonly actions?: readonly Json[]; readonly router?: Json } = {},
): FlowNode => {
  const categories = new Map<string, { uuid: string; name: string; exit_uuid: string }>();
  const exits: { uuid: string; destination_uuid: string | null }[] = [];
  const category = (name: string, to: string | null, categoryId = uuid()): string => {
    const known = categories.get(name);
    if (known) return known.uuid;
    const exit = { uuid: uuid(), destination_uuid: to };
    exits.push(exit);
    categories.set(name, { uuid: categoryId, name, exit_uuid: exit.uuid });
    return categoryId;
  };
  const cases = tests.map((test) => ({
    uuid: test.id ?? uuid(),
    type: test.type ?? 'has_any_word',
    arguments: test.args ?? [],
    category_uuid: category(test.category, test.to, test.categoryId),
  }));
  const fallback = category(other.name, other.to, other.id);
  return {
    uuid: id,
    actions: more.actions ?? [],
    router: {
      type: 'switch',
      operand,
      cases,
      categories: [...categories.values()],
      default_category_uuid: fallback,
      ...more.router,
    },
    exits,
  };
};

/** A node that waits for the person. */
export const wait = (
  id: string,
  result: string,
  tests: readonly Test[],
  other: { readonly name: string; readonly to: string | null; readonly id?: string },
  more: Json = {},
): FlowNode =>
  split(id, '@input.text', tests, other, {
    router: { wait: { type: 'msg' }, ...(result === '' ? {} : { result_name: result }), ...more },
  });

export const flow = (name: string, nodes: readonly FlowNode[], more: Json = {}) => ({
  uuid: uuid(),
  name,
  spec_version: '13.6.1',
  language: 'eng',
  type: 'messaging',
  revision: 7,
  expire_after_minutes: 10080,
  localization: {},
  nodes,
  _ui: {
    nodes: Object.fromEntries(
      nodes.map(({ uuid: id }) => [id, { position: { left: 100, top: 20 }, type: 'execute_actions' }]),
    ),
    stickies: {},
  },
  ...more,
});

export const rapidpro = (flows: readonly Json[], more: Json = {}) => ({
  version: '13',
  site: 'https://rapidpro.example.org',
  flows,
  campaigns: [],
  triggers: [],
  fields: [],
  groups: [],
  ...more,
});
