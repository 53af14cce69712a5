import type { Rule } from './rule.ts';

/** Every rule, in the order of the fields of a certificate. */
export const RULES: readonly Rule[] = [];
