export type { Postponed } from './engine-pair.ts';
export { planEnginePair } from './plan-engine-renewal.ts';
export type { EngineRenewalOrder, EngineRenewalPlan } from './plan-engine-renewal.ts';
export { planRenewalTimer } from './plan-timer.ts';
export type { TimerOrder } from './plan-timer.ts';
export { renewEnginePair } from './renew-engine-pair.ts';
export type { EngineRenewal, EngineRestart } from './renew-engine-pair.ts';
