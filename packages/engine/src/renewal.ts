// A new pair for an engine that serves with an earlier one.
export { renewEngine } from './renew-engine.ts';
export type { RenewalOrder } from './renew-engine.ts';
export { refuseCostlyRestart } from './restart-cost.ts';
export type { RestartCost } from './restart-cost.ts';
