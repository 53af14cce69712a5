import { CA_RULES } from './ca-rules.ts';
import { EXTENSION_RULES } from './extension-rules.ts';
import { FIELD_RULES } from './field-rules.ts';
import { ISSUER_RULES } from './issuer-rules.ts';
import { LEAF_RULES } from './leaf-rules.ts';
import { NAME_RULES } from './name-rules.ts';
import type { Rule } from './rule.ts';

/** Every rule, in the order in which a certificate is read. */
export const RULES: readonly Rule[] = [
  ...FIELD_RULES,
  ...NAME_RULES,
  ...EXTENSION_RULES,
  ...CA_RULES,
  ...LEAF_RULES,
  ...ISSUER_RULES,
];
