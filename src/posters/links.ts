/** Digits that a country has given out: E.164. */
const NUMBER = /^\+\d{6,15}$/u;

/** A page's name or id in m.me links. */
const PAGE = /^[A-Za-z0-9.]{1,64}$/u;

/** What Meta allows in a `ref`; the ids of flows are made of fewer. */
const REF = /^[A-Za-z0-9_=-]{1,60}$/u;

export const isNumber = (text: string): boolean => NUMBER.test(text);
export const isPage = (text: string): boolean => PAGE.test(text);

/**
 * Opens WhatsApp with `text` written already; the person only has to send it. Throws for what is no phone number
 * in E.164.
 */
export function whatsappLink(number: string, text: string): string {
  if (!isNumber(number)) throw new RangeError(`no phone number such as +4982112345: ${number}`);
  return `https://wa.me/${number.slice(1)}?text=${encodeURIComponent(text)}`;
}

/** Opens Messenger; `flow` comes with the first event of the chat. Throws for what no link can hold. */
export function messengerLink(page: string, flow: string): string {
  if (!isPage(page) || !REF.test(flow)) throw new RangeError(`not for an m.me link: ${page}, ${flow}`);
  return `https://m.me/${page}?ref=${flow}`;
}
