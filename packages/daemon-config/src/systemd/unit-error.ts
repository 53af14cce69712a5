import { DaemonConfigError } from '../error.ts';

/** A unit that we do not change, because we would have to guess what its author meant. */
export function unitProblem(message: string, hint: string): DaemonConfigError {
  return new DaemonConfigError('DAEMON_CONFIG_UNIT', message, { hint });
}
