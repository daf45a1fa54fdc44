/**
 * Makes what people type comparable with what authors wrote: case, accents, Arabic and Persian letter
 * variants, invisible joiners, punctuation and emoji are folded away; words are parted by single spaces.
 */
export function fold(text: string): string {
  return latinDigits(text)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff]/gu, '')
    .replace(/[ßأإآٱىیيئؤکەة]/gu, (letter) => LETTERS.get(letter) ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Letters that people exchange for one another; decomposition alone does not unite them. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['أ', 'ا'],
  ['إ', 'ا'],
  ['آ', 'ا'],
  ['ٱ', 'ا'],
  ['ى', 'ي'],
  ['ی', 'ي'],
  ['ئ', 'ي'],
  ['ؤ', 'و'],
  ['ک', 'ك'],
  ['ە', 'ه'],
  ['ة', 'ه'],
]);

/** Where each script's ten decimal digits begin (Unicode general category Nd, those in everyday use). */
const ZEROS = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20,
  0x1040, 0x17e0, 0x1810, 0xff10,
];

/** Writes every script's digits, and circled and keycap ones, as 0–9; the rest stays as it is. */
export function latinDigits(text: string): string {
  return text
    .replace(/\u{1f51f}/gu, '10')
    .replace(/([0-9])\ufe0f?\u20e3/gu, '$1')
    .replace(/[\u2460-\u2468]/gu, (circled) => String(circled.charCodeAt(0) - 0x2460 + 1))
    .replace(/\p{Nd}/gu, (digit) => {
      const code = digit.charCodeAt(0);
      const zero = ZEROS.find((start) => code >= start && code < start + 10);
      return zero === undefined ? digit : String(code - zero);
    });
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
