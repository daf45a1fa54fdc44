import { keyOf } from './answers.ts';
import { answerOf } from './expression.ts';
import { lose, messageAt, operandOf, placeOf, type Context } from './context.ts';
import type { Body } from './draft.ts';
import type { ExportNode } from './export.ts';
import type { Part } from './part.ts';
import { Words } from './words.ts';

const NO_GROUP = 'Lotse has no groups';
const ELSEWHERE = 'Lotse keeps no list of people, and writes to nobody who did not write first';

/** Why some actions have nothing in Lotse; of others it knows nothing at all. */
const REASONS: Readonly<Record<string, string>> = {
  add_contact_urn: ELSEWHERE,
  add_input_labels: 'Lotse keeps no messages that could carry labels',
  call_classifier: 'Lotse asks no other service what a text means',
  call_llm: 'Lotse asks no language model',
  call_resthook: 'a flow calls no other servers',
  call_webhook: 'a flow calls no other servers',
  link_google_sheet: 'a flow reads no sheets; put addresses into the directory',
  play_audio: 'voice flows have no place in Lotse',
  request_optin: 'who writes to Lotse has chosen to',
  send_broadcast: ELSEWHERE,
  send_email: 'a flow sends no e-mail; a handoff tells people',
  set_contact_channel: ELSEWHERE,
  set_contact_profile: 'one conversation belongs to one person in Lotse',
  set_contact_status: 'people write «stop» themselves',
  set_contact_timezone: 'Lotse needs no time zones of people',
  start_session: ELSEWHERE,
  transfer_airtime: 'Lotse transfers no airtime',
  wait_for_result: 'a flow waits for people only',
  wait_for_time: 'a flow waits for people only; a `remind` step can come near to it',
};

/** What an action becomes; null: nothing, and that is told. */
export function bodyOf(context: Context, node: ExportNode, action: Part, step: string): Body | null {
  const type = action.text('type') ?? '';
  const told = context.plan.told.get(action);
  if (told) {
    const text = messageAt(context, node, step, told);
    if (told.replies.length > 0) loseReplies(context, node, action);
    if (text.source !== '') return { kind: 'say', text };
    lose(
      context,
      node,
      null,
      action,
      'a message without words; templates of WhatsApp are not needed for answers',
    );
    return null;
  }
  switch (type) {
    case 'set_run_result':
      return setTo(context, node, action, context.answers.known.results, action.text('name') ?? '');
    case 'set_contact_field': {
      const field = action.part('field');
      const key = field?.text('key') ?? '';
      const label = field?.text('name') ?? key;
      return setTo(context, node, action, context.answers.known.fields, key === '' ? label : key);
    }
    case 'set_contact_name':
      return setTo(context, node, action, context.answers.known.contact, 'name', 'name');
    case 'set_contact_language': {
      if (!context.asksLanguage.has(action))
        lose(
          context,
          node,
          null,
          action,
          'people choose the language themselves: the start flow asks, and its name works everywhere',
        );
      return null;
    }
    case 'add_contact_groups':
    case 'remove_contact_groups':
      return grouped(context, node, action, type === 'add_contact_groups');
    case 'enter_flow':
      return entering(context, node, action, step);
    case 'open_ticket': {
      const rest = action.rest();
      for (const key of action.keys()) action.take(key);
      context.ledger.changed(
        placeOf(context, node, null),
        [action.text('uuid')],
        'action open_ticket',
        'it became a handoff; write in its text what people are to expect, and set up who is told',
        rest.map(({ value }) => value),
      );
      return { kind: 'handoff', text: new Words('A person will write to you here.'), failed: undefined };
    }
    default:
      lose(context, node, null, action, REASONS[type] ?? 'Lotse does not know this action');
      return null;
  }
}

function loseReplies(context: Context, node: ExportNode, action: Part): void {
  const told = context.plan.told.get(action);
  const texts = (told?.replies ?? []).flatMap(({ label, detail }) =>
    [label, ...(detail ? [detail] : [])].flatMap(({ source, translations }) => [
      source,
      ...translations.values(),
    ]),
  );
  context.ledger.lost(
    placeOf(context, node, null),
    [action.text('uuid')],
    'quick replies',
    'no question waits for them here',
    texts,
  );
}

/** A constant is written; a copy of an answer needs no step, for both names mean that answer. */
function setTo(
  context: Context,
  node: ExportNode,
  action: Part,
  known: ReadonlyMap<string, string>,
  label: string,
  key = 'value',
): Body | null {
  const value = action.text(key) ?? '';
  const name = known.get(keyOf(label));
  const answer = context.answers.all.get(name ?? '');
  const uuid = action.text('uuid');
  const category = action.text('category') ?? '';
  if (answer && answerOf(value.trim(), context.answers.known) === answer.name) {
    context.ledger.changed(
      placeOf(context, node, null),
      [uuid],
      `${action.text('type') ?? ''} '${label}'`,
      `it is the answer '${answer.name}' itself, kept as long as declared there`,
      [value, category],
    );
    return null;
  }
  const typed = answer ? valueFor(answer.type, value) : null;
  if (!answer || typed === null || value.includes('@')) {
    const why =
      value === ''
        ? 'an answer is forgotten by itself when its time is over'
        : 'Lotse can only store fixed values without asking';
    context.ledger.lost(
      placeOf(context, node, null),
      [uuid],
      `${action.text('type') ?? ''} '${label}'`,
      why,
      [value, category],
    );
    return null;
  }
  if (category !== '' && category !== value)
    context.ledger.lost(
      placeOf(context, node, null),
      [uuid],
      `category of '${label}'`,
      'answers have no categories',
      [category],
    );
  return { kind: 'set', values: { [answer.name]: typed } };
}

/** A constant as an answer of a type holds it; null: it is none. */
export function valueFor(type: string, value: string): string | number | boolean | null {
  if (value.trim() === '') return null;
  if (type === 'number') return /^\s*-?\d{1,12}(\.\d{1,6})?\s*$/.test(value) ? Number(value) : null;
  if (type === 'date') return /^\d{4}-\d{2}-\d{2}$/.test(value.trim()) ? value.trim() : null;
  return type === 'text' || type === 'choice' || type === 'place' ? value : null;
}

/** Being in a group is an answer of this flow: yes or no. */
function grouped(context: Context, node: ExportNode, action: Part, member: boolean): Body | null {
  const groups = action.parts('groups');
  const names = groups.map((group) => group.text('name') ?? '');
  const uuids = groups.map((group) => group.text('uuid') ?? '');
  const answers = names.flatMap((name) => context.answers.group(name) ?? []);
  if (answers.length === 0) {
    lose(context, node, null, action, NO_GROUP);
    return null;
  }
  context.ledger.changed(
    placeOf(context, node, null),
    [action.text('uuid'), ...uuids],
    `groups ${names.join(', ')}`,
    `${NO_GROUP}; whether somebody is in it is an answer of this flow, which other flows do not see`,
    names,
  );
  return { kind: 'set', values: Object.fromEntries(answers.map(({ name }) => [name, member])) };
}

function entering(context: Context, node: ExportNode, action: Part, step: string): Body | null {
  const reference = action.part('flow');
  const id = context.flowId(reference);
  if (id === null) {
    const what = [
      reference?.text('uuid') ?? '',
      reference?.text('name') ?? '',
      reference?.text('expression') ?? '',
    ];
    context.ledger.lost(
      placeOf(context, node, null),
      [action.text('uuid')],
      'action enter_flow',
      'that flow is not in this file; export both together',
      what,
    );
    return null;
  }
  context.ledger.carried(
    action.text('uuid'),
    `call of ${reference?.text('name') ?? ''} (${reference?.text('uuid') ?? ''})`,
    `${context.id}/${step}`,
  );
  return action.flag('terminal') ? { kind: 'go', flow: id } : { kind: 'call', flow: id };
}

/** A language an action sets; null: it sets none, or not a fixed one. */
export function languageSet(action: Part): string | null {
  return action.text('type') === 'set_contact_language' ? action.text('language') : null;
}

/** The answer a router looks at; null: it looks at something else. */
export function answerAt(
  context: Context,
  operand: string,
): { readonly name: string; readonly part: string } | null {
  const found = operandOf(operand);
  if (!found) return null;
  const { results, fields, contact } = context.answers.known;
  const sort =
    found.root === 'results'
      ? results
      : found.root === 'fields'
        ? fields
        : found.root === 'contact'
          ? contact
          : null;
  const name = sort?.get(found.key);
  return name === undefined ? null : { name, part: found.part };
}
