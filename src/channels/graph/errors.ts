/**
 * What to do about Meta's error codes, as data: sections 4 and 6 of the platform's facts (error pages of 2026).
 * `account`: nothing can be sent until an operator acts.
 */
export type ErrorClass = 'throttle' | 'transient' | 'window' | 'opt-out' | 'permanent' | 'account';

export interface ErrorRule {
  /** One code, or a range with both ends. */
  readonly code: number | readonly [number, number];
  /** If given, the error must carry this subcode too. */
  readonly subcode?: number;
  readonly class: ErrorClass;
  /** How long to wait if the answer says nothing; none: the caller's own back-off. */
  readonly afterMs?: number;
  /** By how much each further wait is longer; none: as the caller does it. */
  readonly growth?: number;
  /** In our own words: the platform's may name people. */
  readonly title: string;
}

const MINUTE_MS = 60_000;

const throttle = (code: number, title: string, afterMs?: number): ErrorRule =>
  afterMs === undefined ? { code, class: 'throttle', title } : { code, class: 'throttle', title, afterMs };
const rule = (errorClass: ErrorClass, code: ErrorRule['code'], title: string): ErrorRule => ({
  code,
  class: errorClass,
  title,
});
const sub = (errorClass: ErrorClass, code: number, subcode: number, title: string): ErrorRule => ({
  code,
  subcode,
  class: errorClass,
  title,
});

/** The first rule that fits decides. */
export const WHATSAPP_ERRORS: readonly ErrorRule[] = [
  throttle(4, 'app rate limit', MINUTE_MS),
  throttle(80007, 'account rate limit', MINUTE_MS),
  throttle(130429, 'throughput reached', 2_000),
  throttle(131048, 'spam rate limit', 10 * MINUTE_MS),
  // To wait 4^X s, X the attempt, is documented.
  { code: 131056, class: 'throttle', growth: 4, title: 'too many messages to one person' },
  throttle(132069, 'flow throttled', MINUTE_MS),
  throttle(133008, 'too many PIN guesses', 10 * MINUTE_MS),
  throttle(133009, 'PIN entered too fast', MINUTE_MS),
  throttle(133016, 'registered too often', 10 * MINUTE_MS),
  rule('transient', 1, 'server error'),
  rule('transient', 2, 'temporarily down'),
  rule('transient', 131000, 'unknown error'),
  rule('transient', 131016, 'service unavailable'),
  rule('transient', 131053, 'media could not be fetched'),
  { code: 131057, class: 'transient', afterMs: MINUTE_MS, title: 'maintenance' },
  rule('transient', 133004, 'server temporarily unavailable'),
  { code: 133015, class: 'transient', afterMs: 5 * MINUTE_MS, title: 'number recently deleted' },
  rule('window', 131047, 'more than 24 hours since the last message'),
  rule('opt-out', 131050, 'opted out'),
  rule('account', 0, 'authentication'),
  rule('account', 3, 'capability or permission'),
  rule('account', 10, 'permission denied'),
  rule('account', 33, 'business number deleted'),
  rule('account', 190, 'access token expired'),
  rule('account', [200, 299], 'permission missing'),
  rule('account', 368, 'blocked for policy violations'),
  rule('account', 131005, 'access denied'),
  rule('account', 131031, 'account locked'),
  rule('account', 131037, 'display name not approved'),
  rule('account', 131042, 'payment issue'),
  rule('account', 131045, 'number not registered'),
  rule('account', 131064, 'template classification limit'),
  rule('account', 133000, 'deregistration incomplete'),
  rule('account', [133005, 133006], 'number not verified'),
  rule('account', 133010, 'number not registered'),
  rule('permanent', 100, 'invalid parameter'),
  rule('permanent', 130403, 'person blocked by the business'),
  rule('permanent', 130472, 'person in an experiment'),
  rule('permanent', 130497, 'country restriction'),
  rule('permanent', 130501, 'not for groups'),
  rule('permanent', [131008, 131009], 'parameter missing or invalid'),
  rule('permanent', 131021, 'sender is recipient'),
  rule('permanent', 131026, 'undeliverable'),
  rule('permanent', 131030, 'recipient not allowed for a test number'),
  rule('permanent', 131049, 'healthy ecosystem limit'),
  rule('permanent', [131051, 131052], 'message type'),
  rule('permanent', [131062, 131063], 'not for this recipient'),
  rule('permanent', [132000, 132999], 'template'),
  rule('permanent', 135000, 'parameter'),
  rule('permanent', 137000, 'identity changed'),
];

/** Subcodes before their codes. */
export const MESSENGER_ERRORS: readonly ErrorRule[] = [
  sub('window', 10, 2018278, 'outside the 24-hour window'),
  sub('window', 10, 2534022, 'outside the 24-hour window'),
  sub('window', 10, 2018065, 'outside the 24-hour window'),
  sub('permanent', 10, 2018108, 'person cannot receive messages now'),
  sub('account', 10, 1893063, 'page temporarily restricted'),
  sub('opt-out', 10, 1893015, 'stopped notification messages'),
  sub('permanent', 10, 2018300, 'another app has this chat'),
  sub('transient', 10, 2018321, 'an automated answer has this chat'),
  // Meta's pages disagree on whether the person is gone or the window closed; trying again helps neither.
  sub('permanent', 200, 1545041, 'person not available'),
  throttle(4, 'app rate limit', MINUTE_MS),
  throttle(613, 'rate limit', MINUTE_MS),
  rule('transient', 1, 'unknown error'),
  rule('transient', 2, 'temporarily down'),
  rule('transient', 2018321, 'an automated answer has this chat'),
  rule('account', 0, 'authentication'),
  rule('account', 3, 'capability or permission'),
  rule('account', 10, 'permission denied'),
  rule('account', 190, 'access token invalid'),
  rule('account', [200, 299], 'permission missing'),
  rule('account', 368, 'blocked for policy violations'),
  rule('permanent', 100, 'invalid parameter'),
  rule('permanent', 551, 'person not available'),
  rule('permanent', 1545041, 'person not available'),
  rule('permanent', 2018300, 'another app has this chat'),
];

/** Null for a code that no rule knows. */
export function ruleFor(
  rules: readonly ErrorRule[],
  code: number,
  subcode: number | undefined,
): ErrorRule | null {
  const fits = (rule: ErrorRule): boolean => {
    const [first, last] = typeof rule.code === 'number' ? [rule.code, rule.code] : rule.code;
    return first <= code && code <= last && (rule.subcode === undefined || rule.subcode === subcode);
  };
  return rules.find(fits) ?? null;
}
