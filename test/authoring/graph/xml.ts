/**
 * Why a text is no well-formed XML 1.0, as far as SVG needs it; null: it is. Strict on purpose: one element,
 * balanced tags, quoted attributes that stand once, known references, no sign that XML forbids.
 */
export function xmlFault(text: string): string | null {
  const forbidden = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.exec(text);
  if (forbidden) return `forbidden sign at ${String(forbidden.index)}`;
  const open: string[] = [];
  let roots = 0;
  let rest = text;
  while (rest !== '') {
    const words = /^[^<]+/.exec(rest)?.[0] ?? '';
    if (words !== '') {
      const fault = textFault(words, open.length === 0);
      if (fault !== null) return fault;
      rest = rest.slice(words.length);
      continue;
    }
    const comment = /^<!--(?:(?!--)[^])*-->/.exec(rest)?.[0];
    const tag = /^<(\/?)([A-Za-z][\w:-]*)((?:\s+[A-Za-z][\w:-]*="[^"<]*")*)\s*(\/?)>/.exec(rest);
    if (comment === undefined && !tag) return `no tag: ${rest.slice(0, 60)}`;
    rest = rest.slice((comment ?? tag?.[0] ?? '').length);
    if (!tag) continue;
    const [, closing, name = '', attributes = '', empty] = tag;
    if (closing === '/') {
      if (open.pop() !== name) return `</${name}> closes nothing`;
      continue;
    }
    const names = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)];
    if (new Set(names.map(([, key]) => key)).size !== names.length) return `an attribute twice in <${name}>`;
    for (const [, , value = ''] of names) {
      const fault = textFault(value, false);
      if (fault !== null) return fault;
    }
    if (open.length === 0) roots += 1;
    if (empty !== '/') open.push(name);
  }
  if (open.length > 0) return `<${String(open.at(-1))}> is not closed`;
  return roots === 1 ? null : `${String(roots)} elements instead of one`;
}

function textFault(text: string, outside: boolean): string | null {
  if (outside) return text.trim() === '' ? null : `text outside: ${text.slice(0, 60)}`;
  if (text.includes(']]>')) return 'the end of a section that never began';
  const left = text.replace(/&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\dA-Fa-f]{1,6});/g, '');
  return left.includes('&') ? `a bare &: ${text.slice(0, 60)}` : null;
}
