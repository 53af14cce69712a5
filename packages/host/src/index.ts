export { HostError } from './host-error.ts';
export type { HostErrorCode } from './host-error.ts';
export { isBooted, readHostUnit } from './host-unit.ts';
export type { HostUnit } from './host-unit.ts';
export { runProgram } from './run-program.ts';
export type { Ran, Run } from './run-program.ts';
