import {
  cronLine,
  hasSystemd,
  installRenewalTimer,
  removeRenewalTimer,
  renewalUnits,
} from '@docker-mtls/engine/timer';
import type { RenewalService } from '@docker-mtls/engine/timer';
import { MtlsError } from '@docker-mtls/errors';
import { planRenewalTimer } from '@docker-mtls/secure/renewal';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';
import { timerOrderOf, warnWithoutClient } from './timer-order.ts';

const WAYS = ['install-timer', 'print-timer', 'remove-timer'] as const;
type Way = (typeof WAYS)[number];

/** What the command line asks for the timer; `undefined`: nothing. */
export function timerWayOf(args: Args): Way | undefined {
  const [way, second] = WAYS.filter((name) => args.flag(name) === true);
  if (way === undefined) return undefined;
  const other = second ?? OTHERS.find((name) => args.flag(name) === true);
  if (other !== undefined)
    throw new UsageError(`--${way} and --${other} were both given`, 'omit one of them');
  if (args.text('csr') !== undefined)
    throw new UsageError(`--${way} and --csr were both given`, 'omit one of them');
  if (args.list('name').length > 0)
    throw new UsageError(`--${way} takes no names`, 'the timer renews whatever is due');
  return way;
}

const OTHERS = ['due', 'all', 'timer', 'dry-run'];

export function runTimer(way: Way, args: Args, io: Io): Promise<Report> {
  return { 'install-timer': install, 'print-timer': print, 'remove-timer': remove }[way](args, io);
}

async function install(args: Args, io: Io): Promise<Report> {
  requireRoot(io, '--install-timer');
  const wanted = await serviceOf(args, io);
  const { service, timer, changed } = await installRenewalTimer(wanted);
  const done = changed ? 'Installed' : 'The same as before:';
  return {
    json: { service, timer, user: wanted.user, changed },
    text: `${done} ${service} and ${timer}: once an hour, as ${wanted.user}\n${lookAt()}`,
  };
}

async function serviceOf(args: Args, io: Io): Promise<RenewalService> {
  const order = timerOrderOf(args, io);
  const service = await planRenewalTimer(order);
  if (order.appliesToEngine) await warnWithoutClient(order.directory, io);
  return service;
}

function lookAt(): string {
  return 'next: systemctl start docker-mtls-renew.service runs it once; systemctl list-timers docker-mtls-renew.timer\n';
}

async function print(args: Args, io: Io): Promise<Report> {
  const wanted = await serviceOf(args, io);
  if (!hasSystemd()) {
    const cron = cronLine(wanted);
    // What follows would be a line, and a command, of its own.
    if (/[\n\r]/.test(cron))
      throw new UsageError(
        'a line break cannot be in a crontab',
        'name a folder without one, and a script as the hook',
      );
    return { json: { user: wanted.user, cron }, text: `# crontab -e, as ${wanted.user}\n${cron}\n` };
  }
  const { service, timer } = renewalUnits(wanted);
  const file = '/etc/systemd/system/docker-mtls-renew';
  return {
    json: { user: wanted.user, service, timer },
    text: `# ${file}.service\n${service}\n# ${file}.timer\n${timer}`,
  };
}

async function remove(_: Args, io: Io): Promise<Report> {
  requireRoot(io, '--remove-timer');
  const removed = await removeRenewalTimer();
  return { json: { removed }, text: removed ? 'Removed the timer\n' : 'There was no timer\n' };
}

function requireRoot({ uid }: Io, option: string): void {
  if (uid === 0) return;
  throw new MtlsError('TIMER_NEEDS_ROOT', `renew ${option} changes units of the system`, {
    hint: 'run it with sudo, and name the CA directory with --ca-dir; renew --print-timer shows the units',
  });
}
