/** One value that nobody has taken out of an export. */
export interface Left {
  /** Its way from the root of the export: flows.0.nodes.2.actions.0.url */
  readonly path: string;
  /** The `uuid` of the nearest object around it; null: none has one. */
  readonly owner: string | null;
  readonly value: string;
}

/**
 * An object of somebody else's JSON that remembers what has been taken out of it, so that the rest can be told.
 * Whatever is not of the wanted type counts as not there, and stays to be told.
 */
export class Part {
  readonly path: string;
  readonly #data: Readonly<Record<string, unknown>>;
  readonly #owner: string | null;
  readonly #taken = new Set<string>();
  readonly #inner = new Map<string, Part>();

  constructor(data: unknown, path = '', owner: string | null = null) {
    this.#data = isRecord(data) ? data : {};
    this.path = path;
    const { uuid } = this.#data;
    this.#owner = typeof uuid === 'string' && uuid !== '' ? uuid : owner;
  }

  keys(): string[] {
    return Object.keys(this.#data);
  }

  text(key: string): string | null {
    const value = this.#own(key);
    if (typeof value !== 'string') return null;
    this.#taken.add(key);
    return value;
  }

  /** A number, or a text that is one. */
  number(key: string): number | null {
    const value = this.#own(key);
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) return null;
    this.#taken.add(key);
    return number;
  }

  flag(key: string): boolean {
    const value = this.#own(key);
    if (typeof value === 'boolean') this.#taken.add(key);
    return value === true;
  }

  /** An object in it; the same one every time. */
  part(key: string): Part | null {
    const value = this.#own(key);
    return isRecord(value) ? this.#child(key, value) : null;
  }

  /** The objects of a list in it. */
  parts(key: string): Part[] {
    const value = this.#own(key);
    if (!Array.isArray(value)) return [];
    return value.flatMap((one: unknown, index) =>
      isRecord(one) ? [this.#child(`${key}.${String(index)}`, one)] : [],
    );
  }

  /** The texts of a list in it; a list with anything else in it is none. */
  texts(key: string): string[] {
    const value = this.#own(key);
    if (!Array.isArray(value)) return [];
    const found = value.filter((one: unknown): one is string => typeof one === 'string');
    if (found.length !== value.length) return [];
    this.#taken.add(key);
    return found;
  }

  /** Takes a value with all in it. */
  take(key: string): void {
    this.#taken.add(key);
  }

  /** How many texts, numbers and switches stand below a key. */
  size(key: string): number {
    return leaves(this.#own(key), key, null).length;
  }

  /** Everything nobody has taken; empty values and switches that are off say nothing. */
  rest(): Left[] {
    return Object.entries(this.#data).flatMap(([key, value]) => {
      if (this.#taken.has(key) || key === 'uuid') return [];
      const inner = this.#inner.get(key);
      if (inner) return inner.rest();
      const path = this.#at(key);
      if (!Array.isArray(value)) return leaves(value, path, this.#owner);
      return value.flatMap(
        (one: unknown, index) =>
          this.#inner.get(`${key}.${String(index)}`)?.rest() ??
          leaves(one, `${path}.${String(index)}`, this.#owner),
      );
    });
  }

  #own(key: string): unknown {
    return Object.hasOwn(this.#data, key) ? this.#data[key] : undefined;
  }

  #at(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  #child(key: string, value: unknown): Part {
    const known = this.#inner.get(key);
    if (known) return known;
    const made = new Part(value, this.#at(key), this.#owner);
    this.#inner.set(key, made);
    return made;
  }
}

/** No export is nested deeper; more would exhaust the stack of whoever walks it. */
const DEPTH_MAX = 100;

/** Whether a value is nested deeper than any export. */
export function isTooDeep(root: unknown): boolean {
  const waiting: [unknown, number][] = [[root, 0]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [value, depth] = next;
    if (depth > DEPTH_MAX) return true;
    if (typeof value === 'object' && value !== null)
      for (const inner of Object.values(value)) waiting.push([inner, depth + 1]);
  }
  return false;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function leaves(value: unknown, path: string, owner: string | null): Left[] {
  if (typeof value === 'object' && value !== null) {
    const own = isRecord(value) && typeof value['uuid'] === 'string' ? value['uuid'] : owner;
    return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`, own));
  }
  const says = (typeof value === 'string' && value !== '') || typeof value === 'number' || value === true;
  return says ? [{ path, owner, value: String(value) }] : [];
}
