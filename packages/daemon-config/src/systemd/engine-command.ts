import { quote } from '@docker-mtls/errors';
import { parseEngineFlags } from './engine-flags.ts';
import type { EngineFlag } from './engine-flags.ts';
import { parseEnvironmentFile } from './environment-file.ts';
import { expandWords } from './expand.ts';
import type { Argument } from './expand.ts';
import { placeOf } from './service-unit.ts';
import type { ServiceUnit } from './service-unit.ts';
import { unitProblem } from './unit-error.ts';

/** How the engine is started, variables replaced. */
export type EngineCommand = {
  readonly unit: ServiceUnit;
  readonly arguments: readonly Argument[];
  readonly flags: readonly EngineFlag[];
  /** What `-H` opens. */
  readonly hosts: readonly string[];
  /** Do flags turn TLS on? */
  readonly tls: boolean;
  /** `--config-file`, when the engine reads another file than the usual one. */
  readonly configFile: string | undefined;
  /** What the engine finds in its environment. */
  readonly environment: ReadonlyMap<string, string>;
  /** What of that comes from environment files, which have the last word. */
  readonly fileSettings: ReadonlyMap<string, string>;
};

type Surroundings = {
  /** The environment files by their paths; one that is not there counts as empty. */
  readonly texts: ReadonlyMap<string, string>;
  /** What the service manager hands on to all its units: `systemctl set-environment`, DefaultEnvironment=. */
  readonly inherited?: ReadonlyMap<string, string>;
};

/**
 * Works out what the engine is told, in the order in which systemd lets one setting win over another. Throws
 * `DAEMON_CONFIG_UNIT`.
 */
export function readEngineCommand(
  unit: ServiceUnit,
  { texts, inherited = new Map() }: Surroundings,
): EngineCommand {
  const fileSettings = new Map(
    unit.environmentFiles.flatMap((path) => [...parseEnvironmentFile(texts.get(path) ?? '')]),
  );
  const environment = withoutUnset(new Map([...inherited, ...unit.environment, ...fileSettings]), unit);
  const args = unit.expands
    ? expandWords(unit.words, environment)
    : unit.words.map(({ value }, word) => ({ value, word }));
  const flags = parseEngineFlags(args.map(({ value }) => value));
  return {
    unit,
    arguments: args,
    flags,
    hosts: hostsOf(flags, unit),
    tls: flags.some(({ name, value }) => name === 'tlsverify' || (name === 'tls' && value !== 'false')),
    configFile: flags.findLast(({ name }) => name === 'config-file')?.value,
    environment,
    fileSettings,
  };
}

/** systemd.exec(5): what `UnsetEnvironment=` names goes last of all, whatever has set it; with a value, only if it has that. */
function withoutUnset(
  environment: ReadonlyMap<string, string>,
  { unsetEnvironment }: ServiceUnit,
): ReadonlyMap<string, string> {
  const unset = new Set(unsetEnvironment);
  return new Map(
    [...environment].filter(([name, value]) => !unset.has(name) && !unset.has(`${name}=${value}`)),
  );
}

/** They move into daemon.json, where no %H and no %t is replaced. */
function hostsOf(flags: readonly EngineFlag[], { source }: ServiceUnit): readonly string[] {
  const hosts = flags.flatMap(({ name, value }) => (name === 'host' && value !== undefined ? [value] : []));
  const unclear = hosts.find((host) => host.includes('%'));
  if (unclear === undefined) return hosts;
  throw unitProblem(
    `${placeOf(source)}: the host ${quote(unclear)} holds something that only systemd replaces`,
    'write out what it stands for',
  );
}
