import fc from 'fast-check';

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1e400,
    1e308,
    '',
    ' ',
    '0',
    [],
    {},
    [[]],
    [null],
    '\u0000',
    '\ud800',
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** The body with one to four of its values replaced, removed, doubled or renamed at random places. */
export function mutated(body: unknown): fc.Arbitrary<unknown> {
  const change = fc.record({
    place: fc.nat(),
    how: fc.constantFrom('replace', 'remove', 'wrap', 'rename'),
    value: odd,
    key: fc.constantFrom('__proto__', 'constructor', 'type', 'id', 'message', 'is_echo', 'group_id', 'x'),
  });
  return fc
    .array(change, { minLength: 1, maxLength: 4 })
    .map((changes) => changes.reduce((before, { place, ...how }) => changeAt(before, place, how), body));
}

/** The bytes of a text with one to six of them changed. */
export function flipped(text: string): fc.Arbitrary<Buffer> {
  const bytes = Buffer.from(text);
  return fc
    .array(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 })
    .map((flips) => {
      const copy = Buffer.from(bytes);
      for (const [at, byte] of flips) copy[at] = byte;
      return copy;
    });
}

/** Undefined for what is not JSON. */
export function anyJson(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed;
  } catch {
    return undefined;
  }
}

interface Change {
  readonly how: string;
  readonly value: unknown;
  readonly key: string;
}

/** Changes the value at a place, counted through the tree from its root. */
function changeAt(body: unknown, place: number, change: Change): unknown {
  let left = place % size(body);
  const visit = (value: unknown): unknown => {
    if (left-- === 0) return changed(value, change);
    if (Array.isArray(value)) return value.map(visit).filter((inner) => inner !== REMOVED);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, inner]) => {
      const isHere = left === 0 && change.how === 'rename';
      return [isHere ? change.key : key, visit(inner)] as const;
    });
    return Object.fromEntries(entries.filter(([, inner]) => inner !== REMOVED));
  };
  const result = visit(body);
  return result === REMOVED ? null : result;
}

const REMOVED = Symbol('removed');

function changed(value: unknown, { how, value: other }: Change): unknown {
  switch (how) {
    case 'replace':
      return other;
    case 'remove':
      return REMOVED;
    case 'wrap':
      return [value, value];
    default:
      return value;
  }
}

function size(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, inner) => sum + size(inner), 1);
}
