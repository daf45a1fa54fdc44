import { latinDigits } from '../engine/fold.ts';

/** The area of all postcodes that begin with the same two digits. */
export interface Region {
  /** Its largest town, by which people know it. */
  readonly name: string;
  /** WGS 84, of about the middle of where its people live. */
  readonly latitude: number;
  readonly longitude: number;
}

/** Written for Lotse from general knowledge: what stands in for a postcode until a directory of them is there. */
const REGIONS = `
01 Dresden 51.05 13.74, 02 Bautzen 51.18 14.43, 03 Cottbus 51.76 14.33, 04 Leipzig 51.34 12.37, 06 Halle (Saale) 51.48 11.97,
07 Jena 50.93 11.59, 08 Zwickau 50.72 12.49, 09 Chemnitz 50.83 12.92, 10 Berlin 52.52 13.40, 12 Berlin 52.45 13.43,
13 Berlin 52.57 13.35, 14 Potsdam 52.40 13.06, 15 Frankfurt (Oder) 52.34 14.55, 16 Oranienburg 52.75 13.24,
17 Neubrandenburg 53.56 13.26, 18 Rostock 54.09 12.14, 19 Schwerin 53.63 11.41, 20 Hamburg 53.55 10.00,
21 Lüneburg 53.25 10.41, 22 Hamburg 53.60 10.02, 23 Lübeck 53.87 10.69, 24 Kiel 54.32 10.13, 25 Itzehoe 53.93 9.52,
26 Oldenburg 53.14 8.21, 27 Bremerhaven 53.54 8.58, 28 Bremen 53.08 8.81, 29 Celle 52.62 10.08, 30 Hannover 52.37 9.73,
31 Hildesheim 52.15 9.95, 32 Herford 52.11 8.67, 33 Bielefeld 52.03 8.53, 34 Kassel 51.32 9.50, 35 Gießen 50.58 8.68,
36 Fulda 50.55 9.68, 37 Göttingen 51.53 9.94, 38 Braunschweig 52.27 10.53, 39 Magdeburg 52.13 11.63,
40 Düsseldorf 51.22 6.78, 41 Mönchengladbach 51.19 6.44, 42 Wuppertal 51.26 7.17, 44 Dortmund 51.51 7.47,
45 Essen 51.46 7.01, 46 Oberhausen 51.50 6.86, 47 Duisburg 51.43 6.76, 48 Münster 51.96 7.63, 49 Osnabrück 52.27 8.05,
50 Köln 50.94 6.96, 51 Köln 50.95 7.02, 52 Aachen 50.78 6.08, 53 Bonn 50.73 7.10, 54 Trier 49.76 6.64, 55 Mainz 49.99 8.25,
56 Koblenz 50.35 7.59, 57 Siegen 50.87 8.02, 58 Hagen 51.36 7.47, 59 Hamm 51.68 7.82, 60 Frankfurt am Main 50.11 8.68,
61 Bad Homburg 50.23 8.62, 63 Offenbach 50.10 8.77, 64 Darmstadt 49.87 8.65, 65 Wiesbaden 50.08 8.24,
66 Saarbrücken 49.23 7.00, 67 Ludwigshafen 49.48 8.44, 68 Mannheim 49.49 8.47, 69 Heidelberg 49.41 8.69,
70 Stuttgart 48.78 9.18, 71 Ludwigsburg 48.90 9.19, 72 Tübingen 48.52 9.06, 73 Esslingen 48.74 9.31,
74 Heilbronn 49.14 9.22, 75 Pforzheim 48.89 8.70, 76 Karlsruhe 49.01 8.40, 77 Offenburg 48.47 7.94,
78 Villingen-Schwenningen 48.06 8.49, 79 Freiburg 48.00 7.85, 80 München 48.14 11.57, 81 München 48.12 11.60,
82 Starnberg 48.00 11.34, 83 Rosenheim 47.86 12.12, 84 Landshut 48.54 12.15, 85 Ingolstadt 48.76 11.42,
86 Augsburg 48.37 10.90, 87 Kempten 47.73 10.31, 88 Ravensburg 47.78 9.61, 89 Ulm 48.40 9.99, 90 Nürnberg 49.45 11.08,
91 Erlangen 49.59 11.00, 92 Amberg 49.44 11.86, 93 Regensburg 49.01 12.10, 94 Passau 48.57 13.46, 95 Bayreuth 49.95 11.58,
96 Bamberg 49.90 10.90, 97 Würzburg 49.79 9.94, 98 Suhl 50.61 10.69, 99 Erfurt 50.98 11.03`;

const regions: ReadonlyMap<string, Region> = new Map(
  REGIONS.split(',').map((line) => {
    const parts = line.trim().split(' ');
    const [longitude, latitude] = [Number(parts.pop()), Number(parts.pop())];
    const [digits = '', ...name] = parts;
    return [digits, { name: name.join(' '), latitude, longitude }];
  }),
);

/** Where a postcode of five digits lies; null: no German postcode begins like this. */
export function regionOf(postcode: string): Region | null {
  return /^\d{5}$/.test(postcode) ? (regions.get(postcode.slice(0, 2)) ?? null) : null;
}

/** A phone number may hold five digits, too. */
const DIALLED = /(?:^|[^\d])[+0]\d{2,4}\s?[\s/-]\s?\d/u;

/**
 * The one German postcode in a text, in any script's digits, also as «86 150» or «D-86150»; `rest` is what
 * else was written. null: there is none, more than one, or none that exists.
 */
export function readPostcode(text: string): { postcode: string; region: Region; rest: string } | null {
  const plain = latinDigits(text).replace(/\p{Cf}/gu, '');
  const spaced = plain.replace(/^(\D*)(\d{2})\s(\d{3})(?!\s?\d)/u, '$1$2$3');
  if (DIALLED.test(spaced)) return null;
  const found = [...spaced.matchAll(/(?<![\d+]|\d[.,/-])(?:\bDE?\s?-\s?)?(\d{5})(?![\d/]|[.,-]\d)/giu)];
  const [first] = found;
  const postcode = first?.[1];
  if (first === undefined || postcode === undefined || found.length > 1) return null;
  const region = regionOf(postcode);
  const rest = `${spaced.slice(0, first.index)} ${spaced.slice(first.index + first[0].length)}`;
  return region && { postcode, region, rest: rest.replace(/\s+/gu, ' ').trim() };
}
