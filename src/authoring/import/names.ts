import { NAME } from '../../engine/jump.ts';
import { isLanguageTag } from '../language-tag.ts';

/** A text as a name of flows, steps, options and answers: small Latin letters, digits and _; '' where none is left. */
export function slug(text: string, max = 40): string {
  const plain = text
    .slice(0, 500)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/ß/gu, 'ss')
    .replace(/[^a-z0-9]+/gu, '_')
    .replace(/^_+/u, '');
  const begun = /^[0-9]/.test(plain) ? `n${plain}` : plain;
  return begun.slice(0, max).replace(/_+$/, '');
}

/** The first words of a text as a name, for a step that has nothing better. */
export function shortSlug(text: string): string {
  const words = slug(text.replace(/@\([^)]*\)?|@[\w.]+|<%.*?%>|\{\{.*?\}\}/gu, ' '), 200).split('_');
  let name = '';
  for (const word of words.slice(0, 4))
    if (`${name}_${word}`.length <= 25) name = name === '' ? word : `${name}_${word}`;
  return name;
}

/** Gives out names, each only once. */
export class Names {
  readonly #used = new Set<string>();
  /** base -> the number given last, so that thousands of equal names cost no search */
  readonly #last = new Map<string, number>();
  readonly #separator: string;

  constructor(taken: readonly string[] = [], separator = '_') {
    for (const name of taken) this.#used.add(name);
    this.#separator = separator;
  }

  /** The wanted name, or the first one after it that is free: menu, menu_2, menu_3. */
  give(wanted: string, otherwise: string): string {
    const usable = wanted !== '' && NAME.test(wanted.replaceAll('-', '_')) ? wanted : otherwise;
    const base = usable.slice(0, 33).replace(/[_-]+$/, '');
    let name = usable;
    while (this.#used.has(name)) {
      const number = (this.#last.get(base) ?? 1) + 1;
      this.#last.set(base, number);
      name = `${base}${this.#separator}${String(number)}`;
    }
    this.#used.add(name);
    return name;
  }

  /** Takes a name back that was not needed. */
  release(name: string): void {
    this.#used.delete(name);
  }
}

/** A language code of an export (`eng`, `hi`, `en_US`, `prs`) as Lotse names languages (en, hi, en, fa-AF); null: it names none. */
export function languageTag(code: string | null): string | null {
  const plain = (code ?? '').trim().replaceAll('_', '-');
  if (!/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(plain) || NO_LANGUAGE.has(plain.toLowerCase())) return null;
  try {
    const tag = new Intl.Locale(plain).minimize().toString();
    return isLanguageTag(tag) ? tag : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** ISO 639-3: undetermined, several, no language at all, uncoded. */
const NO_LANGUAGE: ReadonlySet<string> = new Set(['und', 'mul', 'zxx', 'mis']);
