import { keyOf, type Answers } from './answers.ts';
import type { Draft, Target } from './draft.ts';
import type { Export, ExportFlow, ExportNode, Told } from './export.ts';
import { pathOf } from './expression.ts';
import type { Ledger, Place } from './ledger.ts';
import type { Names } from './names.ts';
import type { Left, Part } from './part.ts';
import type { Plan } from './plan.ts';
import { wordsOf, type Spoken, type Words } from './words.ts';

/** All that turning one flow's nodes into steps needs. */
export interface Context {
  readonly exported: Export;
  readonly flow: ExportFlow;
  readonly id: string;
  readonly ledger: Ledger;
  readonly names: Names;
  readonly answers: Answers;
  readonly plan: Plan;
  /** The Lotse flow that a reference `{uuid, name}` means; null: it is not in the export. */
  flowId(reference: Part | null): string | null;
  readonly steps: Draft[];
  /** Node -> where somebody who comes to it is. */
  readonly entries: Map<string, Target>;
  /** Actions that set the language, where a question for the language does it instead. */
  readonly asksLanguage: Set<Part>;
}

export function placeOf({ flow, id }: Context, node: ExportNode, step: string | null): Place {
  return { flow: flow.name, node: node.uuid ?? node.key, at: step === null ? null : `${id}/${step}` };
}

/** A text with its expressions replaced; those nobody knows are told. */
export function wordsAt(
  context: Context,
  node: ExportNode,
  step: string,
  uuid: string | null,
  text: Spoken,
): Words {
  const { words, strange } = wordsOf(text, context.answers.known);
  if (strange.length > 0)
    context.ledger.changed(
      placeOf(context, node, step),
      [uuid],
      `expressions ${strange.join(' ')}`,
      'Lotse knows no such answer in this flow; «…» stands there instead',
      [text.source, ...text.translations.values()],
    );
  return words;
}

/** A message's text with links to what was attached. */
export function messageAt(context: Context, node: ExportNode, step: string, told: Told): Words {
  const uuid = told.action.text('uuid');
  const words = wordsAt(context, node, step, uuid, told.text);
  const attached = told.action.texts('attachments');
  const place = placeOf(context, node, step);
  if (told.dropped.length > 0)
    context.ledger.lost(
      place,
      [uuid],
      'texts of a message',
      'headings, buttons and replies that nobody would see',
      told.dropped,
    );
  if (attached.length === 0) return words;
  const links = attached
    .map((one) => one.replace(/^[a-z]+(\/[\w.+-]+)?:(?=https?:)/i, ''))
    .filter((one) => /^https?:\/\/\S+$/.test(one));
  context.ledger.changed(place, [uuid], 'attachments', 'they are links in the text now', attached);
  return words.below(
    wordsAt(context, node, step, uuid, { source: links.join('\n'), translations: new Map() }),
  );
}

/** An action that Lotse has nothing for; all in it is told. */
export function lose(
  context: Context,
  node: ExportNode,
  step: string | null,
  action: Part,
  why: string,
): void {
  const uuid = action.text('uuid');
  const type = action.text('type') ?? 'without a type';
  const rest = action.rest();
  for (const key of action.keys()) action.take(key);
  context.ledger.lost(
    placeOf(context, node, step),
    [uuid],
    `action ${type}`,
    why,
    rest.map(shown(action.path)),
  );
}

/** One value that was left, with the last part of its way. */
function shown(above: string): (left: Left) => string {
  return ({ path, value }) => `${path.slice(above.length).replace(/^\./, '')}: ${value}`;
}

/** What `@results.age` names; null: it is no plain reference to a result, field or the person. */
export function operandOf(
  operand: string,
): { readonly root: string; readonly key: string; readonly part: string } | null {
  const path = pathOf(operand.trim());
  if (!path) return null;
  const [root = '', key = '', part = ''] =
    path[0] === 'run' || (path[0] === 'contact' && path[1] === 'fields') ? path.slice(1) : path;
  return { root, key: keyOf(key), part };
}
