import type { Understanding } from '../engine/understand.ts';
import { readDate } from './date.ts';
import { readEmail } from './email.ts';
import { readNumber } from './number.ts';
import { readPhone } from './phone.ts';
import { readPlace } from './place.ts';
import { readPostcode } from './postcode.ts';
import { indexTowns, type TownIndex } from './town-index.ts';
import { loadTowns } from './towns.ts';

let index: TownIndex | null = null;

/** Read when somebody first names a place, and then kept for all bots of this process. */
function towns(): TownIndex {
  index ??= indexTowns(loadTowns());
  return index;
}

export const understanding: Understanding = {
  number: readNumber,
  date: readDate,
  phone: readPhone,
  email: readEmail,
  postcode: (text) => readPostcode(text)?.postcode ?? null,
  place: (text) => readPlace(text, towns),
};
