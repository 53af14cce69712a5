import { quote } from '@docker-mtls/errors';
import { readHosts } from '../document.ts';
import type { DaemonConfigDocument } from '../document.ts';
import { parseListenHost, sameAddress } from '../host.ts';
import type { TcpAddress } from '../host.ts';
import type { EngineCommand } from './engine-command.ts';
import { filesBehind, refuseLater } from './later-drop-ins.ts';
import { ROOTLESSKIT_FLAGS, mergePublications, publications } from './rootlesskit-flags.ts';
import type { Publication } from './rootlesskit-flags.ts';
import { readEnvironment } from './service-unit.ts';
import { unitProblem } from './unit-error.ts';
import { effectiveEntries } from './unit-file.ts';
import type { UnitFile } from './unit-file.ts';
import { splitWords } from './words.ts';

export type PublicationPlan = {
  /** The whole of what rootlesskit is told. */
  readonly flags: string;
  /** What the unit without us does not publish. */
  readonly added: readonly Publication[];
};

type Surroundings = {
  /** The planned daemon.json. */
  readonly document: DaemonConfigDocument;
  readonly files: readonly UnitFile[];
  /** Our drop-in. */
  readonly path: string;
  readonly publish: readonly TcpAddress[];
};

const PORT_DRIVER = 'DOCKERD_ROOTLESS_ROOTLESSKIT_PORT_DRIVER';

/**
 * Plans what rootlesskit must be told so that a rootless engine is reached; `undefined`: the unit says all of it
 * without us. Throws `DAEMON_CONFIG_UNIT` where a drop-in could not say it.
 */
export function planPublication(
  command: EngineCommand,
  { document, files, path, publish }: Surroundings,
): PublicationPlan | undefined {
  const given = command.environment.get(ROOTLESSKIT_FLAGS) ?? '';
  const flags = mergePublications(given, {
    earlier: publishedEarlier(files, path),
    listens: publish,
    ports: portsOf(document),
  });
  if (flags === given.trim().replaceAll(/\s+/g, ' ')) return undefined;
  refuseUnclear(command, given);
  refuseLater(entriesBehind(files, path));
  const before = publications(given);
  return { flags, added: publications(flags).filter((one) => !before.some((two) => isSame(one, two))) };
}

/** Where the unit, with our drop-in if it is there, has rootlesskit publish the engine. */
export function publishedNow(
  { environment }: EngineCommand,
  files: readonly UnitFile[],
): readonly TcpAddress[] {
  const flags = readEnvironment(files).get(ROOTLESSKIT_FLAGS) ?? environment.get(ROOTLESSKIT_FLAGS) ?? '';
  return publications(flags).map(({ address }) => address);
}

/** What our own drop-in publishes, if it is there. */
function publishedEarlier(files: readonly UnitFile[], path: string): string {
  return readEnvironment(files.filter((file) => file.path === path)).get(ROOTLESSKIT_FLAGS) ?? '';
}

function portsOf(document: DaemonConfigDocument): ReadonlySet<number> {
  const hosts = readHosts(document).map(parseListenHost);
  return new Set(hosts.flatMap((host) => (host?.kind === 'tcp' ? [host.address.port] : [])));
}

function refuseUnclear({ environment, fileSettings, unit }: EngineCommand, given: string): void {
  if (fileSettings.has(ROOTLESSKIT_FLAGS))
    throw unitProblem(
      `${ROOTLESSKIT_FLAGS} is set in ${unit.environmentFiles.join(' or ')}, which a drop-in cannot change`,
      'move it into the unit, as Environment=',
    );
  if (environment.get(PORT_DRIVER) === 'implicit')
    throw unitProblem(
      `${PORT_DRIVER} is "implicit", which publishes every port of the engine by itself`,
      'set it to "builtin", which publishes what it is told',
    );
  if (given.includes('%'))
    throw unitProblem(
      `${ROOTLESSKIT_FLAGS} holds a "%" (${quote(given)}), which a drop-in cannot repeat`,
      'write out what it stands for',
    );
}

function entriesBehind(files: readonly UnitFile[], path: string): ReturnType<typeof effectiveEntries> {
  return effectiveEntries(filesBehind(files, path), 'Service', 'Environment').filter(({ value }) =>
    splitWords(value).some((word) => word.value.startsWith(`${ROOTLESSKIT_FLAGS}=`)),
  );
}

function isSame(a: Publication, b: Publication): boolean {
  return sameAddress(a.address, b.address) && a.inner === b.inner;
}
