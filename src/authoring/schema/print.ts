/** Wider lines are broken, as Prettier does. Characters. */
const WIDTH_MAX = 110;

/** JSON as Prettier writes it, so that a generated file needs no exception: short lists stay on one line. */
export function printJson(value: unknown): string {
  return `${print(value, '', 0)}\n`;
}

/** `taken`: characters of the line before and after the value. */
function print(value: unknown, indent: string, taken: number): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const flat = value.map((item: unknown) => print(item, inner, 0));
    const line = `[${flat.join(', ')}]`;
    if (!line.includes('\n') && taken + line.length <= WIDTH_MAX) return line;
    const items = value.map((item: unknown) => `${inner}${print(item, inner, inner.length + 1)}`);
    return `[\n${items.join(',\n')}\n${indent}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]: [string, unknown]) => {
    const name = `${inner}${JSON.stringify(key)}: `;
    return name + print(item, inner, name.length + 1);
  });
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
