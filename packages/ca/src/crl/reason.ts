/** CRLReason (RFC 5280 5.3.1). 7 is not used; 8, removeFromCRL, is for delta CRLs alone. */
export const REASON_CODES = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;

export type RevocationReason = keyof typeof REASON_CODES;

export function reasonOf(code: number): RevocationReason | undefined {
  const names = Object.keys(REASON_CODES).filter(isReason);
  return names.find((name) => REASON_CODES[name] === code);
}

function isReason(name: string): name is RevocationReason {
  return Object.hasOwn(REASON_CODES, name);
}
