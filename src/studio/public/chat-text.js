/**
 * Turns what was said into nodes: *bold*, _italic_, ~struck~ and `code` as WhatsApp shows them, and links for
 * addresses and phone numbers. Only text nodes and elements made here: nothing said is ever read as HTML.
 */
const MARKS = { '*': 'strong', _: 'em', '~': 's', '`': 'code' };
const MARKED = /(?<![\p{L}\p{N}*_~`])([*_~`])(?=\S)([^\n]*?\S)\1(?![\p{L}\p{N}*_~`])/u;

const GAP = '[ \\u00a0\\u202f()/\\u2010-\\u2013-]{0,3}';
const LINKED = new RegExp(
  [
    '(?<web>(?:https?://|www\\.)[^\\s<>"]+)',
    '(?<mail>[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+)',
    // +49 821 324-0, 0800 1110111, (0821) 324-0; never a date, a price or a postcode
    `(?<phone>(?<![\\p{L}\\p{N}+.,/-])(?:\\+\\d|0\\d\\d|\\(0\\d{2,5}\\))(?:${GAP}\\d){4,14}(?![\\p{L}\\p{N}]))`,
    // Europe's short numbers
    '(?<short>(?<![\\p{L}\\p{N}+.,/:-])(?:11[025]|116[ \\u00a0]?\\d{3})(?![\\p{L}\\p{N}]|[.,:/-]\\d|\\s?(?:€|%|Euro|EUR|km|m²)))',
  ].join('|'),
  'giu',
);
/** Stands for a link while the marks around it are read. */
const LINK = '\ufffc';

/** Closing punctuation belongs to the sentence, except a bracket that the address itself opened. */
function trimAddress(found) {
  let address = found;
  while (/[.,;:!?)\]}»“”"'،؛؟۔…*_~`]$/u.test(address)) {
    if (address.endsWith(')') && address.split('(').length >= address.split(')').length) break;
    address = address.slice(0, -1);
  }
  return address;
}

function hrefOf({ web, mail }, shown) {
  if (web) return shown.toLowerCase().startsWith('www.') ? `https://${shown}` : shown;
  if (mail) return `mailto:${shown}`;
  return `tel:${shown.replace('(0)', '').replace(/[^\d+]/g, '')}`;
}

function linkNode(found, groups) {
  const shown = groups.web ? trimAddress(found) : found;
  const link = document.createElement('a');
  link.href = hrefOf(groups, shown);
  link.textContent = shown;
  // A number keeps its order inside a right-to-left sentence.
  link.dir = 'ltr';
  if (groups.web) Object.assign(link, { target: '_blank', rel: 'noopener noreferrer' });
  return { link, length: shown.length };
}

/** The text with its links taken out, and the links in order. */
function takeLinks(text) {
  const links = [];
  let rest = '';
  let from = 0;
  for (const match of text.matchAll(LINKED)) {
    const { link, length } = linkNode(match[0], match.groups);
    rest += text.slice(from, match.index) + LINK;
    from = match.index + length;
    links.push(link);
  }
  return { rest: rest + text.slice(from), links };
}

function appendPlain(parent, text, links) {
  text.split(LINK).forEach((piece, index) => {
    if (index > 0) parent.append(links.shift());
    if (piece) parent.append(piece);
  });
}

function appendMarked(parent, text, links) {
  let rest = text;
  for (let match = MARKED.exec(rest); match; match = MARKED.exec(rest)) {
    appendPlain(parent, rest.slice(0, match.index), links);
    const element = document.createElement(MARKS[match[1]]);
    appendMarked(element, match[2], links);
    parent.append(element);
    rest = rest.slice(match.index + match[0].length);
  }
  appendPlain(parent, rest, links);
}

/** Writes `text` into `parent`; `marks`: whether * _ ~ ` mean something, as on WhatsApp. */
export function writeText(parent, text, marks) {
  const { rest, links } = takeLinks(text.replaceAll(LINK, ''));
  (marks ? appendMarked : appendPlain)(parent, rest, links);
}
