import { fold } from '../engine/fold.ts';
import type { Country, Town } from './towns.ts';

/** Where a town lies, as people add it to its name. */
export type Qualifier =
  { readonly country: Country; readonly state?: string } | { readonly near: { readonly name: string } };

/** GeoNames code: name in Germany, other names. */
const STATES: Readonly<Record<string, readonly string[]>> = {
  '01': ['Baden-Württemberg', 'bw', 'bawü', 'baden', 'württemberg', 'بادن فورتمبرغ', 'баден вюртемберг'],
  '02': ['Bayern', 'bavaria', 'بافاريا', 'баварія', 'бавария'],
  '03': ['Bremen'],
  '04': ['Hamburg'],
  '05': ['Hessen', 'hesse', 'هيسن', 'هسن', 'гессен'],
  '06': ['Niedersachsen', 'lower saxony', 'ساكسونيا السفلى', 'нижня саксонія', 'нижняя саксония'],
  '07': ['Nordrhein-Westfalen', 'nrw', 'north rhine westphalia', 'شمال الراين', 'شمال الراين وستفاليا'],
  '08': ['Rheinland-Pfalz', 'rhineland palatinate', 'pfalz', 'راينلاند بفالتس'],
  '09': ['Saarland', 'سارلاند', 'саарланд'],
  '10': ['Schleswig-Holstein', 'شليسفيغ هولشتاين', 'шлезвіг гольштейн'],
  '11': ['Brandenburg', 'براندنبورغ', 'бранденбург'],
  '12': ['Mecklenburg-Vorpommern', 'mv', 'mecklenburg', 'vorpommern', 'мекленбург'],
  '13': ['Sachsen', 'saxony', 'ساكسونيا', 'саксонія', 'саксония'],
  '14': ['Sachsen-Anhalt', 'saxony anhalt', 'ساكسونيا أنهالت', 'саксонія анхальт'],
  '15': ['Thüringen', 'thuringia', 'تورينغن', 'тюрингія', 'тюрингия'],
  '16': ['Berlin'],
};

const COUNTRY_LANGUAGES = ['de', 'en', 'ar', 'uk', 'ru', 'tr', 'fr', 'fa'];
const german = new Intl.DisplayNames(['de'], { type: 'region' });

/** Its state in Germany, else its country, in German: that is what stands on signs and letters. */
export function stateName({ country, state }: Pick<Town, 'country' | 'state'>): string {
  return (country === 'DE' ? STATES[state]?.[0] : undefined) ?? german.of(country) ?? country;
}

const names = new Map<string, Qualifier>();

/** The state or country of a folded name; null: it is none. */
export function qualifierOf(words: string): Qualifier | null {
  if (names.size === 0) {
    for (const country of ['DE', 'AT', 'CH', 'FR', 'PL', 'CZ', 'DK', 'NL', 'BE', 'LU', 'LI'] as const)
      for (const language of COUNTRY_LANGUAGES)
        names.set(fold(new Intl.DisplayNames([language], { type: 'region' }).of(country) ?? country), {
          country,
        });
    for (const [state, all] of Object.entries(STATES))
      for (const name of all) names.set(fold(name), { country: 'DE', state });
  }
  return names.get(words) ?? null;
}
