import type { Ledger } from './ledger.ts';
import type { Part } from './part.ts';
import type { Spoken } from './words.ts';

/** One way out of a node. */
export interface Exit {
  readonly uuid: string | null;
  /** Key of the node it leads to; null: the flow ends. */
  readonly to: string | null;
}

export interface Category {
  readonly uuid: string | null;
  readonly name: string;
  /** null: the export names an exit that is not there. */
  readonly exit: Exit | null;
}

/** One test of a switch, such as has_any_word("yes y"). */
export interface Case {
  readonly uuid: string | null;
  readonly type: string;
  readonly arguments: readonly string[];
  readonly category: Category;
}

export interface Router {
  readonly part: Part;
  /** `switch` or `random`; others are unknown. */
  readonly type: string;
  readonly operand: string;
  /** Whether it waits for the person; `hint`: for what (image, location …). */
  readonly wait: { readonly hint: string | null } | null;
  readonly timeout: { readonly seconds: number; readonly category: Category | null } | null;
  readonly resultName: string | null;
  readonly categories: readonly Category[];
  readonly cases: readonly Case[];
  /** For everything no case fits; null: the export names none. */
  readonly otherwise: Category | null;
}

export interface ExportNode {
  /** Its uuid, or something else that is its alone where that is missing or stands twice. */
  readonly key: string;
  readonly uuid: string | null;
  readonly part: Part;
  readonly actions: readonly Part[];
  readonly exits: readonly Exit[];
  readonly router: Router | null;
}

export interface ExportFlow {
  readonly part: Part;
  readonly uuid: string | null;
  readonly name: string;
  /** Of the texts as written, as a tag. */
  readonly language: string;
  /** Tag -> uuid -> key -> texts. */
  readonly translations: ReadonlyMap<string, Part>;
  readonly nodes: readonly ExportNode[];
  /** Words that start it. */
  readonly keywords: readonly string[];
}

/** A message to the person, and what can be tapped below it. */
export interface Told {
  readonly action: Part;
  readonly text: Spoken;
  readonly replies: readonly Reply[];
  /** Texts of it that nobody would see in Lotse. */
  readonly dropped: readonly string[];
}

export interface Reply {
  readonly label: Spoken;
  readonly detail: Spoken | null;
}

export interface Export {
  readonly platform: 'RapidPro' | 'Glific';
  readonly root: Part;
  readonly flows: readonly ExportFlow[];
  /** Key of a contact field -> its type (`text`, `number`, `datetime` …). */
  readonly fields: ReadonlyMap<string, string>;
  /** The flow where conversations begin, as far as the export says; by uuid. */
  readonly start: string | null;
  /** The message an action sends; null: it sends none. */
  told(flow: ExportFlow, action: Part): Told | null;
}

export type Opened =
  { readonly ok: true; readonly export: Export } | { readonly ok: false; readonly message: string };

export interface OpenOptions {
  /** The language of texts whose language the export does not tell. */
  readonly language: string;
  readonly ledger: Ledger;
}

/** The translations of one property (`text`, `name` …) of the thing with this uuid. */
export function translated(
  flow: ExportFlow,
  uuid: string | null,
  key: string,
): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  if (uuid === null) return found;
  for (const [tag, part] of flow.translations) {
    const texts = part.part(uuid)?.texts(key) ?? [];
    if (texts.length > 0) found.set(tag, texts);
  }
  return found;
}

/** One text of a thing with its translations. */
export function spoken(flow: ExportFlow, uuid: string | null, key: string, source: string): Spoken {
  const texts = [...translated(flow, uuid, key)].map(([tag, all]): [string, string] => [tag, all.join('\n')]);
  return { source, translations: new Map(texts) };
}
