import { latinDigits } from '../engine/fold.ts';

const ADDRESS =
  /[^\s@<>()[\]{},;:"'«».][^\s@<>()[\]{},;:"'«»]{0,63}@[\p{L}\p{N}][^\s@<>()[\]{},;:"'«»]{0,180}\.[\p{L}\p{N}][^\s@<>()[\]{},;:"'«».\d]{1,23}/gu;

/** The one e-mail address in a text, without what people and programs put around it. null: none, or several. */
export function readEmail(text: string): string | null {
  const plain = latinDigits(text.slice(0, 400))
    .replace(/\p{Cf}/gu, '')
    .replace(/\s*(?:@|[([]\s*(?:at|ät)\s*[)\]])\s*/giu, '@')
    .replace(/mailto:/giu, ' ');
  const found = new Set([...plain.matchAll(ADDRESS)].map(([address]) => address));
  const [only, ...others] = found;
  if (only === undefined || others.length > 0 || only.includes('..')) return null;
  // A second @ means that what was found is only a piece of something else.
  return plain.split('@').length > 2 ? null : only;
}
