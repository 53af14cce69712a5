import { parseDaemonConfig, planDaemonConfig, planDropIn, planLiveRestore } from '@docker-mtls/daemon-config';
import type {
  DaemonConfigDocument,
  DaemonConfigOptions,
  DaemonConfigPlan,
  DropInPlan,
} from '@docker-mtls/daemon-config';
import type { HostUnit } from './host-unit.ts';

/** What daemon.json and the unit's drop-in must say together. */
export type HostPlan = {
  readonly config: DaemonConfigPlan;
  readonly dropIn: DropInPlan;
  /** Is the engine to keep its containers first? */
  readonly liveRestore: boolean;
};

export type HostOptions = Omit<DaemonConfigOptions, 'flags'> & { readonly liveRestore: boolean };

/** Plans both: a setting of the unit's command line that daemon.json has too moves there. Throws `DAEMON_CONFIG_…`. */
export function planHost(
  unit: HostUnit,
  document: DaemonConfigDocument,
  { liveRestore, ...options }: HostOptions,
): HostPlan {
  const flags = unit.command;
  if (!liveRestore || flags.flags.some(({ name }) => name === 'live-restore')) {
    const config = planDaemonConfig(document, { ...options, flags });
    return { config, dropIn: dropInFor(unit, config.after), liveRestore: false };
  }
  const first = planLiveRestore(document);
  const second = planDaemonConfig(parseDaemonConfig(Buffer.from(first.after)), { ...options, flags });
  const { exists, before } = first;
  const config = { ...second, exists, before, changes: [...first.changes, ...second.changes] };
  return { config, dropIn: dropInFor(unit, config.after), liveRestore: true };
}

/** The drop-in that a daemon.json of this text needs. */
export function dropInFor({ command, files, folder }: HostUnit, text: string): DropInPlan {
  return planDropIn(command, { document: parseDaemonConfig(Buffer.from(text)), files, folder });
}

export function changesSomething({ config, dropIn }: HostPlan): boolean {
  return config.changes.length > 0 || dropIn.before !== dropIn.after;
}
