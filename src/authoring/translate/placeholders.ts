import { didYouMean } from '../finding.ts';

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** The names between {{ and }}, without their formats, each once. */
export function placeholdersOf(text: string): string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map(([, inner = '']) => nameOf(inner)))];
}

/** What a translation does to the placeholders of its source: each fault in a clause; none: it keeps them. */
export function placeholderFaults(source: string, translation: string): string[] {
  // Most texts have none, and there are many.
  if (!/[{}]/.test(source) && !/[{}]/.test(translation)) return [];
  const wanted = placeholdersOf(source);
  const given = placeholdersOf(translation);
  const shown = (name: string): string => `{{${name}}}`;
  const rest = translation.replace(PLACEHOLDER, '');
  const braces = /[{}]/.exec(rest);
  const isBroken = braces !== null && !/[{}]/.test(source.replace(PLACEHOLDER, ''));
  return [
    ...wanted
      .filter((name) => !given.includes(name))
      .map((name) => `lacks ${shown(name)}, which stands in the source`),
    ...given
      .filter((name) => !wanted.includes(name))
      .map((name) => `has ${shown(name)}, which does not stand in the source${didYouMean(name, wanted)}`),
    ...(isBroken
      ? [
          `has a brace that belongs to no placeholder near '${rest.slice(Math.max(0, braces.index - 10), braces.index + 15).trim()}'; write {{ and }} as in the source`,
        ]
      : []),
  ];
}

/** `when` of `when, date`. */
function nameOf(inner: string): string {
  return /^[\p{L}\p{N}_]+/u.exec(inner)?.[0] ?? inner;
}
