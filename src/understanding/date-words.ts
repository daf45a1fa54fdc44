import { fold } from '../engine/fold.ts';

const key = (word: string): string => fold(word).replaceAll('ı', 'i');
const folded = (words: string): string[] => words.split(',').map((word) => key(word));

/** Around a date they mean nothing. */
export const FILLERS: ReadonlySet<string> = new Set(
  folded(
    'am,den,der,dem,vom,von,ab,bis,zum,im,um,etwa,ca,nächsten,nächster,nächste,kommenden,kommender,on,the,of,at,from,since,until,by,next,this,' +
      'يوم,من,في,القادم,القادمة,الجاي,شهر,الموافق,سنة,عام,' +
      'го,те,ше,е,у,в,з,до,на,наступного,наступної,наступний,наступну,року,рік,р,года,г,год,со,с,с,следующий,следующую,' +
      'le,du,au,prochain,prochaine,günü,tarihinde,gelecek,سال,ماه,روز,در',
  ),
);

/** Words for days, counted from today. */
export const RELATIVE: readonly (readonly [string, number])[] = (
  [
    ['heute,today,اليوم,اليوم هذا,сьогодні,сегодня,bugün,aujourd hui,امروز,hoy', 0],
    ['morgen,tomorrow,غدا,بكرا,بكرة,بكره,باكر,завтра,yarın,demain,فردا', 1],
    [
      'übermorgen,uebermorgen,day after tomorrow,after tomorrow,بعد غد,بعد بكرا,بعد بكرة,післязавтра,послезавтра,après demain,پس فردا,پسفردا',
      2,
    ],
    ['gestern,yesterday,أمس,امبارح,مبارح,البارحة,вчора,вчера,dün,hier,دیروز', -1],
    ['vorgestern,day before yesterday,أول أمس,أول امبارح,позавчора,позавчера,avant hier,پریروز', -2],
  ] as const
).flatMap(([words, days]) => folded(words).map((word): [string, number] => [word, days]));

export const AHEAD: ReadonlySet<string> = new Set(folded('in,بعد,через,за,dans,sonra'));
export const AGO: ReadonlySet<string> = new Set(folded('vor,ago,قبل,منذ,тому,назад,önce'));
export const LAST: ReadonlySet<string> = new Set(
  folded(
    'letzten,letzter,letzte,vergangenen,last,الماضي,الماضية,минулого,минулої,минулий,минулу,прошлый,прошлую,прошлое,geçen,dernier',
  ),
);

/** Days in a unit; Arabic's dual counts for itself. */
export const UNITS: ReadonlyMap<string, number> = new Map(
  (
    [
      ['tag,tage,tagen,day,days,يوم,يوما,أيام,день,дні,днів,дня,дней,дни,gün,jour,jours', 1],
      ['يومين,يومان', 2],
      [
        'woche,wochen,week,weeks,أسبوع,أسابيع,тиждень,тижні,тижнів,неделю,недели,недель,hafta,semaine,semaines',
        7,
      ],
      ['أسبوعين,أسبوعان', 14],
    ] as const
  ).flatMap(([words, days]) => folded(words).map((word): [string, number] => [word, days])),
);

const LANGUAGES = [
  'de',
  'en',
  'ar',
  'ar-SY',
  'ar-MA',
  'ar-DZ',
  'ar-EG',
  'uk',
  'ru',
  'tr',
  'fr',
  'fa',
  'fa-AF',
  'ps',
];
/** 2023-01-01 was a Sunday. */
const day = (month: number, date: number): Date => new Date(Date.UTC(2023, month, date));
const twelve = Array.from({ length: 12 }, (_, month) => month);

/** What is made when it is first needed: formatters of many languages take their time, which start-up has not. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** Folded name -> 0–6, Sunday first. */
export const weekdays = once(
  (): ReadonlyMap<string, number> =>
    new Map([
      ...LANGUAGES.flatMap((language) => {
        const format = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' });
        return [0, 1, 2, 3, 4, 5, 6].map((weekday): [string, number] => [
          key(format.format(day(0, 1 + weekday))),
          weekday,
        ]);
      }),
      ...['неділю', 'понеділка', 'вівторка', 'середу', 'четверга', "п'ятницю", 'суботу'].map(
        (name, weekday): [string, number] => [key(name), weekday],
      ),
      ...['воскресенье', 'понедельник', 'вторник', 'среду', 'четверг', 'пятницу', 'субботу'].map(
        (name, weekday): [string, number] => [key(name), weekday],
      ),
      ...['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'].map((name, weekday): [string, number] => [
        name,
        weekday,
      ]),
      ...['احد', 'اثنين', 'ثلاثاء', 'اربعاء', 'خميس', 'جمعة', 'سبت'].map(
        (name, weekday): [string, number] => [key(name), weekday],
      ),
      [key('الاتنين'), 1],
      [key('التلاتاء'), 2],
      ['sonnabend', 6],
    ]),
);

/** Where the name of a month stands among words. */
export interface MonthFound {
  readonly at: number;
  /** In words. */
  readonly length: number;
  /** 1–12 */
  readonly month: number;
  readonly persian: boolean;
}

const ALSO =
  'jänner:1,jan:1,feber:2,feb:2,märz:3,maerz:3,mrz:3,mar:3,apr:4,jun:6,jul:7,aug:8,sep:9,sept:9,okt:10,oct:10,nov:11,dez:12,dec:12,' +
  'كانون ثاني:1,كانون تاني:1,كانون اول:12,تشرين اول:10,تشرين ثاني:11,تشرين تاني:11,ابريل:4,اغسطس:8';

interface Name {
  readonly words: readonly string[];
  readonly month: number;
  readonly persian: boolean;
}

const names = once((): readonly Name[] =>
  [
    ...LANGUAGES.flatMap((language) =>
      (['long', 'short'] as const).flatMap((month) =>
        [{ month, day: 'numeric' as const }, { month }].flatMap((style) => {
          const format = new Intl.DateTimeFormat(language, {
            ...style,
            calendar: 'gregory',
            timeZone: 'UTC',
          });
          return twelve.map((index) => name(monthOf(format, day(index, 5)), index + 1, false));
        }),
      ),
    ),
    ...ALSO.split(',').map((pair) => {
      const [words = '', month] = pair.split(':');
      return name(words, Number(month), false);
    }),
    ...['fa', 'fa-AF'].flatMap((language) => {
      const format = new Intl.DateTimeFormat(language, {
        month: 'long',
        calendar: 'persian',
        timeZone: 'UTC',
      });
      // The Persian year begins in March; the 5th of a Gregorian month lies in the month that began before it.
      return twelve.map((index) => name(monthOf(format, day(index + 3, 5)), index + 1, true));
    }),
  ]
    .filter(({ words }) => words.join('') !== '' && !words.every((word) => /^\d+$/.test(word)))
    .sort((one, other) => other.words.length - one.words.length),
);

function name(text: string, month: number, persian: boolean): Name {
  return { words: key(text).split(' '), month, persian };
}

function monthOf(format: Intl.DateTimeFormat, date: Date): string {
  return format.formatToParts(date).find(({ type }) => type === 'month')?.value ?? '';
}

/** Months among folded words; where a longer name holds a shorter one, the longer. */
export function monthsIn(tokens: readonly string[]): readonly MonthFound[] {
  const found = new Map<string, MonthFound>();
  const taken = new Map<number, number>();
  for (const { words, month, persian } of names())
    for (let at = 0; at + words.length <= tokens.length; at += 1) {
      if (!words.every((word, index) => tokens[at + index] === word)) continue;
      const covered = [...taken].some(
        ([start, length]) => at < start + length && start < at + words.length && length > words.length,
      );
      if (covered) continue;
      taken.set(at, Math.max(taken.get(at) ?? 0, words.length));
      found.set(`${String(at)} ${String(month)} ${String(persian)}`, {
        at,
        length: words.length,
        month,
        persian,
      });
    }
  return [...found.values()];
}
