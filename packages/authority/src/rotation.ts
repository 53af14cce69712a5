// A new certificate or a new key for a CA.
export { renewCa } from './renew-ca.ts';
export type { CaRenewalOrder, RenewedCa } from './renew-ca.ts';
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
