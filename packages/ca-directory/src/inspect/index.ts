export { inspectDirectory } from './inspect-directory.ts';
export type { DirectoryInspection } from './inspect-directory.ts';
export type { Observation, ObservationWord } from './observation.ts';
export { repairDirectory } from './repair-directory.ts';
