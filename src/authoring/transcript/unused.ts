import type { Finding } from '../finding.ts';
import type { Test, TestFile } from './load.ts';
import { fixturePath } from './names.ts';
import type { Run } from './play.ts';

/** Fixtures that no run of their test asked for: they say something that is not so. */
export function unusedFixtures({ source }: TestFile, runs: readonly Run[]): Finding[] {
  const used = new Map<Test, Set<string>>();
  for (const { test, asked } of runs) used.set(test, new Set([...(used.get(test) ?? []), ...asked]));
  return [...used].flatMap(([test, asked]) =>
    test.file !== source.file
      ? []
      : [...test.fixtures.keys()]
          .filter((step) => !asked.has(step))
          .map((step) => {
            const message = `the step '${step}' asks nobody in this test; remove this, or mend the conversation`;
            return source.finding('wrong-shape', fixturePath(test, step), message, { key: true });
          }),
  );
}
