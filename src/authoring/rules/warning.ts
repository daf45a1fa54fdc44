import type { Finding, FindingCode } from '../finding.ts';
import type { Source } from '../source.ts';

/** Like `source.finding`, of something that works but not well. */
export function warning(
  source: Source,
  code: FindingCode,
  path: readonly (string | number)[],
  message: string,
  options: { key?: boolean; offset?: number } = {},
): Finding {
  return { ...source.finding(code, path, message, options), severity: 'warning' };
}
