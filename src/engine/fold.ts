/**
 * Makes what people type comparable with what authors wrote: case, accents, Arabic and Persian letter
 * variants, invisible joiners, punctuation and emoji are folded away; words are parted by single spaces.
 */
export function fold(text: string): string {
  // The same message is compared with many things, one after another.
  if (text === last.text) return last.folded;
  const folded = ASCII.test(text) ? foldAscii(text) : foldAny(text);
  last = { text, folded };
  return folded;
}

let last = { text: '', folded: '' };

const ASCII = /^[\0-\x7f]*$/u;

/** The same for the letters that have no variants. */
function foldAscii(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, ' ')
    .trim();
}

function foldAny(text: string): string {
  return (
    latinDigits(text)
      // Halves of letters, which broken software sends, would become letters once what parts them is gone.
      .replace(/\p{Surrogate}/gu, ' ')
      .replace(CYRILLIC_APOSTROPHE, '')
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[\p{M}\p{Cf}\u0640]/gu, '')
      .replace(/[ßٱىیکەھہة]/gu, (letter) => LETTERS.get(letter) ?? letter)
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
  );
}

/** Inside a Ukrainian word it has many shapes, and people leave it out: здоров'я, здоров’я, здоровʼя, здоровя. */
const CYRILLIC_APOSTROPHE =
  /(?<=\p{Script=Cyrillic}[\p{M}\p{Cf}\u0640]*)['`´‘’ʼ′](?=[\p{M}\p{Cf}\u0640]*\p{Script=Cyrillic})/gu;

/** Letters that people exchange for one another; decomposition alone does not unite them. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['ٱ', 'ا'],
  ['ى', 'ي'],
  ['ی', 'ي'],
  ['ک', 'ك'],
  ['ە', 'ه'],
  ['ھ', 'ه'],
  ['ہ', 'ه'],
  ['ة', 'ه'],
]);

/** Writes every script's digits, and circled and keycap ones, as 0–9; the rest stays as it is. */
export function latinDigits(text: string): string {
  return text
    .replace(/\u{1f51f}/gu, '10')
    .replace(/[\u2460-\u2468]/gu, (circled) => String(circled.charCodeAt(0) - 0x2460 + 1))
    .replace(/[^\P{Nd}0-9]/gu, digitValue)
    .replace(/([0-9])(?:\ufe0f?\u20e3)+/gu, '$1');
}

/** Unicode keeps the ten digits of every script together and in order, so the run they stand in tells the value. */
function digitValue(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let before = code - 1;
  while (/\p{Nd}/u.test(String.fromCodePoint(before))) before -= 1;
  return String((code - before - 1) % 10);
}

/** The number of a menu line, where the whole message is one: «2», «٢», «2️⃣», «2.», «(2)»; else null. */
export function menuNumber(text: string): number | null {
  const found = /^[^\p{L}\p{N}]*(\d{1,2})[^\p{L}\p{N}]*$/u.exec(latinDigits(text));
  return found ? Number(found[1]) : null;
}

/** Splits a list of words as authors and translators write it: commas of several scripts, or line breaks. */
export function wordList(text: string): string[] {
  return text
    .split(/[,،、\n]/u)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
