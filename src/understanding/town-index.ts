import { distance } from 'fastest-levenshtein';
import { fold } from '../engine/fold.ts';
import { bigTowns, neighbours } from './big-towns.ts';
import { latinSound, type Script } from './sounds.ts';
import { distanceKm, type Country, type Town } from './towns.ts';

/** A town as it is called in Germany; `rank` counts from the most populous, null: it is none of the big ones. */
export interface KnownTown extends Town {
  readonly rank: number | null;
}

export interface TownIndex {
  /** Towns of this name, or whose name begins with it and goes on with where they lie («Frankfurt»). */
  named(name: string): readonly KnownTown[];
  /** German towns with names that a misspelt one could stand for, with how many letters differ. */
  nearly(name: string): readonly { readonly town: KnownTown; readonly letters: number }[];
  /** German towns that sound like a name in another script. */
  sounding(sound: string, script: Script): readonly KnownTown[];
  /** The big town next to a place. */
  nearest(place: Pick<Town, 'latitude' | 'longitude'>): KnownTown | null;
}

/** Nearer than this, two towns of one name are the same one, listed twice. Kilometres. */
const SAME_KM = 8;

export function indexTowns(listed: readonly Town[]): TownIndex {
  const towns = withRanks(listed);
  const names = new Map<string, KnownTown[]>();
  const add = (name: string, town: KnownTown): void => {
    const known = names.get(name);
    if (name === '' || known?.includes(town) === true) return;
    if (known) known.push(town);
    else names.set(name, [town]);
  };
  for (const town of towns) for (const name of keysOf(town.name)) add(name, town);
  const big = towns.filter(({ rank }) => rank !== null);
  for (const town of big)
    for (const spelling of bigTowns[town.rank ?? 0]?.spellings ?? []) add(fold(spelling), town);
  for (const [country, name, spellings] of neighbours)
    for (const town of towns.filter((one) => one.country === country && one.name === name))
      for (const spelling of spellings) for (const key of keysOf(spelling)) add(key, town);
  /** Garmisch, where nothing else is called so. */
  const firstHalves = new Map<string, KnownTown[]>();
  for (const town of towns.filter(({ name, country }) => country === 'DE' && name.includes('-'))) {
    const half = fold(town.name.split('-')[0] ?? '');
    firstHalves.set(half, [...(firstHalves.get(half) ?? []), town]);
  }
  const heard = new Map<Script, ReadonlyMap<string, readonly KnownTown[]>>();
  const sounds = (script: Script): ReadonlyMap<string, readonly KnownTown[]> => {
    const known = heard.get(script) ?? soundsOf(towns.filter(isGerman), script);
    heard.set(script, known);
    return known;
  };
  // Only these are compared letter by letter: neighbours' towns are found by their right name alone.
  const german = [...names].filter(([, all]) => all.some(isGerman));
  return {
    named: (name) => apart(names.get(name) ?? firstHalves.get(name) ?? []),
    nearly(name) {
      // Names in Arabic are few, and short for want of vowels: two letters make another town of them.
      const two = name.length >= 8 && /^[\p{Script=Latin}\p{Script=Cyrillic} ]+$/u.test(name);
      const allowed = two ? 2 : name.length >= 4 ? 1 : 0;
      const found = new Map<KnownTown, number>();
      for (const [known, all] of german) {
        if (Math.abs(known.length - name.length) > allowed) continue;
        const letters = distance(known, name);
        if (letters > allowed) continue;
        for (const town of all.filter(isGerman))
          found.set(town, Math.min(letters, found.get(town) ?? letters));
      }
      return apart([...found.keys()]).map((town) => ({ town, letters: found.get(town) ?? 0 }));
    },
    sounding: (sound, script) => apart(sounds(script).get(sound) ?? []),
    nearest: (place) =>
      big.reduce<KnownTown | null>(
        (best, town) => (best && distanceKm(best, place) <= distanceKm(town, place) ? best : town),
        null,
      ),
  };
}

function soundsOf(towns: readonly KnownTown[], script: Script): Map<string, KnownTown[]> {
  const sounds = new Map<string, KnownTown[]>();
  for (const town of towns) {
    const sound = latinSound(withoutPlace(town.name), script);
    sounds.set(sound, [...(sounds.get(sound) ?? []), town]);
  }
  return sounds;
}

const isGerman = ({ country }: { readonly country: Country }): boolean => country === 'DE';

function withRanks(listed: readonly Town[]): KnownTown[] {
  const ranks = new Map(bigTowns.map(({ listed: name }, rank) => [name, rank]));
  const given = new Set<number>();
  return listed.map((town) => {
    const rank = isGerman(town) ? (ranks.get(town.name) ?? null) : null;
    const big = bigTowns[rank ?? -1];
    // The town of a name comes before the city districts that are called like it.
    if (!big || rank === null || given.has(rank) || (big.state !== null && big.state !== town.state))
      return { ...town, rank: null };
    given.add(rank);
    return { ...town, name: big.name, rank };
  });
}

/** Folded, with either spelling of umlauts, and without where the town lies. */
function keysOf(name: string): Set<string> {
  const short = withoutPlace(name);
  return new Set([...new Set([name, short, umlauts(name), umlauts(short)])].map(foldName));
}

/** As `fold`, which is slow for tens of thousands of names. */
const foldName = (name: string): string =>
  /^[A-Za-z -]+$/.test(name) ? name.toLowerCase().replaceAll('-', ' ') : fold(name);

const umlauts = (name: string): string =>
  /[äöü]/iu.test(name)
    ? name.toLowerCase().replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll('ü', 'ue')
    : name;

/** Neustadt an der Donau, Frankfurt (Oder), Kempten/Allgäu -> Neustadt, Frankfurt, Kempten. */
function withoutPlace(name: string): string {
  if (!/[ (/,]/.test(name)) return name;
  return name.replace(/\s*(?:\(|\/|,|\s(?:an der|am|an|auf|bei|ob|vor|im|in|unter|vorm|b\.)\s).*$/u, '');
}

/** The most populous first; one of each pair that is listed twice. */
function apart(towns: readonly KnownTown[]): KnownTown[] {
  const sorted = [...towns].sort((one, other) => (one.rank ?? 1000) - (other.rank ?? 1000));
  return sorted.filter(
    (town, index) => !sorted.slice(0, index).some((other) => distanceKm(town, other) < SAME_KM),
  );
}
