import type { Rule } from './rule.ts';

/** Every rule of `lotse check`, in the order of their findings. */
export const rules: readonly Rule[] = [];
