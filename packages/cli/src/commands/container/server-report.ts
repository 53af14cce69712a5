import { formatSubjectAltName } from '@docker-mtls/ca';
import type { DaemonOutcome } from '@docker-mtls/engine';
import type { Entry } from '@docker-mtls/ca-directory';
import { daemonStep } from '@docker-mtls/secure';
import type { Step } from '@docker-mtls/secure';
import type { Report } from '../../command-line/command.ts';
import { stepReport, stepText } from '../../engine/step-report.ts';
import { CONFIG } from './folders.ts';
import type { HostFolder } from './host-folder.ts';
import { CONFIG_FOLDER } from './host-path.ts';
import { isForOthers } from './server-address.ts';
import { serverNext } from './server-next.ts';

export type ServerOutcome = {
  readonly steps: readonly Step[];
  readonly server: Entry;
  readonly daemon: DaemonOutcome;
  readonly host: HostFolder;
  readonly knowsConfig: boolean;
};

/** What was done, in paths of the host as far as they are known. */
export function serverReport({ server, host, knowsConfig, ...outcome }: ServerOutcome): Report {
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
