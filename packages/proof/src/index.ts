export { absenceAt } from './absence-at.ts';
export { askAnyone } from './ask-anyone.ts';
export type { AskedAnyone, Stance } from './ask-anyone.ts';
export { askSocket } from './ask-socket.ts';
export { askAsClient } from './ask-as-client.ts';
export type { ClientTls } from './ask-as-client.ts';
export { explainClient, isClientAccepted } from './findings.ts';
export { makeStranger } from './make-stranger.ts';
export { lookUp } from './look-up.ts';
export type { LookedUp } from './look-up.ts';
export { presentedAt } from './presented-at.ts';
export type { PresentedAt } from './presented-at.ts';
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
export { tap } from './tap.ts';
export type { Presented } from './presented.ts';
export type {
  AddressProof,
  EngineProof,
  Probe,
  ProofFinding,
  ProofFindingId,
  ProofVerdict,
} from './proof.ts';
