import type { Export, ExportFlow, OpenOptions, Opened, Reply, Told } from './export.ts';
import { languageTag } from './names.ts';
import { Part, isTooDeep } from './part.ts';
import { refusal, toldByMessage } from './rapidpro.ts';
import { readFlow } from './read-flow.ts';
import type { Spoken } from './words.ts';

/** Glific's languages by id, in the order in which every installation creates them. */
const LANGUAGES = [
  'en',
  'hi',
  'ta',
  'kn',
  'ml',
  'te',
  'or',
  'as',
  'gu',
  'bn',
  'pa',
  'mr',
  'ur',
  'es',
] as const;

/** Opens what Glific downloads as «export flow»: definitions with keywords, and the interactive messages they use. */
export function openGlific(root: Part, options: OpenOptions): Opened {
  const wrapped = root.parts('flows');
  const single = root.keys().includes('nodes');
  const pairs = single
    ? [{ part: root, keywords: [] }]
    : wrapped.map((one) => ({ part: one.part('definition') ?? one, keywords: one.texts('keywords') }));
  if (pairs.length === 0)
    return { ok: false, message: 'it holds no flows; in Glific choose Flows, then Export flow' };
  for (const { part } of pairs) {
    const problem = refusal(part);
    if (problem !== null) return { ok: false, message: problem.replaceAll('RapidPro', 'Glific') };
  }
  const templates = new Map(
    root
      .parts('interactive_templates')
      .map((one) => [String(one.number('source_id') ?? one.number('id') ?? ''), one]),
  );
  for (const key of ['contact_field', 'collections']) {
    const names = root.texts(key);
    if (names.length > 0)
      options.ledger.changed(
        { flow: null, node: null, at: null },
        [],
        key === 'collections' ? 'collections' : 'contact fields',
        'a list of names; Lotse declares answers in the flows that ask for them',
        names,
      );
  }
  const read: Export = {
    platform: 'Glific',
    root,
    flows: pairs.map(({ part, keywords }) => readFlow(part, keywords, options)),
    fields: new Map(),
    start: null,
    told: (flow, action) => toldByMessage(flow, action) ?? toldInteractively(flow, action, templates),
  };
  return { ok: true, export: read };
}

const parsed = new WeakMap<Part, Part>();

/** Quick replies and lists, from the template in the export or else the copy inside the action. */
function toldInteractively(
  flow: ExportFlow,
  action: Part,
  templates: ReadonlyMap<string, Part>,
): Told | null {
  if (action.text('type') !== 'send_interactive_msg') return null;
  const template = templates.get(String(action.number('id') ?? ''));
  action.text('name');
  const copy = parsed.get(action) ?? copyIn(action);
  if (copy) parsed.set(action, copy);
  const content = template?.part('interactive_content') ?? copy;
  if (!content) return null;
  template?.text('label');
  template?.text('type');
  const own = template?.number('language_id') ?? null;
  const others = new Map<string, Part>();
  const translations = template?.part('translations');
  for (const id of translations?.keys() ?? []) {
    const inner = translations?.part(id);
    const tag = LANGUAGES[Number(id) - 1] ?? languageTag(id);
    if (!inner) continue;
    // The language of the texts as written stands among the translations once more.
    if (Number(id) === own && same(content, inner)) translations?.take(id);
    else if (tag !== null && tag !== flow.language) others.set(tag, inner);
  }
  const outdated = copy && content !== copy && !same(content, copy) ? [action.text('text') ?? ''] : [];
  return assemble(
    action,
    lines(content),
    new Map([...others].map(([tag, part]) => [tag, lines(part)])),
    outdated,
  );
}

/** The message as the flow editor saw it last: JSON within the JSON. */
function copyIn(action: Part): Part | null {
  try {
    const inner: unknown = JSON.parse(action.text('text') ?? '');
    return isTooDeep(inner) ? null : new Part(inner, `${action.path}.text`);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

interface Lines {
  readonly text: string;
  /** Headings of lists and the like, for which Lotse has no place. */
  readonly dropped: readonly string[];
  readonly replies: readonly { readonly label: string; readonly detail: string }[];
}

/** All a message of any type says, from top to bottom. */
function lines(content: Part): Lines {
  content.text('type');
  const inner = content.part('content');
  inner?.text('type');
  const body = content.part('body');
  body?.text('type');
  const said = [
    content.text('title'),
    inner?.text('header'),
    inner?.text('text'),
    inner?.text('caption'),
    inner?.text('url'),
    content.text('body') ?? body?.text('text'),
  ];
  content.part('action')?.text('name');
  const items = content.parts('items');
  const options = [content, ...items].flatMap((holder) => holder.parts('options'));
  const buttons = content.parts('globalButtons');
  for (const button of buttons) button.text('type');
  const headings = [...buttons, ...items].flatMap((one) => [one.text('title'), one.text('subtitle')]);
  return {
    dropped: headings.filter((heading) => heading !== null),
    text: said.filter((line) => line !== null && line !== undefined && line.trim() !== '').join('\n'),
    replies: options.map((option) => {
      option.text('type');
      return { label: option.text('title') ?? '', detail: option.text('description') ?? '' };
    }),
  };
}

function same(one: Part, other: Part): boolean {
  return JSON.stringify(lines(one)) === JSON.stringify(lines(other));
}

function assemble(
  action: Part,
  source: Lines,
  others: ReadonlyMap<string, Lines>,
  copy: readonly string[],
): Told {
  const part = (from: (all: Lines) => string): Spoken => ({
    source: from(source),
    translations: new Map([...others].map(([tag, all]) => [tag, from(all)])),
  });
  const replies = source.replies.flatMap(({ label, detail }, index): Reply[] =>
    label.trim() === ''
      ? []
      : [
          {
            label: part(({ replies: all }) => all[index]?.label ?? ''),
            detail: detail.trim() === '' ? null : part(({ replies: all }) => all[index]?.detail ?? ''),
          },
        ],
  );
  const dropped = [source, ...others.values()].flatMap((all) => [
    ...all.dropped,
    ...all.replies.flatMap(({ label, detail }, index) => {
      const shown = source.replies[index];
      return [shown?.label.trim() ? '' : label, shown?.label.trim() && shown.detail.trim() ? '' : detail];
    }),
  ]);
  return { action, text: part(({ text }) => text), replies, dropped: [...dropped, ...copy] };
}
