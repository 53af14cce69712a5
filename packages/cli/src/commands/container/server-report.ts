import { formatSubjectAltName } from '@docker-mtls/ca';
import type { DaemonOutcome } from '@docker-mtls/engine';
import type { Entry } from '@docker-mtls/ca-directory';
import { CONFIG, CONFIG_FOLDER, isForOthers } from '@docker-mtls/image';
import type { HostFolder, ServerOutcome, ServerPlace } from '@docker-mtls/image';
import { daemonStep } from '@docker-mtls/secure';
import type { Report } from '../../command-line/command.ts';
import { stepReport, stepText } from '../../engine/step-report.ts';
import { serverNext } from './server-next.ts';

/** What was done, in paths of the host as far as they are known. */
export function serverReport(
  { host, knowsConfig }: ServerPlace,
  { server, ...outcome }: ServerOutcome,
): Report {
  const daemon = knowsConfig ? onHost(outcome.daemon) : outcome.daemon;
  const { config, backup, plan } = daemon;
  const steps = [...outcome.steps, daemonStep(daemon)].map(stepReport);
  const names = server.certificate().info.sans.map(formatSubjectAltName);
  const warnings = [...plan.warnings, ...warningsOf(server, host)];
  const next = serverNext(
    host.path,
    steps.some(({ outcome: what }) => what === 'made'),
  );
  const whys = plan.changes.map(({ key, why }) => `    ${key}: ${why}\n`);
  return {
    json: { certs: host.path, config, backup, steps, names, changes: plan.changes, warnings, next },
    text: [
      ...steps.map(stepText),
      ...whys,
      `  the certificate is good for ${names.join(', ')}\n`,
      next,
      // Last, where people look.
      ...warnings.map((warning) => `warning: ${warning}\n`),
    ].join(''),
  };
}

function onHost({ config, backup, ...rest }: DaemonOutcome): DaemonOutcome {
  return { ...rest, config: hostPath(config), ...(backup !== undefined && { backup: hostPath(backup) }) };
}

function hostPath(file: string): string {
  return file.replace(CONFIG, CONFIG_FOLDER);
}

function warningsOf(server: Entry, { warning }: HostFolder): readonly string[] {
  const lonely = isForOthers(server)
    ? []
    : [
        'the certificate is valid for localhost only: add names with -e SAN=node1.example.com,10.0.0.5 (or --network host)',
      ];
  return [...lonely, ...(warning === undefined ? [] : [warning])];
}
