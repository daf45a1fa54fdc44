import type { Known } from './answers.ts';

/** Shown where RapidPro would have put something that Lotse does not know. */
const GAP = '…';

/** What may stand behind an @ in RapidPro and Glific; any other @ is part of the text. */
const ROOTS =
  'contact|fields|child|parent|results|run|trigger|input|globals|global|urns|webhook|node|ticket|resume|legacy_extra|locals|flow|organization|calendar';
const REFERENCE = new RegExp(`^(?:${ROOTS})(?:\\.[A-Za-z0-9_]+)*`, 'i');

/** Replaces `@results.age` by `{{age}}` and the like; what nothing is known about by a gap. */
export function expressions(
  text: string,
  known: Known,
): { readonly text: string; readonly strange: readonly string[] } {
  const strange: string[] = [];
  let out = '';
  const gap = (source: string): void => {
    strange.push(source);
    out += GAP;
  };
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at, at + REFERENCE_MAX);
    if (rest.startsWith('@@')) {
      out += '@';
      at += 2;
      continue;
    }
    const source =
      rest.startsWith('@(') || rest.startsWith('<%') || rest.startsWith('{{')
        ? bracketed(text, at)
        : reference(rest);
    if (source === null) {
      out += text.charAt(at);
      at += 1;
      continue;
    }
    const answer = answerOf(source, known);
    if (answer === null) gap(source);
    // A brace of the text's own before it would be read as part of the placeholder.
    else out += `${out.endsWith('{') ? ' ' : ''}{{${answer}}}`;
    at += source.length;
  }
  return { text: out, strange };
}

/** Longer references are none. Characters. */
const REFERENCE_MAX = 300;

/** The answer an expression stands for: `@results.age`, `@(results.age.value)`, `@contact.fields.age`; null: none. */
export function answerOf(source: string, known: Known): string | null {
  const path = pathOf(source);
  if (path === null) return null;
  const [root = '', ...keys] =
    path[0] === 'run' || (path[0] === 'contact' && path[1] === 'fields') ? path.slice(1) : path;
  const [key = '', ...more] = keys;
  const plain = more.length === 0 || (more.length === 1 && VALUES.has(more[0] ?? ''));
  if (!plain) return null;
  if (root === 'results' || root === 'flow') return known.results.get(key) ?? null;
  if (root === 'fields') return known.fields.get(key) ?? null;
  return root === 'contact' ? (known.contact.get(key) ?? null) : null;
}

const VALUES: ReadonlySet<string> = new Set(['value', 'input', 'category', 'text', 'label']);

/** `@results.age.value` as results, age, value; null: it is no plain reference. */
export function pathOf(source: string): string[] | null {
  const inner = /^@\(\s*([A-Za-z0-9_.]+)\s*\)$/.exec(source)?.[1] ?? /^@([A-Za-z0-9_.]+)$/.exec(source)?.[1];
  return inner === undefined ? null : inner.toLowerCase().split('.');
}

function reference(rest: string): string | null {
  if (!rest.startsWith('@')) return null;
  const found = REFERENCE.exec(rest.slice(1));
  return found ? `@${found[0]}` : null;
}

const CLOSING: Readonly<Record<string, string>> = { '<%': '%>', '{{': '}}' };

/** From an opening bracket to the one that closes it, texts in quotes skipped; to the end where none does. */
function bracketed(text: string, at: number): string {
  const closing = CLOSING[text.slice(at, at + 2)];
  if (closing !== undefined) {
    const end = text.indexOf(closing, at + 2);
    return end < 0 ? text.slice(at, at + 2) : text.slice(at, end + 2);
  }
  let depth = 0;
  let quoted = false;
  for (let index = at + 1; index < text.length; index += 1) {
    const letter = text.charAt(index);
    if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === '(') depth += 1;
    else if (!quoted && letter === ')') depth -= 1;
    if (depth === 0) return text.slice(at, index + 1);
  }
  return text.slice(at, at + 2);
}
