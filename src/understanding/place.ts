import { fold } from '../engine/fold.ts';
import type { PlaceRead } from '../engine/understand.ts';
import { readPostcode } from './postcode.ts';
import { soundOf } from './sounds.ts';
import { qualifierOf, stateName, type Qualifier } from './regions.ts';
import type { KnownTown, TownIndex } from './town-index.ts';
import { distanceKm } from './towns.ts';

/** In longer texts a place is rarely the answer. Characters. */
const TEXT_MAX = 100;
const WORDS_MAX = 8;
const SHOWN = 3;
/** So far a town may lie from the middle of its postcode's region. Kilometres. */
const REGION_KM = 120;

const NONE: PlaceRead = { type: 'none' };

/**
 * The place in a text: a postcode, a town with or without where it lies («Neustadt, Bayern»), in any of the
 * scripts that Lotse's people write, with a typing error or two. Never a guess between two that fit equally.
 */
export function readPlace(text: string, towns: () => TownIndex): PlaceRead {
  if (text.length > TEXT_MAX) return NONE;
  const coded = readPostcode(text);
  if (coded) {
    const { postcode, region } = coded;
    const near = (town: KnownTown): boolean => town.country === 'DE' && distanceKm(town, region) <= REGION_KM;
    const town = coded.rest === '' ? undefined : fitting(tokensOf(coded.rest), towns()).filter(near)[0];
    const { latitude, longitude } = town ?? region;
    const name = town?.name ?? `${postcode} (${region.name})`;
    return { type: 'found', place: { latitude, longitude, name, postcode }, certain: true };
  }
  // Figures are a postcode that does not exist, or no place at all.
  if (/\p{Nd}/u.test(text)) return NONE;
  const all = fold(text).split(' ');
  if (all.length > WORDS_MAX || all[0] === '') return NONE;
  const index = towns();
  const whole = decide(fitting(all, index), index, true);
  if (whole.type !== 'none') return whole;
  const tokens = tokensOf(text);
  if (tokens.length === 0) return NONE;
  const telling = decide(fitting(tokens, index), index, false);
  if (telling.type !== 'none') return telling;
  const name = tokens.join(' ');
  return inside(tokens, index) ?? sounding(name, index) ?? misspelt(name, index) ?? NONE;
}

/** Around a place they mean nothing. */
const FILLERS: ReadonlySet<string> = new Set(
  (
    'in,im,bei,aus,nach,ich,bin,wir,sind,wohne,wohnen,lebe,leben,jetzt,gerade,stadt,hier,plz,der,die,nähe,von,' +
    'i,am,we,are,live,in,near,at,from,the,city,of,now,here,im,my,town,is,' +
    'أنا,انا,في,من,مدينة,ساكن,ساكنة,اسكن,أسكن,أعيش,عايش,نحن,الآن,' +
    'я,ми,в,у,живу,живемо,з,із,зараз,місто,м,біля,мы,живем,сейчас,город,из,' +
    'je,suis,à,habite,ben,şehri,من,در,شهر,هستم'
  )
    .split(',')
    .map(fold),
);

function tokensOf(text: string): string[] {
  return fold(text)
    .split(' ')
    .filter((token) => token !== '' && !FILLERS.has(token));
}

/** Towns whose name is all of the words, or the first of them while the others say where they lie. */
function fitting(tokens: readonly string[], index: TownIndex): readonly KnownTown[] {
  for (let length = tokens.length; length > 0; length -= 1) {
    const named = index.named(tokens.slice(0, length).join(' '));
    if (named.length === 0) continue;
    const where = qualifiers(tokens.slice(length), index);
    const found = where && named.filter((town) => where.every((one) => lies(town, one, index)));
    if (found && found.length > 0) return found;
  }
  return [];
}

/** Each of the words as a state, a country or a big town; null: some word is none of these. */
function qualifiers(tokens: readonly string[], index: TownIndex): Qualifier[] | null {
  const found: Qualifier[] = [];
  for (let at = 0; at < tokens.length;) {
    const next = [3, 2, 1].flatMap((length) => {
      const words = tokens.slice(at, at + length).join(' ');
      const big = index.named(words).find(({ rank }) => rank !== null);
      const one = at + length > tokens.length ? null : (qualifierOf(words) ?? (big ? { near: big } : null));
      return one ? [{ one, length }] : [];
    })[0];
    if (!next) return null;
    found.push(next.one);
    at += next.length;
  }
  return found;
}

function lies(town: KnownTown, where: Qualifier, index: TownIndex): boolean {
  if ('near' in where) return index.nearest(town)?.name === where.near.name;
  return town.country === where.country && (where.state === undefined || town.state === where.state);
}

/** One fits, or one of them is a big town; Germany goes before its neighbours. */
function decide(all: readonly KnownTown[], index: TownIndex, certain: boolean): PlaceRead {
  const german = all.filter(({ country }) => country === 'DE');
  const towns = german.length > 0 ? german : all;
  const big = towns.filter(({ rank }) => rank !== null);
  const [only, second] = big.length > 0 ? big : towns;
  if (!only) return NONE;
  if (second) return which(towns, index);
  const { latitude, longitude, name } = only;
  return { type: 'found', place: { latitude, longitude, name }, certain };
}

const which = (towns: readonly KnownTown[], index: TownIndex): PlaceRead => ({
  type: 'which',
  names: labels(towns.slice(0, SHOWN), index),
});

/** A big town among a few other words: «Augsburg Lechhausen», «Köln Hbf». */
function inside(tokens: readonly string[], index: TownIndex): PlaceRead | null {
  if (tokens.length < 2 || tokens.length > 3) return null;
  const big = tokens.flatMap((token) =>
    WORDS.has(token)
      ? []
      : index
          .named(token)
          .filter(({ rank }) => rank !== null)
          .slice(0, 1),
  );
  return big.length === 1 ? decide(big, index, false) : null;
}

/** Big towns whose names are words of their own: food, court, hall. */
const WORDS: ReadonlySet<string> = new Set(['essen', 'hof', 'halle', 'worms', 'hamm', 'اسن']);

/**
 * The town with the fewest wrong letters; a small one only where one letter is wrong and no big one is near.
 */
function misspelt(name: string, index: TownIndex): PlaceRead | null {
  const near = index.nearly(name);
  const fewest = Math.min(...near.map(({ letters }) => letters));
  const best = near.filter(({ letters }) => letters === fewest).map(({ town }) => town);
  const big = near.filter(({ town }) => town.rank !== null).map(({ town }) => town);
  const bigBest = best.filter(({ rank }) => rank !== null);
  if (bigBest.length === 1) return decide(bigBest, index, false);
  // A name of four letters with one wrong could be anything.
  if (best.length === 0 || (name.length < 5 && bigBest.length === 0)) return null;
  if (best.length === 1 && big.length === 0 && fewest === 1) return decide(best, index, false);
  return which([...new Set([...big, ...best])], index);
}

function sounding(name: string, index: TownIndex): PlaceRead | null {
  const heard = soundOf(name);
  // Three consonants or fewer fit too many towns.
  if (!heard || heard.sound.length < (heard.script === 'arabic' ? 4 : 5)) return null;
  const towns = index.sounding(heard.sound, heard.script);
  if (towns.length === 0) return null;
  // A sound is no name: here a big town is no better than another.
  return towns.length === 1 ? decide(towns, index, false) : which(towns, index);
}

/** Names told apart by their state or country, and if that is not enough by the big town next to them. */
function labels(towns: readonly KnownTown[], index: TownIndex): string[] {
  const where = towns.map((town) => `${town.name} (${stateName(town)})`);
  return where.map((label, at) => {
    const town = towns[at];
    if (!town || where.filter((other) => other === label).length === 1) return label;
    return `${town.name} (${stateName(town)}, ${index.nearest(town)?.name ?? ''})`;
  });
}
