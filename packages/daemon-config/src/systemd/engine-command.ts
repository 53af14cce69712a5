import { parseEngineFlags } from './engine-flags.ts';
import type { EngineFlag } from './engine-flags.ts';
import { parseEnvironmentFile } from './environment-file.ts';
import { expandWords } from './expand.ts';
import type { Argument } from './expand.ts';
import type { ServiceUnit } from './service-unit.ts';

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
};

/**
 * Works out what the engine is told. `texts` holds the environment files by their paths; one that is not there counts
 * as empty, as it does for systemd when the unit says so.
 */
export function readEngineCommand(unit: ServiceUnit, texts: ReadonlyMap<string, string>): EngineCommand {
  const environment = new Map([
    ...unit.environment,
    ...unit.environmentFiles.flatMap(({ path }) => [...parseEnvironmentFile(texts.get(path) ?? '')]),
  ]);
  const args = unit.expands
    ? expandWords(unit.words, environment)
    : unit.words.map(({ value }, word) => ({ value, word }));
  const flags = parseEngineFlags(args.map(({ value }) => value));
  return {
    unit,
    arguments: args,
    flags,
    hosts: flags.flatMap(({ name, value }) => (name === 'host' && value !== undefined ? [value] : [])),
    tls: flags.some(({ name, value }) => name === 'tlsverify' || (name === 'tls' && value !== 'false')),
    configFile: flags.findLast(({ name }) => name === 'config-file')?.value,
  };
}
