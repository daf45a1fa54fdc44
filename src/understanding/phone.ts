import { parsePhoneNumberFromString, validatePhoneNumberLength } from 'libphonenumber-js/min';
import { latinDigits } from '../engine/fold.ts';
import type { PhoneRead } from '../engine/understand.ts';

/** Where numbers without a country code are at home. */
const HOME = 'DE';
const TEXT_MAX = 100;

/**
 * The one phone number in a text, as people write them: any script's digits, brackets, slashes, `00` for `+`,
 * «+49 (0) 911 …». Without a country code it is taken for German.
 */
export function readPhone(text: string): PhoneRead {
  const plain = latinDigits(text)
    .replace(/\p{Cf}/gu, '')
    .replace(/^\s*tel:/iu, '')
    .replace(/\(\s*0\s*\)/gu, ' ')
    .replace(/[−–—]/gu, '-');
  if (text.length > TEXT_MAX) return { ok: false, why: 'none' };
  const [found, ...others] = [...plain.matchAll(/[+＋]?\d(?:[\s()/.-]*\d){3,}/gu)].map(
    ([written]) => written,
  );
  if (found === undefined) return { ok: false, why: /\d/.test(plain) ? 'short' : 'none' };
  if (others.length > 0) return { ok: false, why: 'none' };
  const number = international(found.replace(/[^\d+]/gu, ''));
  // Metadata of the small kind knows no least length for Germany, and digits without 0 or + are half a number.
  if (number.replace(/^(?:0|\+\d\d)/u, '').length < 6) return { ok: false, why: 'short' };
  if (!/^[+0]/u.test(number)) return { ok: false, why: number.length > 15 ? 'long' : 'none' };
  const length = validatePhoneNumberLength(number, HOME);
  if (length === 'TOO_SHORT' || length === 'TOO_LONG')
    return { ok: false, why: length === 'TOO_SHORT' ? 'short' : 'long' };
  const parsed = parsePhoneNumberFromString(number, HOME);
  return parsed?.isValid() === true ? { ok: true, value: parsed.number } : { ok: false, why: 'none' };
}

/** 0049; and, often seen, 49 without any mark, or a mobile number without its 0. */
function international(digits: string): string {
  const marked = digits.replace(/^00/u, '+');
  if (/^49\d{9,11}$/u.test(marked)) return `+${marked}`;
  return /^1[567]\d{8,9}$/u.test(marked) ? `0${marked}` : marked;
}

/** In groups, as people read numbers aloud; `national`: without the country code where it is German. */
export function groupPhone(number: string, style: 'international' | 'national' = 'international'): string {
  const parsed = parsePhoneNumberFromString(number, HOME);
  if (!parsed) return number;
  return style === 'national' && parsed.country === HOME
    ? parsed.formatNational()
    : parsed.formatInternational();
}
