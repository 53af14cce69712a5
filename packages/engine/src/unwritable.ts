import path from 'node:path';
import { refusalOf } from '@docker-mtls/errors';
import { checkFolder } from '@docker-mtls/files';
import { isChange } from './engine-outcome.ts';
import type { DaemonOutcome } from './engine-outcome.ts';

/** A plan that this user could not carry out, with a warning that says so. */
export function withUnwritable(outcome: DaemonOutcome): DaemonOutcome {
  const { plan, config } = outcome;
  const why = isChange(outcome) ? obstacleTo(config) : undefined;
  if (why === undefined) return outcome;
  const warning = `the file is not writable: ${why}`;
  return { ...outcome, plan: { ...plan, warnings: [...plan.warnings, warning] } };
}

function obstacleTo(config: string): string | undefined {
  return refusalOf(() => checkFolder(path.dirname(config)))?.message;
}
