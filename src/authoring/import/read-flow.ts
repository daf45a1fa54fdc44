import type { Category, Exit, ExportFlow, ExportNode, OpenOptions, Router } from './export.ts';
import { languageTag } from './names.ts';
import type { Part } from './part.ts';

/** Reads a flow definition as RapidPro and Glific write it; what is not as it should be stays in the part, to be told. */
export function readFlow(part: Part, keywords: readonly string[], options: OpenOptions): ExportFlow {
  const uuid = part.text('uuid');
  const name = part.text('name') ?? '';
  const code = part.text('language');
  const tag = languageTag(code);
  const language = tag ?? options.language;
  const place = { flow: name, node: null, at: null };
  if (tag === null)
    options.ledger.changed(
      place,
      [uuid],
      'language',
      `the export does not say in which language the texts are, only '${code ?? ''}'; they were taken to be in ${language}: import again with --language if that is wrong`,
    );
  if (uuid !== null) part.text('uuid');
  return {
    part,
    uuid,
    name,
    language,
    translations: readTranslations(part, name, language, options),
    nodes: readNodes(part),
    keywords,
  };
}

function readTranslations(
  part: Part,
  name: string,
  language: string,
  { ledger }: OpenOptions,
): Map<string, Part> {
  const found = new Map<string, Part>();
  const all = part.part('localization');
  for (const code of all?.keys() ?? []) {
    const inner = all?.part(code);
    if (!inner) continue;
    const tag = languageTag(code);
    // What is not taken here is told in the end, with every text.
    if (tag !== null && tag !== language && !found.has(tag)) found.set(tag, inner);
    else
      ledger.lost(
        { flow: name, node: null, at: null },
        [],
        `translations '${code}'`,
        tag === null
          ? 'this is no language code'
          : `${tag} is there already, as the language of the flow or of other translations`,
      );
  }
  return found;
}

function readNodes(flow: Part): ExportNode[] {
  const seen = new Set<string>();
  const parts = flow.parts('nodes');
  const keys = parts.map((part, index) => {
    const uuid = part.text('uuid') ?? '';
    const key = uuid === '' || seen.has(uuid) ? `${uuid}#${String(index)}` : uuid;
    seen.add(key);
    return key;
  });
  return parts.map((part, index) => {
    const exits = part.parts('exits').map((exit): Exit => {
      const to = exit.text('destination_uuid');
      return { uuid: exit.text('uuid'), to: to === '' ? null : to };
    });
    const router = part.part('router');
    return {
      key: keys[index] ?? '',
      uuid: part.text('uuid'),
      part,
      actions: part.parts('actions'),
      exits,
      router: router && readRouter(router, exits),
    };
  });
}

function readRouter(part: Part, exits: readonly Exit[]): Router {
  const byExit = firstOf(exits);
  const categories = part.parts('categories').map((one): Category => ({
    uuid: one.text('uuid'),
    name: one.text('name') ?? '',
    exit: byExit.get(one.text('exit_uuid') ?? '') ?? null,
  }));
  const byCategory = firstOf(categories);
  const wait = part.part('wait');
  const timeout = wait?.part('timeout');
  const hint = wait?.part('hint');
  wait?.text('type');
  return {
    part,
    type: part.text('type') ?? '',
    operand: part.text('operand') ?? '',
    wait: wait ? { hint: hint?.text('type') ?? null } : null,
    timeout: timeout
      ? {
          seconds: timeout.number('seconds') ?? 0,
          category: byCategory.get(timeout.text('category_uuid') ?? '') ?? null,
        }
      : null,
    resultName: part.text('result_name'),
    categories,
    cases: part.parts('cases').flatMap((one) => {
      const category = byCategory.get(one.text('category_uuid') ?? '');
      // A test that leads nowhere stays untaken, and is told.
      if (!category) return [];
      return [
        { uuid: one.text('uuid'), type: one.text('type') ?? '', arguments: one.texts('arguments'), category },
      ];
    }),
    otherwise: byCategory.get(part.text('default_category_uuid') ?? '') ?? null,
  };
}

/** By uuid; of those that stand twice the first. */
function firstOf<T extends { readonly uuid: string | null }>(all: readonly T[]): Map<string, T> {
  const found = new Map<string, T>();
  for (const one of all) if (one.uuid !== null && !found.has(one.uuid)) found.set(one.uuid, one);
  return found;
}
