import type { AnswerType } from '../../engine/answer.ts';
import { isTaken } from '../condition.ts';
import { Names, slug } from './names.ts';

export interface Answer {
  readonly name: string;
  type: AnswerType['type'];
  readonly purpose: string;
  readonly keep: string;
  readonly limits: { readonly min?: number; readonly max?: number };
  /** Of a choice: its options with the words that RapidPro would have stored for them. */
  readonly options: { readonly id: string; readonly forms: readonly string[] }[];
}

/** What the expressions of a flow may speak of: key in the export -> answer. */
export interface Known {
  readonly results: Map<string, string>;
  readonly fields: Map<string, string>;
  /** `name`, where a person was asked for it. */
  readonly contact: Map<string, string>;
}

/** The answers of one flow: what RapidPro calls results, contact fields and groups. */
export class Answers {
  readonly known: Known = { results: new Map(), fields: new Map(), contact: new Map() };
  readonly all = new Map<string, Answer>();
  readonly #names = new Names();
  readonly #platform: string;

  constructor(platform: string) {
    this.#platform = platform;
  }

  /** The answer for a result, field … of the export: the one it has, or a new one of this type. */
  declare(
    sort: 'result' | 'field' | 'group' | 'contact',
    label: string,
    type: AnswerType['type'],
    limits: Answer['limits'] = {},
  ): Answer {
    const key = keyOf(label);
    const known = this.#sort(sort);
    const before = this.all.get(known?.get(key) ?? '');
    if (before && (before.type === type || merges(before.type, type))) {
      if (before.type !== type) before.type = 'text';
      return before;
    }
    const answer: Answer = {
      name: this.#name(sort === 'group' ? `group_${slug(label)}` : slug(label)),
      type,
      purpose: `not said yet (${sort} '${label.trim()}' of ${this.#platform})`,
      keep: sort === 'result' ? 'conversation' : '30 days',
      limits,
      options: [],
    };
    this.all.set(answer.name, answer);
    if (!before) known?.set(key, answer.name);
    return answer;
  }

  /** The answer that a group became; null: nobody is put into it here. */
  group(label: string): Answer | null {
    return this.all.get(this.#groups.get(keyOf(label)) ?? '') ?? null;
  }

  readonly #groups = new Map<string, string>();

  #sort(sort: 'result' | 'field' | 'group' | 'contact'): Map<string, string> | null {
    switch (sort) {
      case 'result':
        return this.known.results;
      case 'field':
        return this.known.fields;
      case 'contact':
        return this.known.contact;
      case 'group':
        return this.#groups;
    }
  }

  #name(wanted: string): string {
    const name = this.#names.give(wanted, 'answer');
    return isTaken(name) ? this.#names.give(`${name.slice(0, 30)}_answer`, 'answer') : name;
  }
}

/** How RapidPro makes `@results.favorite_color` of «Favorite Color». */
export function keyOf(label: string): string {
  return label
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
}

/** Options are stored as texts, too, so both can share an answer. */
function merges(one: AnswerType['type'], other: AnswerType['type']): boolean {
  const texts: ReadonlySet<string> = new Set(['text', 'choice']);
  return texts.has(one) && texts.has(other);
}
