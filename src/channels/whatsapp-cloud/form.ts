/** A WhatsApp flow's answers are flat; whatever is nested deeper was not filled in by a person. */
const DEPTH_MAX = 6;

/** The answers of a WhatsApp flow: a JSON *string* on the wire, which may be broken, absent or no object: then {}. */
export function formValues(responseJson: unknown): Record<string, unknown> {
  if (typeof responseJson !== 'string') return {};
  try {
    const values: unknown = JSON.parse(responseJson);
    return isRecord(values) ? shallow(values) : {};
  } catch {
    // Broken JSON is documented behaviour of the platform; the flow asks again.
    return {};
  }
}

function shallow(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => depth(value) < DEPTH_MAX));
}

function depth(value: unknown, level = 0): number {
  if (level >= DEPTH_MAX || typeof value !== 'object' || value === null) return level;
  return Object.values(value).reduce<number>(
    (deepest, inner) => Math.max(deepest, depth(inner, level + 1)),
    level + 1,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
