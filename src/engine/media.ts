import type { Media } from './input.ts';

/** What a person sent, as the answer is kept: only its name, for files stay with the platform until somebody needs them. */
export function mediaName({ type, id, url }: Media): string {
  const known = Object.entries({ type, id, url }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${encodeURIComponent(value.replace(HALF, '\ufffd'))}`],
  );
  return known.join('&');
}

/** The same again, to fetch it by; null for anything else. */
export function mediaOf(name: string): Media | null {
  const fields = new Map(
    name.split('&').map((field): [string, string] => {
      const [key = '', value = ''] = field.split('=');
      return [key, decoded(value)];
    }),
  );
  const [type, id, url] = ['type', 'id', 'url'].map((key) => fields.get(key));
  if (type === undefined || type === '') return null;
  return { type, ...(id === undefined ? {} : { id }), ...(url === undefined ? {} : { url }) };
}

/** Half a letter, which cannot be encoded. */
const HALF = /\p{Surrogate}/gu;

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    // Nothing that `mediaName` wrote.
    return '';
  }
}
