import type { Bot } from '../../src/engine/model.ts';
import type { Row, Sheet } from '../../src/posters/sheet.ts';
import { messengerLink, whatsappLink } from '../../src/posters/links.ts';
import { botOf } from '../engine/bot.ts';
import { TOWN_FLOWS, TOWN_TEXTS } from '../engine/town.ts';

/** The town's bot, with what posters show besides. */
export function posterTown(): Bot {
  const { de, ar } = TOWN_TEXTS;
  return botOf(TOWN_FLOWS, {
    ...TOWN_TEXTS,
    de: { ...de, housing: { ...de!['housing'], title: 'Wohnen' } },
    ar: { ...ar, housing: { title: 'السكن', entry: 'سكن, شقة' } },
  });
}

const row = (language: string, title: string, line: string): Row => ({
  language,
  title: { text: title, language },
  line: { text: line, language },
});

export const ROWS: readonly Row[] = [
  row('ar', 'دورة اللغة الألمانية', 'امسح الرمز أو اكتب لنا «دورة» على WhatsApp (مجانًا، 24 ساعة).'),
  row('de', 'Deutschkurs', 'Code scannen oder auf WhatsApp „deutschkurs“ schreiben.'),
  row('en', 'German course', 'Scan the code, or write “german course” to us on WhatsApp.'),
  row('uk', 'Курс німецької', 'Скануйте код або напишіть нам «курс німецької» у WhatsApp.'),
  row('fa', 'دورهٔ زبان آلمانی', 'کد را اسکن کنید یا برای ما «دوره» بنویسید.'),
  row('ti', 'ትምህርቲ ጀርመንኛ', 'ነቲ ኮድ ስካን ግበሩ ወይ ጽሓፉልና።'),
  row('ku', 'Kursa almanî', 'Kodê bişopînin an ji me re binivîsin.'),
  row('tr', 'Almanca kursu', 'Kodu tarayın veya bize yazın: İğdır, Şırnak.'),
  row('vi', 'Khóa học tiếng Đức', 'Quét mã hoặc viết cho chúng tôi.'),
  row('el', 'Μαθήματα γερμανικών', 'Σαρώστε τον κωδικό ή γράψτε μας.'),
];

/** A sheet in the first so many of `ROWS`. */
export function sheetIn(languages: number, ways: readonly ('WhatsApp' | 'Messenger')[]): Sheet {
  const entrances = {
    WhatsApp: {
      name: 'WhatsApp',
      link: whatsappLink('+4982112345', 'Info: deutschkurs, german course'),
      plain: ['+49 821 12345', 'wa.me/4982112345'],
    },
    Messenger: {
      name: 'Messenger',
      link: messengerLink('lotse.example', 'german-course'),
      plain: ['m.me/lotse.example'],
    },
  } as const;
  return {
    rows: ROWS.slice(0, languages),
    entrances: ways.map((name) => entrances[name]),
    sender: { name: 'Town hall & friends', contact: 'help@example.org' },
  };
}
