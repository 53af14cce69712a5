export { accountOf } from './account.ts';
export { cronLine } from './cron-line.ts';
export { hasSystemd, installRenewalTimer, removeRenewalTimer } from './renewal-timer.ts';
export type { InstalledTimer } from './renewal-timer.ts';
export { renewalUnits, TIMER_MINUTES } from './renewal-units.ts';
export type { RenewalService, RenewalUnits } from './renewal-units.ts';
