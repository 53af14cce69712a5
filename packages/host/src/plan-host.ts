import { parseDaemonConfig, planDaemonConfig, planDropIn } from '@docker-mtls/daemon-config';
import type {
  DaemonConfigDocument,
  DaemonConfigOptions,
  DaemonConfigPlan,
  DropInPlan,
} from '@docker-mtls/daemon-config';
import type { HostUnit } from './host-unit.ts';

/** What daemon.json and the unit's drop-in must say together. */
export type HostPlan = { readonly config: DaemonConfigPlan; readonly dropIn: DropInPlan };

/** Plans both: a setting of the unit's command line that daemon.json has too moves there. Throws `DAEMON_CONFIG_…`. */
export function planHost(
  unit: HostUnit,
  document: DaemonConfigDocument,
  options: Omit<DaemonConfigOptions, 'flags'>,
): HostPlan {
  const config = planDaemonConfig(document, { ...options, flags: unit.command });
  return { config, dropIn: dropInFor(unit, config.after) };
}

/** The drop-in that a daemon.json of this text needs. */
export function dropInFor({ command, files, folder }: HostUnit, text: string): DropInPlan {
  return planDropIn(command, { document: parseDaemonConfig(Buffer.from(text)), files, folder });
}

export function changesSomething({ config, dropIn }: HostPlan): boolean {
  return config.changes.length > 0 || dropIn.before !== dropIn.after;
}
