import fs from 'node:fs';
import { readTrustedRoots } from '@docker-mtls/ca';
import { openHosts, readEngineFiles, readScalar, writtenKeys } from '@docker-mtls/daemon-config';
import type { DaemonConfigDocument } from '@docker-mtls/daemon-config';
import { readFile } from '@docker-mtls/files';
import { HostError } from '../host-error.ts';
import type { HostUnit } from '../host-unit.ts';

/** What a reload takes from daemon.json besides the plugins (moby daemon/reload.go). */
const RELOADABLE: ReadonlySet<string> = new Set([
  'allow-nondistributable-artifacts',
  'debug',
  'default-runtime',
  'features',
  'insecure-registries',
  'labels',
  'live-restore',
  'log-level',
  'max-concurrent-downloads',
  'max-concurrent-uploads',
  'max-download-attempts',
  'network-diagnostic-port',
  'registry-mirrors',
  'runtimes',
  'shutdown-timeout',
]);

/** Refuses an engine on which the plugin would not decide about everyone, or whose reload would change more. */
export function refusePluginHere(
  unit: HostUnit,
  document: DaemonConfigDocument,
  { force, roots }: { readonly force: boolean; readonly roots: string | Uint8Array },
): void {
  if (unit.scope.isRootless)
    throw unsupported(
      'authz install does not serve rootless engines yet',
      'run docker-mtls authz serve for it',
    );
  if (!unit.isActive)
    throw unsupported('the engine is not running', 'start it first: systemctl start docker');
  if (unit.command.flags.some(({ name }) => name === 'authorization-plugin')) {
    throw new HostError('HOST_FLAGS_CLASH', `${unit.name} names authorization plugins with a flag`, {
      hint: 'move them to daemon.json: the engine does not start with both',
    });
  }
  refuseOpen(unit, document);
  refuseOtherRoots(document, roots);
  const others = force ? [] : othersThatDiffer(unit, document);
  if (others.length === 0) return;
  throw new HostError(
    'HOST_PLUGIN_RELOAD',
    `${unit.config} was changed after the engine started, and a reload would bring this into force as well: ${others.join(', ')}`,
    { hint: 'add --force if that is intended' },
  );
}

/** A network client without a certificate would be taken for one of the local socket. */
function refuseOpen(unit: HostUnit, document: DaemonConfigDocument): void {
  const hosts = openHosts(document, unit.opens).flat();
  const isOnNetwork = hosts.some((host) => !/^(?:unix|fd|npipe):/.test(host));
  const verifies =
    readScalar(document, 'tlsverify') === true || unit.command.flags.some(({ name }) => name === 'tlsverify');
  if (!isOnNetwork || verifies) return;
  throw new HostError(
    'HOST_PLUGIN_OPEN',
    'the engine serves clients on a network without asking for a certificate',
    {
      hint: 'run docker-mtls secure --apply first',
    },
  );
}

/** Whom the engine serves by another CA the plugin would deny. */
function refuseOtherRoots(document: DaemonConfigDocument, roots: string | Uint8Array): void {
  const file = readEngineFiles(document)?.ca;
  if (file === undefined) return;
  const own = new Set(fingerprints(Buffer.from(roots)));
  const isOther = fingerprints(readFile(file)).some((fingerprint) => !own.has(fingerprint));
  if (!isOther) return;
  throw new HostError(
    'HOST_CUTS_OFF',
    `${file} trusts a CA that is not in the CA directory: its clients would be denied`,
    {
      hint: 'use the CA directory that the engine was secured with, or remove that CA from the file',
    },
  );
}

function fingerprints(pem: Buffer): readonly string[] {
  return readTrustedRoots(pem).certificates.map(({ info }) => info.fingerprint);
}

/** Settings that may not be what the engine runs with: the file is younger than it. */
function othersThatDiffer({ pid, config }: HostUnit, document: DaemonConfigDocument): readonly string[] {
  const changedAt = fs.statSync(config, { throwIfNoEntry: false })?.ctimeMs;
  if (changedAt === undefined || changedAt <= startedAt(pid)) return [];
  return [...writtenKeys(document)].filter((key) => RELOADABLE.has(key));
}

const TICKS_PER_SECOND = 100;

/** Milliseconds since 1970; a moment too early if anything. Field 22 of proc(5), /proc/PID/stat, counts from the boot. */
function startedAt(pid: number): number {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const uptime = Number(fs.readFileSync('/proc/uptime', 'latin1').split(' ')[0]);
  return new Date().getTime() - (uptime - ticks / TICKS_PER_SECOND) * 1000;
}

function unsupported(message: string, hint: string): HostError {
  return new HostError('HOST_PLUGIN_UNSUPPORTED', message, { hint });
}
