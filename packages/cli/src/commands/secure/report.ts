import { warnDue } from '@docker-mtls/authority';
import type { Plan, Secured } from '@docker-mtls/secure';
import type { Report } from '../../command-line/command.ts';
import { daemonJson, daemonText, warningText } from '../../engine/daemon-report.ts';
import { proofJson } from '../../engine/proof-json.ts';
import { stepReport, stepText } from '../../engine/step-report.ts';
import { callerOf } from '../../io/caller.ts';
import type { Io } from '../../io/io.ts';
import { nextCommands, nextText } from './next-commands.ts';

/** What would be made and changed. */
export function previewReport({ order, steps: planned, daemon }: Plan): Report {
  const { changes, warnings, diff } = daemonJson(daemon);
  const { directory } = order.access;
  const steps = planned.map(stepReport);
  return {
    json: { directory, steps, changes, warnings, diff },
    text: steps.map(stepText).join('') + daemonText(daemon),
  };
}

/** What was made and changed, and what comes next. */
export function securedReport({ order }: Plan, secured: Secured, io: Io): Report {
  const { daemon, proved, server, clients } = secured;
  warnDue(callerOf(io), [...secured.authorities, server, ...clients]);
  const steps = secured.steps.map(stepReport);
  const next = nextCommands({
    listens: order.engine.listen,
    server,
    clients,
    daemon,
    proven: proved.step.outcome === 'proven',
    elsewhere: secured.isElsewhere,
  });
  const { directory } = order.access;
  const { warnings } = daemonJson(daemon);
  return {
    json: { directory, steps, warnings, ...proofJson(proved), next },
    text: `${steps.map(stepText).join('')}${daemon.written ? daemonText(daemon) : warningText(daemon)}${nextText(next)}`,
    exitCode: proved.step.outcome === 'disproven' ? 3 : 0,
  };
}
