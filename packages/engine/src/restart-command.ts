import fs from 'node:fs';
import type { RunningEngine } from './running-engines.ts';
import { isSameFile } from './same-file.ts';

type Kind = 'system' | 'rootless' | 'snap' | 'windows';

/** What of this machine decides how an engine is restarted. */
export type Services = {
  /** What starts services here. */
  readonly manager: 'systemd' | 'openrc' | 'sysvinit' | undefined;
  readonly running: readonly RunningEngine[];
};

/** What starts this machine's services: sd_booted(3), OpenRC's run folder, or a script of System V. */
export function serviceManager(): Services['manager'] {
  if (isFolder('/run/systemd/system')) return 'systemd';
  if (isFolder('/run/openrc')) return 'openrc';
  return fs.existsSync('/etc/init.d/docker') ? 'sysvinit' : undefined;
}

function isFolder(path: string): boolean {
  return fs.lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

type Which = { readonly kind: Kind; readonly config: string; readonly isUsual: boolean };

/** The command that restarts the engine which reads a daemon.json; `undefined` where it is not certain which one does. */
export function restartCommand({ kind, config, isUsual }: Which, services: Services): string | undefined {
  if (kind === 'windows') return 'Restart-Service docker';
  if (kind === 'snap') return 'snap restart docker.dockerd';
  const { manager, running } = services;
  const reader = running.find((engine) => isSameFile(engine.config, config));
  if (reader !== undefined) return reader.unit && unitCommand(reader.unit);
  if (!isUsual) return undefined;
  if (manager === 'systemd') return unitCommand({ name: 'docker', isUsers: kind === 'rootless' });
  if (manager === 'openrc') return 'rc-service docker restart';
  return manager === 'sysvinit' ? 'service docker restart' : undefined;
}

function unitCommand({ name, isUsers }: NonNullable<RunningEngine['unit']>): string {
  return `systemctl ${isUsers ? '--user ' : ''}restart ${name.replace(/^docker\.service$/, 'docker')}`;
}
