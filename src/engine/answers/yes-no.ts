import { fold } from '../fold.ts';

const YES = /^[\s\p{Cf}\ufe0f]*(?:[👍👌🆗✅✔☑][\u{1f3fb}-\u{1f3ff}\ufe0f]*\s*)+$/u;
const NO = /^[\s\p{Cf}\ufe0f]*(?:[👎❌✖🚫⛔][\u{1f3fb}-\u{1f3ff}\ufe0f]*\s*)+$/u;

/** What people add out of courtesy, or for force; it is never yes or no by itself. */
const AROUND: readonly string[] = [
  ...['bitte', 'bitte sehr', 'danke', 'gerne', 'gern', 'sehr', 'natürlich', 'doch', 'klar', 'leider'],
  ...['please', 'thanks', 'thank you', 'of course', 'sure', 'sorry', 'sir', 'madam'],
  ...['من فضلك', 'لو سمحت', 'شكرا', 'طبعا', 'أكيد', 'للأسف', 'والله'],
  ...['будь ласка', 'дякую', 'звісно', 'звичайно', 'пожалуйста', 'спасибо', 'конечно', 'на жаль'],
].map(fold);

/**
 * Yes or no: a word of any loaded language (`words`: folded), with or without courtesies, or a sign.
 * null: neither, or both.
 */
export function readYesNo(
  text: string,
  words: { readonly yes: ReadonlySet<string>; readonly no: ReadonlySet<string> },
): boolean | null {
  if (YES.test(text)) return true;
  if (NO.test(text)) return false;
  const typed = fold(text);
  const plain = bare(typed);
  if (words.yes.has(typed) || words.yes.has(plain)) return true;
  return words.no.has(typed) || words.no.has(plain) ? false : null;
}

function bare(typed: string): string {
  let padded = ` ${typed.replaceAll(' ', '  ')} `;
  for (const word of AROUND) padded = padded.replaceAll(` ${word.replaceAll(' ', '  ')} `, ' ');
  const words = padded.trim().split(/\s+/u);
  // «نعم نعم», «no no no»
  return [...new Set(words)].join(' ');
}
