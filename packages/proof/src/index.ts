export { absenceAt } from './absence-at.ts';
export { explainClient, isClientAccepted } from './findings.ts';
export { makeStranger } from './make-stranger.ts';
export { lookUp } from './look-up.ts';
export type { LookedUp } from './look-up.ts';
export { proveEngine, withPairsOnce } from './prove-engine.ts';
export type {
  Client,
  PairPem,
  ProofOrder,
  Stranger,
  StrangerKind,
  ProofTarget,
  TlsVersion,
} from './order.ts';
export type { ProbeOutcome, PluginAnswer } from './outcome.ts';
export { atMost, limitRead } from './reach.ts';
export type {
  AddressProof,
  EngineProof,
  Probe,
  ProofFinding,
  ProofFindingId,
  ProofVerdict,
} from './proof.ts';
