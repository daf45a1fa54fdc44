import fc from 'fast-check';
import { z } from 'zod';
import { flow, node, rapidpro, send, split, uuid, wait, type FlowNode, type Test } from './exports.ts';

/** What an export must not lose: every uuid in it, and every text people or translators wrote. */
export interface Generated {
  readonly body: unknown;
  readonly texts: readonly string[];
}

/** Decisions, drawn one after the other from fast-check's numbers. */
class Draw {
  readonly #numbers: readonly number[];
  #at = 0;
  readonly texts: string[] = [];
  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }
  below(limit: number): number {
    const number = this.#numbers[this.#at % this.#numbers.length] ?? 0;
    this.#at += 1;
    return (number + this.#at * 7) % limit;
  }
  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
  /** A text of its own, so that it can be found again. */
  text(word: string): string {
    const text = `${word} ${this.one(['plain', 'ünïcode ß', 'عربي', 'два слова', 'with\ntwo lines', '- # : {x} "q"', "it's", '%'])} no${String(this.texts.length)}.`;
    this.texts.push(text);
    return text;
  }
}

const TESTS: readonly (readonly [type: string, args: readonly string[]])[] = [
  ['has_any_word', ['yes y']],
  ['has_any_word', ['no']],
  ['has_phrase', ['not now']],
  ['has_only_text', ['red']],
  ['has_only_phrase', ['blue']],
  ['has_beginning', ['gr']],
  ['has_all_words', ['one two']],
  ['has_number', []],
  ['has_number_eq', ['1']],
  ['has_number_eq', ['2']],
  ['has_number_between', ['1', '10']],
  ['has_number_lt', ['@fields.age']],
  ['has_number_gte', ['18.5']],
  ['has_date', []],
  ['has_date_gt', ['2020-01-01']],
  ['has_phone', ['DE']],
  ['has_email', []],
  ['has_district', []],
  ['has_text', []],
  ['has_pattern', ['^[a-z]+$']],
  ['has_category', ['Yes']],
  ['has_group', ['group-uuid', 'Guests']],
  ['has_time', []],
  ['has_media', []],
  ['is_from_the_future', ['x']],
];

const ACTIONS: readonly ((draw: Draw) => Readonly<Record<string, unknown>>)[] = [
  (draw) => send(draw.text('hello')),
  (draw) => send(draw.text('pick'), { quick_replies: ['Yes', 'No', draw.text('reply')] }),
  (draw) =>
    send(draw.text('rich'), {
      quick_replies: [{ type: 'text', text: draw.text('rich reply'), extra: draw.text('extra') }],
    }),
  (draw) =>
    send(draw.text('photo'), {
      attachments: ['image/jpeg:https://example.org/a.jpg', 'image:@fields.photo'],
    }),
  (draw) => ({
    uuid: uuid(),
    type: 'set_run_result',
    name: 'Color',
    value: draw.one(['red', '5', '@results.shelter', '@input']),
    category: draw.text('category'),
  }),
  (draw) => ({
    uuid: uuid(),
    type: 'set_contact_field',
    field: { key: 'age', name: 'Age' },
    value: draw.one(['41', '@results.color', '']),
  }),
  () => ({ uuid: uuid(), type: 'set_contact_name', name: '@results.color' }),
  (draw) => ({ uuid: uuid(), type: 'set_contact_language', language: draw.one(['fra', 'eng', '']) }),
  () => ({ uuid: uuid(), type: 'add_contact_groups', groups: [{ uuid: uuid(), name: 'Guests' }] }),
  () => ({ uuid: uuid(), type: 'remove_contact_groups', groups: [], all_groups: true }),
  (draw) => ({
    uuid: uuid(),
    type: 'send_email',
    addresses: ['x@example.org'],
    subject: draw.text('subject'),
    body: draw.text('body'),
  }),
  (draw) => ({
    uuid: uuid(),
    type: 'call_webhook',
    method: 'POST',
    url: 'https://example.org',
    body: draw.text('payload'),
    headers: { A: 'b' },
  }),
  (draw) => ({
    uuid: uuid(),
    type: 'open_ticket',
    topic: { uuid: uuid(), name: 'General' },
    note: draw.text('note'),
  }),
  () => ({ uuid: uuid(), type: 'enter_flow', flow: { uuid: uuid(), name: 'Gone' } }),
  (draw) => ({ uuid: uuid(), type: 'brand_new', nested: [{ deep: draw.text('unknown') }] }),
];

function graph(draw: Draw, names: readonly string[]): FlowNode[] {
  const ids = Array.from({ length: 1 + draw.below(8) }, uuid);
  const anywhere = (): string | null => draw.one([...ids, ...ids, null, 'nowhere']);
  const tests = (): Test[] =>
    Array.from({ length: draw.below(4) }, () => {
      const [type, args] = draw.one(TESTS);
      return {
        category: draw.one(['Yes', 'No', 'Ja / Nein', '1', 'نعم', 'Other', draw.text('cat')]),
        type,
        args,
        to: anywhere(),
      };
    });
  return ids.map((id) => {
    const actions = Array.from({ length: draw.below(3) }, () => draw.one(ACTIONS)(draw));
    const other = { name: draw.one(['Other', 'All Responses']), to: anywhere() };
    switch (draw.below(7)) {
      case 0:
      case 1:
        return wait(
          id,
          draw.one(['', 'Shelter', 'Color', 'for']),
          tests(),
          other,
          draw.below(3) > 0
            ? {}
            : {
                wait: {
                  type: 'msg',
                  timeout: { seconds: 600, category_uuid: 'none' },
                  hint: { type: 'image' },
                },
              },
        );
      case 2:
        return split(
          id,
          draw.one([
            '@results.shelter',
            '@fields.age',
            '@contact.groups',
            '@contact.language',
            '@(1 + 1)',
            '@results.color.category',
          ]),
          tests(),
          other,
          { actions },
        );
      case 3:
        return split(id, '', [], other, { router: { type: draw.one(['random', 'quantum']) } });
      case 4:
        return split(
          id,
          '@child.status',
          [{ category: 'Complete', type: 'has_only_text', args: ['completed'], to: anywhere() }],
          { name: 'Expired', to: anywhere() },
          { actions: [{ uuid: uuid(), type: 'enter_flow', flow: { name: draw.one(names) } }] },
        );
      default:
        return node(id, actions, anywhere());
    }
  });
}

function translate(draw: Draw, nodes: readonly FlowNode[]): Record<string, Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const { actions, router } of nodes) {
    for (const action of actions) {
      const replies = action['quick_replies'];
      if (draw.below(3) > 0)
        found[String(action['uuid'])] = {
          text: [draw.text('traduit')],
          ...(Array.isArray(replies) && replies.length > 0
            ? { quick_replies: replies.map(() => draw.text('choix')) }
            : {}),
        };
    }
    for (const id of uuidsOf(router?.['categories'])) found[id] = { name: [draw.text('nom')] };
    if (draw.below(2) > 0)
      for (const id of uuidsOf(router?.['cases'])) found[id] = { arguments: [draw.text('mot')] };
  }
  if (draw.below(4) === 0) found[uuid()] = { text: [draw.text('of nothing')] };
  return { [draw.one(['fra', 'ara', 'xyz', 'base', 'eng'])]: found };
}

const listed = z.array(z.object({ uuid: z.string() })).catch([]);

function uuidsOf(list: unknown): string[] {
  return listed.parse(list).map(({ uuid: id }) => id);
}

/** Any export RapidPro could write, and some it could not. */
export const anyExport: fc.Arbitrary<Generated> = fc
  .array(fc.nat({ max: 10_000 }), { minLength: 20, maxLength: 120 })
  .map((numbers) => {
    const draw = new Draw(numbers);
    const names = Array.from({ length: 1 + draw.below(3) }, (_, index) =>
      draw.one([`Flow ${String(index)}`, 'Über uns', 'استقبال', 'Start']),
    );
    const flows = names.map((name) => {
      const nodes = graph(draw, names);
      const sticky = {
        [uuid()]: { title: draw.text('sticky'), body: draw.text('remember'), position: { left: 1, top: 2 } },
      };
      return flow(name, nodes, {
        language: draw.one(['eng', 'eng', 'ara', 'base', 'und']),
        localization: draw.below(2) > 0 ? translate(draw, nodes) : {},
        _ui: { nodes: {}, stickies: draw.below(3) === 0 ? sticky : {} },
      });
    });
    const campaign = {
      uuid: uuid(),
      name: draw.text('campaign'),
      group: { uuid: uuid(), name: 'Guests' },
      events: [{ uuid: uuid(), message: { eng: draw.text('reminder') } }],
    };
    const body = rapidpro(flows, {
      campaigns: draw.below(3) === 0 ? [campaign] : [],
      triggers: [
        {
          trigger_type: draw.one(['K', 'C', 'M']),
          keywords: ['bed', draw.text('keyword')],
          flow: { uuid: flows[0]?.uuid, name: names[0] },
          groups: [],
        },
      ],
      fields: [{ key: 'age', name: 'Age', type: draw.one(['number', 'text', 'datetime']) }],
    });
    // A sticky that was drawn but not used is no text of the export.
    const written = JSON.stringify(body);
    return { body, texts: draw.texts.filter((text) => written.includes(JSON.stringify(text).slice(1, -1))) };
  });
