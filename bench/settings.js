/** What the load generator and the servers under test must agree on. */
export const APP_SECRET = 'an app secret for benchmarks';
export const NUMBER = '1122334455667';
export const LOTSE_SECRET = 'a secret of more than thirty-two characters';
