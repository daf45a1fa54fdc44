import { formatFinding } from '../finding.ts';
import { loadTests } from './load.ts';

/**
 * A test file with one more test at its end; what stands in it stays as it is, letter by letter. The message
 * says why a file cannot take one.
 */
export function appendTest(
  file: string,
  flow: string,
  before: string,
  yaml: string,
): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string } {
  const isEmpty = before.replace(/^\s*(#.*)?$/gmu, '').trim() === '';
  const earlier = loadTests(file, flow, before);
  const [broken] = isEmpty ? [] : earlier.findings;
  if (broken) return { ok: false, message: `mend this first: ${formatFinding(broken)}` };
  const [, indent = ''] = /^( *)- /mu.exec(before) ?? [];
  const indented = yaml.trimEnd().replace(/^(?=.)/gmu, indent);
  const start = before.trimEnd();
  const text = `${start}${start === '' ? '' : '\n\n'}${indented}\n`;
  const { tests, findings } = loadTests(file, flow, text);
  const whole = findings.length === 0 && tests.length === (isEmpty ? 0 : earlier.tests.length) + 1;
  if (whole) return { ok: true, text };
  return { ok: false, message: `${file} is not a plain list of tests, so nothing can be added at its end` };
}
