import type { DaemonOutcome } from '@docker-mtls/engine';
import type { Step } from './step.ts';

/** What became of daemon.json. */
export function daemonStep({ config, plan, dropIn, written, backup }: DaemonOutcome): Step {
  if (!written)
    return { step: 'daemon-config', outcome: 'kept', line: `${config} asks for client certificates` };
  if (plan.changes.length === 0 && dropIn !== undefined)
    return { step: 'daemon-config', outcome: 'made', line: `${dropIn.path} written` };
  const kept = backup === undefined ? 'there was none before' : `the old one is ${backup}`;
  return { step: 'daemon-config', outcome: 'made', line: `${config} written (${kept})` };
}
