import { createInstance, type FormatterModule } from 'i18next';
import type { Given } from './engine/formats.ts';
import { mediaOf } from './engine/media.ts';
import type { Language, Texts } from './engine/model.ts';
import { groupPhone } from './understanding/phone.ts';

/** Other names people give their language, beside those that Unicode's CLDR knows. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  ar: ['عربي', 'arabi', 'arab'],
  ckb: ['کوردی', 'سۆرانی', 'sorani'],
  de: ['deutsche sprache', 'german'],
  fa: ['farsi', 'dari', 'دری', 'parsi'],
  ku: ['kurmanci', 'kurmancî', 'kurdi'],
  uk: ['українською', 'ukrainska', 'мова українська'],
};

/** Stands for an answer that was not given. */
const MISSING = '…';

type Resources = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, string>>>;

/**
 * The texts as the engine wants them, served by i18next: interpolation without nesting or escaping, and what
 * a person wrote is never read as a placeholder.
 * `sources`: flow -> its source language, which is shown where a translation is missing.
 */
export function createTexts(resources: Resources, sources: ReadonlyMap<string, string>): Texts {
  const i18n = createInstance().use(formatter);
  // flow -> path -> language -> text
  const forms = new Map<string, Map<string, Map<string, string>>>();
  // Most texts are said as they are: i18next is given, and asked, only those with something to fill in.
  const filled: Record<string, Record<string, Record<string, string>>> = {};
  for (const [language, files] of resources) {
    const ofLanguage: Record<string, Record<string, string>> = (filled[language] = {});
    for (const [flow, texts] of files) {
      const ofFlow: Record<string, string> = (ofLanguage[flow] = {});
      const paths = forms.get(flow) ?? new Map<string, Map<string, string>>();
      forms.set(flow, paths);
      for (const [path, text] of texts) {
        if (text.includes('{{')) ofFlow[path] = text;
        const known = paths.get(path);
        if (known) known.set(language, text);
        else paths.set(path, new Map([[language, text]]));
      }
    }
  }
  void i18n.init({
    resources: filled,
    lng: 'en',
    fallbackLng: false,
    initAsync: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false, alwaysFormat: true },
  });
  const nothing = new Map<string, string>();
  return {
    say(language, flow, path, values) {
      const known = forms.get(flow)?.get(path) ?? nothing;
      const used = known.has(language) ? language : (sources.get(flow) ?? 'en');
      const text = known.get(used) ?? path;
      if (!text.includes('{{')) return { text, language: used };
      // `lngs` is looked up as it stands; `lng` would be rewritten (pt-br to pt-BR) and then not be found.
      const given = typeof values === 'function' ? values() : values;
      const replace = Object.fromEntries(
        Object.entries(given).map(([name, value]) => [
          name,
          typeof value === 'string' ? value : new Answer(value, used),
        ]),
      );
      const options = { lngs: [used], ns: flow, nest: false, replace };
      return { text: i18n.t(path, options), language: used };
    },
    forms: (flow, path) => forms.get(flow)?.get(path) ?? nothing,
    show: (language, given) => formatted(given, language, ''),
  };
}

/** An answer, and the language of the text it is shown in. */
class Answer {
  readonly given: Given;
  readonly language: string;

  constructor(given: Given, language: string) {
    this.given = given;
    this.language = language;
  }
}

/** Called by i18next for every placeholder. Formats are fixed: there are none to add. */
const formatter: FormatterModule = {
  type: 'formatter',
  init: () => undefined,
  add: () => undefined,
  addCached: () => undefined,
  format(value: unknown, format?: string) {
    if (value instanceof Answer) return formatted(value.given, value.language, format ?? '');
    return typeof value === 'string' ? value : MISSING;
  },
};

/** Writes an answer as a language does; a format that its type does not have is as none. */
function formatted({ type, value }: Given, language: string, format: string): string {
  if (typeof value === 'object') {
    const { latitude, longitude, name, postcode } = value;
    const place = name ?? `${latitude.toFixed(3)}, ${longitude.toFixed(3)}`;
    const coded = format === 'postcode' && postcode !== undefined && !place.includes(postcode);
    return coded ? `${postcode} ${place}` : place;
  }
  if (typeof value === 'number')
    return type === 'number' || type === 'integer' ? number(value, language, format) : String(value);
  if (type === 'date') return date(String(value), language, format);
  if (type === 'media') return mediaOf(String(value))?.type ?? MISSING;
  return type === 'phone' ? phone(String(value), language, format) : String(value);
}

function number(value: number, language: string, format: string): string {
  const euro = {
    style: 'currency',
    currency: 'EUR',
    minimumFractionDigits: value % 1 === 0 ? 0 : 2,
  } as const;
  const style = format === 'euro' ? euro : { useGrouping: format !== 'plain' };
  return new Intl.NumberFormat(language, { maximumFractionDigits: 20, ...style }).format(value);
}

const SHORT = { day: '2-digit', month: '2-digit', year: 'numeric' } as const;

/** Everywhere in the calendar of German offices; and never month first, which would be misread here. */
function date(iso: string, language: string, format: string): string {
  const style = format === 'short' ? SHORT : ({ dateStyle: format === 'full' ? 'full' : 'long' } as const);
  const tag = format === 'short' && language.split('-')[0] === 'en' ? 'en-GB' : language;
  const day = new Date(iso);
  if (Number.isNaN(day.getTime())) return iso;
  return new Intl.DateTimeFormat(tag, { ...style, calendar: 'gregory', timeZone: 'UTC' }).format(day);
}

/** Left to right: set apart from text that runs the other way, which would turn the groups around. */
const [LEFT_TO_RIGHT, END] = ['\u2066', '\u2069'];

function phone(e164: string, language: string, format: string): string {
  const number =
    format === 'plain' ? e164 : groupPhone(e164, format === 'national' ? 'national' : 'international');
  return RIGHT_TO_LEFT.has(new Intl.Locale(language).maximize().script ?? '')
    ? `${LEFT_TO_RIGHT}${number}${END}`
    : number;
}

const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(['Arab', 'Hebr', 'Syrc', 'Thaa', 'Nkoo', 'Adlm']);

/** The loaded languages in alphabetical order of their tags, with every name they may be asked for by. */
export function languagesOf(tags: readonly string[]): Language[] {
  const nameIn = (shown: string, tag: string): string =>
    new Intl.DisplayNames([shown], { type: 'language' }).of(tag) ?? tag;
  return [...tags].sort().map((tag) => {
    const own = nameIn(tag, tag);
    const name = own.charAt(0).toLocaleUpperCase(tag) + own.slice(1);
    const names = [name, ...tags.map((shown) => nameIn(shown, tag)), ...(ALSO[tag] ?? [])];
    return { tag, name, names: [...new Set(names)] };
  });
}
