// Renewing what is due: which pairs, when, and what is run afterwards.
export { isOpen, minutesOpen, nextWindow, parseWindow } from './daily-window.ts';
export type { DailyWindow } from './daily-window.ts';
export { issueListsIfDue } from './lists-if-due.ts';
export { prepareRenewal } from './prepare-renewal.ts';
export { recordFailure, renew, renewablePairs, renewBatches } from './renew.ts';
export type { RenewedBatch } from './publish-renewals.ts';
export type { FailedPair, Renewed, RenewedPair, RenewOrder } from './renewed.ts';
export { runHooks } from './run-hooks.ts';
export type { Hook, HookResult } from './run-hooks.ts';
export { judgePairs, whyWaiting } from './renewal-plan.ts';
export type { PairOf, RenewablePair, RenewalPlan, RenewalSelection, SkippedPair } from './renewal-plan.ts';
