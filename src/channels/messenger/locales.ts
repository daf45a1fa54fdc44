/**
 * Meta's locales for what a page shows by itself, by BCP 47 language: the page «Supported Locales» of the Messenger
 * Platform. Meta has languages of its own making (`cb_IQ` for Sorani, `ar_AR` for all Arabic, `es_LA` for all Latin
 * America), and none for Tigrinya, Amharic or Dari: who uses those sees `default`.
 */
const LOCALES: Readonly<Record<string, readonly string[]>> = {
  ar: ['ar_AR'],
  az: ['az_AZ'],
  be: ['be_BY'],
  bg: ['bg_BG'],
  bn: ['bn_IN'],
  bs: ['bs_BA'],
  ckb: ['cb_IQ'],
  cs: ['cs_CZ'],
  de: ['de_DE'],
  el: ['el_GR'],
  en: ['en_US', 'en_GB'],
  es: ['es_ES', 'es_LA'],
  fa: ['fa_IR'],
  ff: ['ff_NG'],
  fr: ['fr_FR', 'fr_CA'],
  ha: ['ha_NG'],
  he: ['he_IL'],
  hi: ['hi_IN'],
  hr: ['hr_HR'],
  hu: ['hu_HU'],
  hy: ['hy_AM'],
  it: ['it_IT'],
  ka: ['ka_GE'],
  kk: ['kk_KZ'],
  ku: ['ku_TR'],
  kmr: ['ku_TR'],
  lt: ['lt_LT'],
  lv: ['lv_LV'],
  mk: ['mk_MK'],
  my: ['my_MM'],
  ne: ['ne_NP'],
  nl: ['nl_NL', 'nl_BE'],
  pa: ['pa_IN'],
  pl: ['pl_PL'],
  ps: ['ps_AF'],
  pt: ['pt_PT', 'pt_BR'],
  ro: ['ro_RO'],
  ru: ['ru_RU'],
  rw: ['rw_RW'],
  si: ['si_LK'],
  sk: ['sk_SK'],
  so: ['so_SO'],
  sq: ['sq_AL'],
  sr: ['sr_RS'],
  sw: ['sw_KE'],
  ta: ['ta_IN'],
  tg: ['tg_TJ'],
  th: ['th_TH'],
  tr: ['tr_TR'],
  uk: ['uk_UA'],
  ur: ['ur_PK'],
  uz: ['uz_UZ'],
  vi: ['vi_VN'],
  zh: ['zh_CN', 'zh_TW', 'zh_HK'],
};

/** Where Meta knows a language, by its tag or else by the language in it (`pt-br`); []: nowhere. */
export function localesOf(language: string): readonly string[] {
  const [main = '', region] = language.split('-');
  const all = LOCALES[main.toLowerCase()] ?? [];
  const own = all.filter((locale) => locale.slice(3).toLowerCase() === region?.toLowerCase());
  return own.length > 0 ? own : all;
}
