import { test } from '@jest/globals';
import fc from 'fast-check';
export function agreesWithModel(_createBench: unknown): void {
  test('x', () => {
    fc.sample(fc.nat(), 1);
  });
}
