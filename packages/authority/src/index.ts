export { changePassphrase } from './change-passphrase.ts';
export type { PassphraseChange, PassphraseOrder } from './change-passphrase.ts';
export { clientWithKey } from './client-with-key.ts';
export { folderOf, hasKey, lostKeyHint, newPairHint, notIssued, requireCurrent } from './current-pair.ts';
export type { PairName } from './current-pair.ts';
export { isOpen, minutesOpen, nextWindow, parseWindow } from './daily-window.ts';
export type { DailyWindow } from './daily-window.ts';
export { refreshedOrNot } from './dependent.ts';
export type { Dependent } from './dependent.ts';
export { AuthorityError } from './error.ts';
export type { AuthorityErrorCode } from './error.ts';
export { inPlace } from './finish-publishing.ts';
export { withFormerNames } from './former-names.ts';
export { issuePairs } from './issue-pairs.ts';
export type { IssuedOne } from './issue-pairs.ts';
export { issuePair, preparePair, publishPrepared, requestOf } from './issue-pair.ts';
export type { IssuedPair, PairOrder, PreparedPair } from './issue-pair.ts';
export { listEntries, stateOf } from './list-entries.ts';
export type { EntrySelection, EntryState, Listed } from './list-entries.ts';
export { issueListsIfDue } from './lists-if-due.ts';
export { sortClients } from './listed-clients.ts';
export type { ClientList } from './listed-clients.ts';
export { DEFAULT_CA_NAME, hasCa, makeCa, templateProfile } from './make-ca.ts';
export type { CaOrder, MadeCa } from './make-ca.ts';
export { makeRequest } from './make-request.ts';
export type { KeyRequest } from './make-request.ts';
export { sortServers } from './listed-servers.ts';
export type { ServerList } from './listed-servers.ts';
export { readNames, readServerNames } from './names-file.ts';
export type { ListedClient, ListedServer } from './names-file.ts';
export { readerIfAny } from './reader-if-any.ts';
export { reinstateServer } from './reinstate.ts';
export type { ServerPair } from './reinstate.ts';
export { renewCa } from './renew-ca.ts';
export type { CaRenewalOrder, RenewedCa } from './renew-ca.ts';
export { prepareRenewal } from './prepare-renewal.ts';
export { recordFailure, renew, renewablePairs, renewBatches } from './renew.ts';
export type { RenewedBatch } from './publish-renewals.ts';
export type { FailedPair, Renewed, RenewedPair, RenewOrder } from './renewed.ts';
export { rememberCopies } from './remember-copies.ts';
export { runHooks } from './run-hooks.ts';
export type { Hook, HookResult } from './run-hooks.ts';
export { judgePairs, whyWaiting } from './renewal-plan.ts';
export type { PairOf, RenewablePair, RenewalPlan, RenewalSelection, SkippedPair } from './renewal-plan.ts';
export { issueLists, listIssuer, planRevocation, revoke } from './revoke.ts';
export type { RevocationPlan, Revoked, RevokeOrder } from './revoke.ts';
export type { FoundTarget, RevocationSubject } from './revocation-target.ts';
export {
  planPreparation,
  planRetirement,
  planSwitch,
  prepareRotation,
  retireRotation,
  rotationStatus,
  switchRotation,
} from './rotate.ts';
export type { Holder, Preparation, RotationKey, RotationStatus } from './rotate.ts';
export { withSession } from './session.ts';
export type { Access, Session } from './session.ts';
export { warnDue } from './warn-due.ts';
export { refuseNotYetValid, refuseOutOfDate, requireServerKey } from './usable-pair.ts';
