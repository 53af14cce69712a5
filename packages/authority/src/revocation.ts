// Revoking, and the lists that say so.
export { issueLists, listIssuer, planRevocation, revoke } from './revoke.ts';
export type { RevocationPlan, Revoked, RevokeOrder } from './revoke.ts';
export type { FoundTarget, RevocationSubject } from './revocation-target.ts';
