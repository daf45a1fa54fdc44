import { createInstance, type Resource } from 'i18next';
import type { Language, Texts } from './engine/model.ts';

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
  const i18n = createInstance();
  const forms = new Map<string, Map<string, string>>();
  for (const [language, files] of resources)
    for (const [flow, texts] of files)
      for (const [path, text] of texts) {
        const key = `${flow} ${path}`;
        forms.set(key, (forms.get(key) ?? new Map<string, string>()).set(language, text));
      }
  const plain: Resource = {};
  for (const [language, files] of resources)
    plain[language] = Object.fromEntries(
      [...files].map(([flow, texts]) => [flow, Object.fromEntries(texts)]),
    );
  void i18n.init({
    resources: plain,
    lng: 'en',
    fallbackLng: false,
    initAsync: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    missingInterpolationHandler: () => MISSING,
  });
  const nothing = new Map<string, string>();
  return {
    say(language, flow, path, values) {
      const known = forms.get(`${flow} ${path}`) ?? nothing;
      const used = known.has(language) ? language : (sources.get(flow) ?? 'en');
      const text = known.get(used) ?? path;
      // Most texts are said as they are: i18next is asked only where there is something to fill in.
      // `lngs` is looked up as it stands; `lng` would be rewritten (pt-br to pt-BR) and then not be found.
      const options = { lngs: [used], ns: flow, nest: false, replace: values };
      const filled = text.includes('{{') ? i18n.t(path, options) : text;
      return { text: filled, language: used };
    },
    forms: (flow, path) => forms.get(`${flow} ${path}`) ?? nothing,
    date: (language, iso) =>
      new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(iso)),
  };
}

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
