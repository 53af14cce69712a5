import path from 'node:path';
import type { ConfigurationOrder, Insistence, LocalEngine } from '@docker-mtls/engine';

/** What an engine is to be, and what its user insists on where a change costs something. */
export type EngineOrder = {
  readonly engine: LocalEngine;
  /** Where it is to be reached, as `HOST:PORT`. */
  readonly listen: readonly string[];
  /** The folder of its certificates as the engine sees it; undefined: where they are on this machine. */
  readonly certsDirectory: string | undefined;
  /** Are containers to run on while it restarts? */
  readonly liveRestore: boolean;
  readonly cutOff: Insistence;
  readonly quorum: Insistence;
  readonly swarmLock: Insistence;
};

/** The engine's configuration for a server whose files are in `home`. */
export function configurationOrder(
  { engine, listen, certsDirectory, liveRestore }: Omit<EngineOrder, 'cutOff' | 'quorum' | 'swarmLock'>,
  home: string,
): ConfigurationOrder {
  const isHere = certsDirectory === undefined || path.resolve(certsDirectory) === home;
  return {
    engine,
    listen,
    certsDirectory: certsDirectory ?? home,
    certificates: isHere ? 'here' : 'elsewhere',
    refusesUnsafe: true,
    liveRestore,
  };
}
