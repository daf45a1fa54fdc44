import { expressions } from './expression.ts';
import type { Known } from './answers.ts';

/** A text as a flow and its translations will hold it. */
export class Words {
  readonly source: string;
  /** Language tag -> translation. */
  readonly translations: ReadonlyMap<string, string>;

  constructor(source: string, translations: ReadonlyMap<string, string> = new Map()) {
    this.source = source;
    this.translations = translations;
  }

  /** The texts of both, the second below the first; a language only one of them has is not lost. */
  below(other: Words): Words {
    const join = (first: string, second: string): string =>
      [first, second].filter((text) => text !== '').join('\n');
    const tags = new Set([...this.translations.keys(), ...other.translations.keys()]);
    const both = [...tags].map((tag): [string, string] => [
      tag,
      join(this.translations.get(tag) ?? this.source, other.translations.get(tag) ?? other.source),
    ]);
    return new Words(join(this.source, other.source), new Map(both));
  }
}

/** A text of an export in all its languages, expressions still in it. */
export interface Spoken {
  readonly source: string;
  readonly translations: ReadonlyMap<string, string>;
}

/**
 * Turns a text of an export into one of Lotse's: expressions become placeholders where an answer stands behind
 * them, and what no file could hold is left out. `strange`: the expressions that nothing stands behind.
 */
export function wordsOf(
  spoken: Spoken,
  known: Known,
): { readonly words: Words; readonly strange: readonly string[] } {
  const strange = new Set<string>();
  const turn = (text: string): string => {
    const found = expressions(clean(text), known);
    for (const one of found.strange) strange.add(one);
    return found.text.trim();
  };
  const source = turn(spoken.source);
  const translations = new Map(
    [...spoken.translations]
      .map(([tag, text]): [string, string] => [tag, turn(text)])
      .filter(([, text]) => text !== '' && source !== ''),
  );
  return { words: new Words(source, translations), strange: [...strange] };
}

/** Without what YAML or PO cannot hold: control characters and halves of letters; line ends as \n. */
export function clean(text: string): string {
  return text
    .replace(/\r\n?|\u2028|\u2029|\u0085/gu, '\n')
    .replace(/[^\P{Cc}\n\t]|\p{Cs}|\ufeff|[\ufffe\uffff]/gu, '')
    .trim();
}
