/**
 * The languages that Meta takes templates in (its page «Supported languages», of May 2026), without the
 * countries beside a language that also stands alone: those are looked for with their country first.
 */
const TAKEN: ReadonlySet<string> = new Set(
  `af ar az bg bn ca cs da de el en es et fa fi fil fr ga gu ha he hi hr hu id it ja ka kk kn ko lo lt lv mk ml
  mr ms nb nl pa pl ro ru sk sl sq sr sv sw ta te th tr uk ur uz vi zu
  ar_AE ar_EG ar_LB ar_MA ar_QA be_BY bn_IN de_AT de_CH en_AE en_AU en_CA en_GB en_GH en_IE en_IN en_JM en_MY
  en_NZ en_QA en_SG en_UG en_US en_ZA es_AR es_CL es_CO es_CR es_DO es_EC es_ES es_HN es_MX es_PA es_PE es_UY
  fr_BE fr_CA fr_CH fr_CI fr_MA ky_KG nl_BE prs_AF ps_AF pt_BR pt_PT rw_RW si_LK zh_CN zh_HK zh_TW`.split(
    /\s+/u,
  ),
);

/** What Meta writes otherwise: a country it always names, or another tag for the same language. */
const WRITTEN: ReadonlyMap<string, string> = new Map(
  Object.entries({
    be: 'be_BY',
    'fa-AF': 'prs_AF',
    ky: 'ky_KG',
    no: 'nb',
    nn: 'nb',
    prs: 'prs_AF',
    ps: 'ps_AF',
    pt: 'pt_PT',
    rw: 'rw_RW',
    si: 'si_LK',
    tl: 'fil',
    zh: 'zh_CN',
    'zh-Hans': 'zh_CN',
    'zh-Hant': 'zh_TW',
    'zh-Hant-HK': 'zh_HK',
  }),
);

/**
 * Languages that Meta takes no templates in, and the one whose template is sent instead: what most people who
 * speak it in Europe read as well. The conversation itself goes on in their own language once they answer.
 */
const INSTEAD: ReadonlyMap<string, string> = new Map(
  Object.entries({
    // Kurdish: Sorani from Iraq, Kurmanji from Turkey and Syria
    ckb: 'ar',
    ku: 'tr',
    kmr: 'tr',
    // Horn of Africa
    am: 'en',
    om: 'en',
    so: 'en',
    ti: 'en',
    // former Yugoslavia and Soviet Union
    bs: 'hr',
    ce: 'ru',
    hy: 'ru',
    mn: 'ru',
    tg: 'ru',
    tk: 'ru',
    // West and Central Africa
    bm: 'fr',
    ff: 'fr',
    ln: 'fr',
    wo: 'fr',
    // South and South-East Asia
    my: 'en',
    ne: 'en',
    rhg: 'en',
  }),
);

/** Meta's code for the template in a language, a BCP 47 tag; a tag it does not know goes with underscores. */
export function templateLanguage(tag: string): string {
  const parts = tag.split('-');
  // From the whole tag to its language alone: zh-Hant-HK, zh-Hant, zh.
  for (let count = parts.length; count > 0; count -= 1) {
    const shorter = parts.slice(0, count).join('-');
    const written = WRITTEN.get(shorter) ?? shorter.replaceAll('-', '_');
    const code = TAKEN.has(written) ? written : INSTEAD.get(shorter);
    if (code !== undefined) return code;
  }
  return tag.replaceAll('-', '_');
}
