interface PluralForm {
  readonly count: number;
  /** In gettext's C-like form, of `n`. */
  readonly rule: string;
  /** The same rule: a whole number of things -> index of the form. */
  readonly index: (n: number) => number;
}

/** From simple to particular; the first that agrees with CLDR on whole numbers is a language's. */
export const PLURAL_FORMS: readonly PluralForm[] = [
  { count: 2, rule: '(n != 1)', index: (n) => Number(n !== 1) },
  { count: 2, rule: '(n > 1)', index: (n) => Number(n > 1) },
  { count: 1, rule: '0', index: () => 0 },
  {
    count: 3,
    rule: '(n==0 || n==1 ? 0 : n!=0 && n%1000000==0 ? 1 : 2)',
    index: (n) => (n === 0 || n === 1 ? 0 : n % 1_000_000 === 0 ? 1 : 2),
  },
  {
    count: 3,
    rule: '(n==1 ? 0 : n!=0 && n%1000000==0 ? 1 : 2)',
    index: (n) => (n === 1 ? 0 : n !== 0 && n % 1_000_000 === 0 ? 1 : 2),
  },
  {
    count: 3,
    rule: '(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2)',
    index: (n) =>
      n % 10 === 1 && n % 100 !== 11
        ? 0
        : n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14)
          ? 1
          : 2,
  },
  {
    count: 3,
    rule: '(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2)',
    index: (n) => (n === 1 ? 0 : n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) ? 1 : 2),
  },
  {
    count: 3,
    rule: '(n==1 ? 0 : n==0 || n%100>=1 && n%100<=19 ? 1 : 2)',
    index: (n) => (n === 1 ? 0 : n === 0 || (n % 100 >= 1 && n % 100 <= 19) ? 1 : 2),
  },
  {
    count: 6,
    rule: '(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)',
    index: (n) => (n <= 2 ? n : n % 100 >= 3 && n % 100 <= 10 ? 3 : n % 100 >= 11 ? 4 : 5),
  },
];

/** gettext counts forms in CLDR's order of categories. */
const CATEGORIES: readonly Intl.LDMLPluralRule[] = ['zero', 'one', 'two', 'few', 'many', 'other'];
const SAMPLE = [...Array(220).keys(), 1_000, 1_001, 1_000_000, 1_000_001, 2_000_000];

/** `Plural-Forms` of a language by CLDR; for languages that CLDR or this list does not know, English's. */
export function pluralForms(language: string): string {
  const fallback = 'nplurals=2; plural=(n != 1);';
  // An unknown tag would silently be given the rules of this machine's own language.
  if (Intl.PluralRules.supportedLocalesOf([language]).length === 0) return fallback;
  const rules = new Intl.PluralRules(language);
  const said = SAMPLE.map((n) => CATEGORIES.indexOf(rules.select(n)));
  const used = [...new Set(said)].sort();
  const indexes = said.map((category) => used.indexOf(category));
  const form = PLURAL_FORMS.find(
    ({ count, index }) =>
      count === used.length && SAMPLE.every((n, position) => index(n) === indexes[position]),
  );
  return form ? `nplurals=${String(form.count)}; plural=${form.rule};` : fallback;
}

/**
 * The headers a file of this language needs. What another tool wrote stays, its dates too: only what is missing
 * or belongs to another language is set.
 */
export function headersFor(
  language: string,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const isOwn = given['Language']?.replaceAll('_', '-').toLowerCase() === language.toLowerCase();
  // gettext writes pt_BR where BCP 47 writes pt-BR.
  const own = language.replaceAll('-', '_');
  const plurals = given['Plural-Forms'] ?? '';
  const isPlural = isOwn && /^nplurals\s*=\s*\d+\s*;\s*plural\s*=.+/.test(plurals);
  const set = {
    'Project-Id-Version': given['Project-Id-Version'] ?? 'Lotse',
    Language: isOwn ? (given['Language'] ?? own) : own,
    'MIME-Version': '1.0',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Transfer-Encoding': '8bit',
    'Plural-Forms': isPlural ? plurals : pluralForms(language),
    'X-Generator': given['X-Generator'] ?? 'Lotse',
  };
  // In the order given, so that no two tools take turns in sorting them.
  return { ...given, ...set };
}
