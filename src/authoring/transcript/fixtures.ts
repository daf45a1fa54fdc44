import { z } from 'zod';

/**
 * What the world outside answers in a test: search results, look-ups, partners. One key for each kind of
 * step that asks outside; none does yet, so every key is refused.
 */
export const fixturesSchema = z.strictObject({});
