import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bigTowns, neighbours } from '../../src/understanding/big-towns.ts';
import { readPlace } from '../../src/understanding/place.ts';
import { readPostcode, regionOf } from '../../src/understanding/postcode.ts';
import { indexTowns } from '../../src/understanding/town-index.ts';
import { distanceKm, loadTowns, townsIn } from '../../src/understanding/towns.ts';

const towns = loadTowns();
const index = indexTowns(towns);
const read = (text: string) => readPlace(text, () => index);
/** The name of the place, or the names to choose from, or null. */
const named = (text: string): unknown => {
  const found = read(text);
  return found.type === 'found' ? found.place.name : found.type === 'which' ? found.names : null;
};

describe('a postcode', () => {
  test.each([
    ['86150', '86150', ''],
    ['86150 Augsburg', '86150', 'Augsburg'],
    [' ٨٦١٥٠ ', '86150', ''],
    ['۸۶۱۵۰', '86150', ''],
    ['86 150', '86150', ''],
    ['D-86150 Augsburg', '86150', 'Augsburg'],
    ['Hauptstr. 5, 86150 Augsburg', '86150', 'Hauptstr. 5, Augsburg'],
    ['01067', '01067', ''],
    ['in 86150.', '86150', 'in .'],
  ])('%s', (text, postcode, rest) => {
    expect(readPostcode(text)).toMatchObject({ postcode, rest });
  });

  test.each([
    '8615',
    '861500',
    'Augsburg',
    '86150 86152',
    '00150',
    '05123',
    '11011',
    '43001',
    '62001',
    '0821 32400',
    '+49 82132400',
    '86150-12345',
  ])('is not %s', (text) => {
    expect(readPostcode(text)).toBeNull();
  });

  test('lies in one of 95 regions, each at the town it is named after', () => {
    const digits = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));
    expect(digits.filter((two) => regionOf(`${two}000`) === null)).toEqual(['00', '05', '11', '43', '62']);
    for (const two of digits) {
      const region = regionOf(`${two}000`);
      const town =
        region &&
        index.named(
          region.name
            .toLowerCase()
            .normalize('NFKD')
            .replace(/\p{M}/gu, '')
            .replaceAll('ß', 'ss')
            .replace(/[^a-z]+/g, ' ')
            .trim(),
        )[0];
      if (region && (!town || distanceKm(town, region) > 15))
        throw new Error(`${two} ${region.name} is not there`);
    }
  });
});

describe('a place', () => {
  test.each([
    ['Augsburg', 'Augsburg'],
    ['Augsburk', 'Augsburg'],
    ['ausburg', 'Augsburg'],
    ['AUGSBURG!!', 'Augsburg'],
    ['Köln', 'Köln'],
    ['Koeln', 'Köln'],
    ['koln', 'Köln'],
    ['Cologne', 'Köln'],
    ['Munich', 'München'],
    ['Muenchen', 'München'],
    ['мюнхен', 'München'],
    ['у Мюнхені', 'München'],
    ['в Нюрнберзі', 'Nürnberg'],
    ['ميونخ', 'München'],
    ['ميونيخ', 'München'],
    ['في برلين', 'Berlin'],
    ['هامبورغ', 'Hamburg'],
    ['Dusseldrof', 'Düsseldorf'],
    ['Ich wohne in Berlin', 'Berlin'],
    ['Berlin Neukölln', 'Berlin'],
    ['Köln Hbf', 'Köln'],
    ['Frankfurt', 'Frankfurt am Main'],
    ['Frankfurt/Main', 'Frankfurt am Main'],
    ['Frankfurt Oder', 'Frankfurt (Oder)'],
    ['Essen', 'Essen'],
    ['Halle', 'Halle (Saale)'],
    ['Halle Westfalen', null],
    ['Bad Tolz', 'Bad Tölz'],
    ['Neustadt an der Aisch', 'Neustadt an der Aisch'],
    ['Garmisch', 'Garmisch-Partenkirchen'],
    ['Бургхаузен', 'Burghausen'],
    ['Кенігсбрунн', 'Königsbrunn'],
    ['Friedberg Bayern', 'Friedberg'],
    ['Friedberg, Hessen', 'Friedberg'],
    ['Salzburg', 'Salzburg'],
    ['Wien', 'Vienna'],
    ['Straßburg', 'Strasbourg'],
    ['Прага', 'Prague'],
    ['86150', '86150 (Augsburg)'],
    ['86150 Augsburg', 'Augsburg'],
    ['86633 Neuburg', 'Neuburg an der Donau'],
    ['86150 nirgendwo', '86150 (Augsburg)'],
    ['xyzzy', null],
    ['menu', null],
    ['', null],
    ['?!', null],
    ['00150', null],
    ['Damaskus', null],
    ['دمشق', null],
    ['wo gibt es essen', null],
    ['ich brauche eine wohnung', null],
  ])('%s is %s', (text, name) => {
    expect(named(text)).toBe(name);
  });

  test.each(['Neustadt', 'Neuburg', 'Neuenkirchen', 'Friedberg', 'Нойбург', 'بورغهاوزن'])(
    '%s could be several, which are named with where they lie',
    (text) => {
      const found = read(text);
      if (found.type !== 'which') throw new Error(`${text} was taken for ${JSON.stringify(found)}`);
      expect(found.names.length).toBeGreaterThan(1);
      expect(found.names.length).toBeLessThanOrEqual(3);
      expect(new Set(found.names).size).toBe(found.names.length);
      for (const label of found.names) {
        expect(label).toMatch(/ \(.+\)$/);
        expect(named(label)).toBe(label.replace(/ \([^()]*\)$/, ''));
      }
    },
  );

  test('is certain where a postcode or the right name says so, else a guess that gives way to other words', () => {
    const certain = (text: string): unknown => {
      const found = read(text);
      return found.type === 'found' && found.certain;
    };
    expect(['86150', 'Augsburg', 'мюнхен'].map(certain)).toEqual([true, true, true]);
    expect(['Augsburk', 'Ich wohne in Berlin', 'Köln Hbf'].map(certain)).toEqual([false, false, false]);
  });

  test.each(bigTowns.map((town) => [town.name, town] as const))(
    '%s is known, in all its spellings',
    (name, town) => {
      for (const spelling of [name, ...town.spellings])
        expect([spelling, named(spelling)]).toEqual([spelling, name]);
    },
  );

  test('big towns are the big ones of their name', () => {
    const at = (text: string): unknown => {
      const found = read(text);
      return found.type === 'found' && [Math.round(found.place.latitude), Math.round(found.place.longitude)];
    };
    expect(['Mülheim', 'Essen', 'Münster', 'Oberhausen', 'Hagen', 'Hamm', 'Fürth', 'Hof'].map(at)).toEqual([
      [51, 7],
      [51, 7],
      [52, 8],
      [51, 7],
      [51, 7],
      [52, 8],
      [49, 11],
      [50, 12],
    ]);
  });

  test.each(neighbours)('%s %s is known by what it is called here', (_, name, spellings) => {
    for (const spelling of spellings) expect([spelling, named(spelling)]).toEqual([spelling, name]);
  });

  test('with one letter wrong is never silently another big town', () => {
    const big = bigTowns.filter(({ name }) => name.length >= 7).map(({ name }) => name);
    fc.assert(
      fc.property(
        fc.constantFrom(...big),
        fc.nat(),
        fc.constantFrom('', 'a', 'e', 'n', 'x'),
        (name, place, letter) => {
          const at = 1 + (place % (name.length - 1));
          const found = read(name.slice(0, at) + letter + name.slice(at + 1));
          if (found.type !== 'found') return;
          const other = bigTowns.find((town) => town.name === found.place.name);
          expect(other === undefined || other.name === name).toBe(true);
        },
      ),
    );
  });

  test('is read from any text without a fault, and lies where Lotse works', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc
        .array(fc.constantFrom('neu', 'burg', 'stadt', ' ', 'Bayern', 'бург', 'هام', '86', '150', '(', ','), {
          maxLength: 7,
        })
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(any, (text) => {
        const found = read(text);
        if (found.type !== 'found') return;
        expect(found.place.latitude).toBeGreaterThan(41);
        expect(found.place.latitude).toBeLessThan(58);
      }),
    );
  });
});

describe('the list of towns', () => {
  test('holds Germany and its neighbours, and nothing else', () => {
    const german = towns.filter(({ country }) => country === 'DE');
    expect(german.length).toBeGreaterThan(7000);
    expect(new Set(towns.map(({ country }) => country)).size).toBe(11);
  });

  test('is cut out of JSON entry by entry', () => {
    const entry = (name: string, country: string): unknown => ({
      name,
      lat: '1.5',
      lng: '2.5',
      country,
      admin1: '01',
      admin2: '',
    });
    const bytes = Buffer.from(JSON.stringify([entry('Ä"', 'DE'), entry('X', 'US'), entry('Y', 'AT')]));
    expect(townsIn(bytes)).toEqual([
      { name: 'Ä"', latitude: 1.5, longitude: 2.5, country: 'DE', state: '01' },
      { name: 'Y', latitude: 1.5, longitude: 2.5, country: 'AT', state: '01' },
    ]);
  });
});
