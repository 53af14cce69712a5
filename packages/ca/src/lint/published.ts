import { keyPublishedIn } from '../keys/published-key.ts';
import type { LintFinding } from './rule.ts';

/** The finding for a certificate with a published key: it proves nothing, whatever else is right about it. */
export function publishedFindings(
  spki: Buffer,
  lookUp: typeof keyPublishedIn = keyPublishedIn,
): LintFinding[] {
  const where = lookUp(spki);
  if (where === undefined) return [];
  return [
    {
      rule: 'private-key-published',
      severity: 'error',
      message: `its private key is public, in ${where}: anybody can pose as its owner`,
      citation: 'RFC 5280 section 8',
    },
  ];
}
