import { fold } from '../engine/fold.ts';

export type Script = 'cyrillic' | 'arabic';

/**
 * Writes a name as it sounds, roughly, so that a German name and what a speaker of Ukrainian or Arabic makes of
 * it meet: letters that those languages do not tell apart are one, and Arabic has no vowels.
 * null: the script is another one.
 */
export function soundOf(text: string): { readonly script: Script; readonly sound: string } | null {
  if (/^[\p{Script=Cyrillic}\s\d'ʼ’-]+$/u.test(text))
    return { script: 'cyrillic', sound: smooth(spelled(fold(text), CYRILLIC)) };
  if (/^[\p{Script=Arabic}\s\d]+$/u.test(text))
    return { script: 'arabic', sound: consonants(spelled(fold(text), ARABIC)) };
  return null;
}

/** How a name in Latin letters sounds to readers of a script. */
export function latinSound(name: string, script: Script): string {
  const plain = fold(name.toLowerCase().replaceAll('ö', 'e').replaceAll('ä', 'e'));
  const sound = smooth(LATIN.reduce((text, [written, heard]) => text.replaceAll(written, heard), plain));
  return script === 'arabic' ? consonants(sound) : sound;
}

const spelled = (text: string, letters: ReadonlyMap<string, string>): string =>
  Array.from(text, (letter) => letters.get(letter) ?? letter).join('');

/** German spelling, the longest groups first. */
const LATIN: readonly (readonly [string, string])[] = [
  ['sch', 's'], ['chs', 'ks'], ['ch', 'g'], ['ck', 'k'], ['tz', 's'], ['ts', 's'], ['ph', 'f'], ['th', 't'],
  ['dt', 't'], ['qu', 'kf'], ['x', 'ks'], ['eu', 'oi'], ['ei', 'ai'], ['ey', 'ai'], ['ay', 'ai'], ['ie', 'i'],
  ['z', 's'], ['c', 'k'], ['v', 'f'], ['w', 'f'], ['y', 'i'], ['j', 'i'],
]; // prettier-ignore

const pairs = (list: string): ReadonlyMap<string, string> =>
  new Map(
    list.split(' ').map((pair): [string, string] => {
      const [letter = '', heard = ''] = pair.split('=');
      return [letter, heard];
    }),
  );

const CYRILLIC = pairs(
  'а=a б=b в=f г=g ґ=g д=d е=e є=e ж=s з=s и=i і=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=g ц=s ч=s ш=s щ=s ь= ъ= ы=i э=e ю=u я=a',
);
const ARABIC = pairs(
  'ا=a ب=b پ=b ت=t ث=t ج=g چ=s ح= خ=g د=d ذ=d ر=r ز=s ژ=s س=s ش=s ص=s ض=d ط=t ظ=d ع= غ=g ف=f ڤ=f ق=k ك=k گ=g ل=l م=m ن=n ه= و=u ي=i ء=',
);

/** Lengthening h, double letters, and what is left of diphthongs. */
function smooth(sound: string): string {
  return sound
    .replace(/(?<=[aeiou])h(?=[^aeiou]|$)/gu, '')
    .replaceAll('h', 'g')
    .replaceAll('ei', 'ai')
    .replaceAll('oi', 'ai')
    .replaceAll('ts', 's')
    .replace(/(.)\1+/gu, '$1');
}

/** Arabic writes neither short vowels nor e and o; g and k, b and p, ts and s are exchanged. */
function consonants(sound: string): string {
  return sound
    .replace(/^[aeiou]+/u, 'A')
    .replace(/[aeiou]/gu, '')
    .replaceAll('ts', 's')
    .replaceAll('k', 'g')
    .replaceAll('p', 'b')
    .replace(/ss+|gg+|bb+|(.)\1+/gu, (run) => run.charAt(0));
}
