import { fold } from '../engine/fold.ts';

/** A number written as words. */
interface Counted {
  readonly value: number;
  /** How many words it is made of. */
  readonly taken: number;
  /** It is also an article: «ein». */
  readonly article: boolean;
}

/** `value: spelling spelling …`, comma separated. A + joins the words of one spelling. */
const GENERAL = `
0: null zero нуль ноль صفر keine keiner keins none nobody niemand no+one жодного никого,
1: eins one один одна одне одно واحد واحدة وحدة,
2: zwei zwo two два дві две двоє двое вдвох вдвоем اثنان اثنين اثنتان اثنتين اتنين تنين شخصين شخصان طفلين طفلان zu+zweit,
3: drei three три троє трое втрьох втроем ثلاثة ثلاث تلاتة تلات تلت zu+dritt,
4: vier four чотири четверо вчотирьох четыре вчетвером أربعة أربع zu+viert,
5: fünf five п'ять п'ятеро вп'ятьох пять пятеро впятером خمسة خمس zu+fünft,
6: sechs six шість шестеро вшістьох шесть вшестером ستة zu+sechst,
7: sieben seven сім семеро сімох семь всемером سبعة سبع zu+siebt zu+siebent,
8: acht eight вісім восьмеро восемь ثمانية ثماني ثمان تمانية تمن zu+acht,
9: neun nine дев'ять дев'ятеро девять تسعة تسع zu+neunt,
10: zehn ten десять десятеро عشرة عشر zu+zehnt,
11: elf eleven одинадцять одиннадцать حداشر حدعش احدعش أحد+عشر إحدى+عشرة,
12: zwölf twelve dozen dutzend дванадцять двенадцать اتناشر طنعش اطنعش اثنا+عشر اثني+عشر اثنتا+عشرة اثنتي+عشرة,
13: dreizehn thirteen тринадцять тринадцать, 14: vierzehn fourteen чотирнадцять четырнадцать,
15: fünfzehn fifteen п'ятнадцять пятнадцать, 16: sechzehn sixteen шістнадцять шестнадцать,
17: siebzehn seventeen сімнадцять семнадцать, 18: achtzehn eighteen вісімнадцять восемнадцать,
19: neunzehn nineteen дев'ятнадцять девятнадцать, 20: zwanzig twenty двадцять двадцать عشرون عشرين,
30: dreißig thirty тридцять тридцать ثلاثون ثلاثين تلاتين, 40: vierzig forty fourty сорок أربعون أربعين,
50: fünfzig fifty п'ятдесят пятьдесят خمسون خمسين, 60: sechzig sixty шістдесят шестьдесят ستون ستين,
70: siebzig seventy сімдесят семьдесят سبعون سبعين, 80: achtzig eighty вісімдесят восемьдесят ثمانون ثمانين تمانين,
90: neunzig ninety дев'яносто девяносто تسعون تسعين, 100: hundert hundred сто مئة مائة مية,
1000: tausend thousand тисяча тисячі тисяч тысяча тысячи тысяч ألف آلاف,
1000000: million millionen мільйон мільйони мільйонів миллион миллиона مليون`;

/** Words that are numbers in one language and something else in another. */
const OWN: Readonly<Record<string, string>> = {
  ar: '6: ست',
  fa: `1: یک, 2: دو, 3: سه, 4: چهار, 5: پنج, 6: شش شیش, 7: هفت, 8: هشت, 10: ده, 11: یازده, 12: دوازده, 13: سیزده,
14: چهارده, 15: پانزده, 16: شانزده, 17: هفده, 18: هجده, 19: نوزده, 20: بیست, 30: سی, 40: چهل, 50: پنجاه, 60: شصت,
70: هفتاد, 80: هشتاد, 90: نود, 100: صد, 1000: هزار`,
  fr: `0: zéro aucun, 2: deux, 3: trois, 4: quatre, 5: cinq, 7: sept, 8: huit, 9: neuf, 10: dix, 11: onze, 12: douze,
13: treize, 14: quatorze, 15: quinze, 16: seize, 17: dix+sept, 18: dix+huit, 19: dix+neuf, 20: vingt vingts, 30: trente,
40: quarante, 50: cinquante, 60: soixante, 100: cent cents, 1000: mille`,
  tr: `0: sıfır, 2: iki, 3: üç, 4: dört, 5: beş, 6: altı, 7: yedi, 8: sekiz, 9: dokuz, 10: on, 20: yirmi, 30: otuz,
40: kırk, 50: elli, 60: altmış, 70: yetmiş, 80: seksen, 90: doksan, 100: yüz, 1000: bin`,
};

const ARTICLES: Readonly<Record<string, readonly string[]>> = {
  '': ['ein', 'eine', 'einen', 'einem', 'einer', 'a', 'an'],
  fr: ['un', 'une'],
  tr: ['bir'],
};

/** Beside a number they make another one of it, or none: «zweieinhalb», «ein paar». */
const VAGUE: ReadonlySet<string> = new Set(
  (
    'paar,few,couple,lot,bisschen,wenig,halb,halbe,halber,einhalb,half,demi,buçuk,' +
    'півтора,половина,пів,кілька,декілька,полтора,несколько,نصف,نص,كم,عدة,نیم,چند'
  )
    .split(',')
    .map(fold),
);

export const isVague = (word: string): boolean => VAGUE.has(word);

/** Folded, and with the two spellings of an umlaut and of the Turkish i. */
const spellings = (word: string): string[] => [
  ...new Set(
    [word, word.replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll('ü', 'ue')].map((spelling) =>
      fold(spelling).replaceAll('ı', 'i'),
    ),
  ),
];

const table = (lists: string): [string, number][] =>
  lists.split(',').flatMap((line) => {
    const [value = '', words = ''] = line.split(':');
    return words
      .trim()
      .split(/\s+/u)
      .flatMap((word) =>
        spellings(word.replaceAll('+', ' ')).map((key): [string, number] => [key, Number(value)]),
      );
  });

/** German writes the unit first and all in one word: fünfundzwanzig. */
function german(): [string, number][] {
  const units = ['ein', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun'];
  const tens = ['zwanzig', 'dreißig', 'vierzig', 'fünfzig', 'sechzig', 'siebzig', 'achtzig', 'neunzig'];
  return tens.flatMap((ten, index) =>
    units.flatMap((unit, one) =>
      spellings(`${unit}und${ten}`).map((key): [string, number] => [key, (index + 2) * 10 + one + 1]),
    ),
  );
}

const everywhere = new Map([...table(GENERAL), ...german()]);
const own = new Map(Object.entries(OWN).map(([language, lists]) => [language, new Map(table(lists))]));

const isUnit = (value: number | null): value is number => value !== null && value >= 1 && value <= 9;
const isTens = (value: number | null): value is number => value !== null && value >= 20 && value <= 90;

/** The number that begins at a folded word; compounds such as «twenty five» and «خمسة وعشرون» are one number. */
export function valueOf(tokens: readonly string[], at: number, tag: string): Counted | null {
  const language = primary(tag);
  const single = (index: number): number | null => {
    const word = tokens[index];
    return word === undefined ? null : (everywhere.get(word) ?? own.get(language)?.get(word) ?? null);
  };
  const pair = `${tokens[at] ?? ''} ${tokens[at + 1] ?? ''}`;
  const joined = everywhere.get(pair) ?? own.get(language)?.get(pair);
  if (joined !== undefined) return { value: joined, taken: 2, article: false };
  const first = single(at);
  if (first === null) {
    const isArticle = [...(ARTICLES[''] ?? []), ...(ARTICLES[language] ?? [])].includes(tokens[at] ?? '');
    return isArticle ? { value: 1, taken: 1, article: true } : null;
  }
  const second = single(at + 1);
  if (isTens(first) && isUnit(second)) return { value: first + second, taken: 2, article: false };
  if (first === 10 && isUnit(second) && language === 'tr')
    return { value: 10 + second, taken: 2, article: false };
  // «and»: a word of its own, or the letter و before the next.
  const andTaken = AND.has(tokens[at + 1] ?? '') ? 2 : 1;
  const next = tokens[at + andTaken] ?? '';
  const bare = andTaken === 1 && next.startsWith('و') ? next.slice(1) : andTaken === 2 ? next : '';
  const after = everywhere.get(bare) ?? own.get(language)?.get(bare) ?? null;
  const arabicTens = /^\p{Script=Arabic}/u.test(tokens[at] ?? '');
  if (arabicTens && ((isUnit(first) && isTens(after)) || (isTens(first) && isUnit(after))))
    return { value: first + after, taken: andTaken + 1, article: false };
  if (isUnit(first) && first > 2 && TEEN.has(tokens[at + 1] ?? ''))
    return { value: 10 + first, taken: 2, article: false };
  return { value: first, taken: 1, article: false };
}

const AND: ReadonlySet<string> = new Set(['و']);
/** «عشر» after a unit: thirteen to nineteen. */
const TEEN: ReadonlySet<string> = new Set(['عشر', 'عشره'].map(fold));

const primary = (tag: string): string => (tag === 'prs' ? 'fa' : (tag.split('-')[0] ?? ''));
