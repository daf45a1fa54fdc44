/** Marks that turn the direction of what follows, left open by a text, would turn everything after it. */
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** What XML 1.0 cannot hold, and line breaks, which labels make themselves. */
const UNSEEN = /[\p{Cc}\p{Surrogate}\p{Zl}\p{Zp}\ufffe\uffff\s]+/gu;

/** First strong letter of a script written from right to left. */
const RIGHT_TO_LEFT =
  /^\P{L}*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** One line of plain words: without line breaks, control characters and the stars of bold words. */
export function plain(text: string): string {
  return text
    .replace(/\*([^*\n]+)\*/gu, '$1')
    .replace(TURNS, '')
    .replace(UNSEEN, ' ')
    .trim();
}

/** At most `max` characters of it, cut between words where there are any. */
export function shortened(text: string, max: number): string {
  const line = plain(text);
  const letters = [...graphemes.segment(line)];
  const cut = letters[max - 1];
  if (letters.length <= max || !cut) return line;
  const head = line.slice(0, cut.index);
  const space = head.lastIndexOf(' ');
  return `${(space > max / 2 ? head.slice(0, space) : head).trimEnd()}…`;
}

/**
 * The text in lines of about `width` characters; longer words are broken. Lines of a text that reads from right to
 * left are isolated as such, so that their punctuation stands where it belongs whatever surrounds them.
 */
export function lines(text: string, width: number): string[] {
  const found: string[] = [];
  let line = '';
  for (const word of plain(text)
    .split(' ')
    .flatMap((long) => pieces(long, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && length(longer) > width) {
      found.push(line);
      line = word;
    } else line = longer;
  }
  if (line !== '') found.push(line);
  return RIGHT_TO_LEFT.test(text) ? found.map((one) => `\u2067${one}\u2069`) : found;
}

function length(text: string): number {
  return [...graphemes.segment(text)].length;
}

function pieces(word: string, width: number): string[] {
  const letters = [...graphemes.segment(word)].map(({ segment }) => segment);
  return Array.from({ length: Math.ceil(letters.length / width) }, (_, index) =>
    letters.slice(index * width, (index + 1) * width).join(''),
  );
}
