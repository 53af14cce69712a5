import nodePath from 'node:path';
import { isMtlsError } from '@docker-mtls/errors';
import {
  exists,
  lstatIfExists,
  PUBLIC_FILE,
  readFileIfExists,
  removeFile,
  replaceFile,
} from '@docker-mtls/files';
import { runProgram } from '@docker-mtls/run';
import type { Run } from '@docker-mtls/run';
import { HostError } from '../host-error.ts';
import { serviceManager } from '../restart-command.ts';
import { SYSTEM } from '../scope.ts';
import { systemdOf } from '../systemd.ts';
import { renewalMark, renewalUnits } from './renewal-units.ts';
import type { RenewalService } from './renewal-units.ts';

const NAME = 'docker-mtls-renew';

/** Where the units are written, and who is asked to use them: another place and another systemctl in tests. */
export type TimerHost = { readonly folder: string; readonly run: Run; readonly isBooted: boolean };

/** Does systemd run this machine, so that it has timers? */
export function hasSystemd(): boolean {
  return serviceManager() === 'systemd';
}

const HERE: TimerHost = {
  folder: SYSTEM.units,
  run: runProgram,
  get isBooted() {
    return hasSystemd();
  },
};

export type InstalledTimer = { readonly service: string; readonly timer: string; readonly changed: boolean };

/**
 * Writes the units and has systemd start the timer, now and with the machine. Throws `HOST_NO_SYSTEMD`, `HOST_SYSTEMCTL`,
 * and `HOST_TIMER_TAKEN` where units of that name were written by somebody else or for another CA directory.
 */
export async function installRenewalTimer(
  service: RenewalService,
  host: TimerHost = HERE,
): Promise<InstalledTimer> {
  if (!host.isBooted) throw noTimer();
  const paths = pathsIn(host);
  for (const path of Object.values(paths)) refuseOther(path, service.caDirectory);
  const units = renewalUnits(service);
  const changed = [write(paths.service, units.service), write(paths.timer, units.timer)].includes(true);
  const systemd = systemdOf(host.run, SYSTEM);
  if (changed) await systemd.daemonReload();
  await systemd.enable(`${NAME}.timer`);
  // One that was at work goes by its new hours from now on.
  if (changed) await systemd.restart([`${NAME}.timer`]);
  return { ...paths, changed };
}

/** Stops the timer, and removes both units or has those of a package rest. Returns whether there was one. */
export async function removeRenewalTimer(host: TimerHost = HERE): Promise<boolean> {
  const paths = Object.values(pathsIn(host)).filter((path) => exists(path));
  for (const path of paths) refuseOther(path);
  if (paths.length === 0 && !isEnabled(host)) return false;
  const systemd = systemdOf(host.run, SYSTEM);
  if (host.isBooted) await unlessGone(() => systemd.disable(`${NAME}.timer`));
  for (const path of paths) removeFile(path);
  if (host.isBooted) await systemd.daemonReload();
  return true;
}

/** A unit file that somebody has removed by half is no reason to keep the other half. */
async function unlessGone(disable: () => Promise<void>): Promise<void> {
  try {
    await disable();
  } catch (error) {
    if (!isMtlsError(error) || !/does not exist|not loaded/i.test(error.message)) throw error;
  }
}

/** The link that systemctl makes leads to a unit of a package too. */
function isEnabled({ folder }: TimerHost): boolean {
  return lstatIfExists(nodePath.join(folder, 'timers.target.wants', `${NAME}.timer`)) !== undefined;
}

function pathsIn({ folder }: TimerHost): { readonly service: string; readonly timer: string } {
  const at = (kind: string): string => nodePath.join(folder, `${NAME}.${kind}`);
  return { service: at('service'), timer: at('timer') };
}

function write(path: string, text: string): boolean {
  if (readFileIfExists(path)?.toString('utf8') === text) return false;
  replaceFile(path, text, PUBLIC_FILE);
  return true;
}

const ANY_MARK = /^# Written by docker-mtls renew --install-timer for (.*)$/m;

function refuseOther(path: string, caDirectory?: string): void {
  const text = readFileIfExists(path)?.toString('utf8');
  if (text === undefined) return;
  const [line, whose] = ANY_MARK.exec(text) ?? [];
  if (line === undefined)
    throw taken(`${path} exists already and was not written by docker-mtls`, 'move it away first');
  if (caDirectory === undefined || line === renewalMark(caDirectory)) return;
  throw taken(`${path} renews the CA in ${whose}`, 'run docker-mtls renew --remove-timer first');
}

function taken(message: string, hint: string): HostError {
  return new HostError('HOST_TIMER_TAKEN', message, { hint });
}

function noTimer(): HostError {
  return new HostError('HOST_NO_SYSTEMD', 'systemd does not run this machine, so it has no timers', {
    hint: 'docker-mtls renew --print-timer prints a line for cron',
  });
}
