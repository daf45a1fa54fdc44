/** One thing of an export that is not in the flows, or not as it was. */
export interface Entry {
  /** `lost`: it is in no flow; `changed`: it is there, but somebody should look at it. */
  readonly kind: 'lost' | 'changed';
  /** The flow's name in the export; null: it belongs to none. */
  readonly flow: string | null;
  /** The node it stands in; null: in none. */
  readonly node: string | null;
  /** The `uuid`s this is about, from the inside out. */
  readonly uuids: readonly string[];
  readonly what: string;
  readonly why: string;
  /** `flow/step` where it is, or where it would have been; null: nowhere. */
  at: string | null;
  /** The texts and values it holds, word for word. */
  readonly content: readonly string[];
}

/** One thing of an export that became something in a flow. */
export interface Carried {
  readonly uuid: string;
  readonly what: string;
  readonly at: string;
}

/** Where one entry stands. */
export type Place = Pick<Entry, 'flow' | 'node' | 'at'>;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Keeps account of everything an export holds: what became of it, and what did not. */
export class Ledger {
  readonly entries: Entry[] = [];
  readonly carriedOver: Carried[] = [];
  readonly #known = new Set<string>();

  /** Whether a `uuid` is accounted for. */
  knows(uuid: string): boolean {
    return this.#known.has(uuid);
  }

  carried(uuid: string | null, what: string, at: string): void {
    if (uuid === null) return;
    this.#known.add(uuid);
    this.carriedOver.push({ uuid, what, at });
  }

  lost(
    place: Place,
    uuids: readonly (string | null)[],
    what: string,
    why: string,
    content: readonly string[] = [],
  ): void {
    this.#add('lost', place, uuids, what, why, content);
  }

  changed(
    place: Place,
    uuids: readonly (string | null)[],
    what: string,
    why: string,
    content: readonly string[] = [],
  ): void {
    this.#add('changed', place, uuids, what, why, content);
  }

  /** Fills in where things would have been that became nothing, once that is known. */
  settle(from: number, at: (node: string) => string): void {
    for (const entry of this.entries.slice(from)) if (entry.node !== null) entry.at ??= at(entry.node);
  }

  #add(
    kind: Entry['kind'],
    place: Place,
    uuids: readonly (string | null)[],
    what: string,
    why: string,
    content: readonly string[],
  ): void {
    const known = uuids.filter((uuid) => uuid !== null);
    for (const uuid of known) this.#known.add(uuid);
    for (const [uuid] of content.join(' ').matchAll(UUID)) this.#known.add(uuid);
    const said = content.filter((text) => text.trim() !== '');
    this.entries.push({ kind, ...place, uuids: known, what, why, content: said });
  }
}
