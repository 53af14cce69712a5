import path from 'node:path';
import type { Access, CaOrder, PairOrder } from '@docker-mtls/authority';
import type { FlatLayout } from '@docker-mtls/bundle';
import type { ConfigurationOrder, Insistence, LocalEngine } from '@docker-mtls/engine';

/** What is to be true at the end: a CA, a pair for the engine, pairs for its clients, and an engine that asks for them. */
export type SecureOrder = {
  /** The CA directory, and who is at work. */
  readonly access: Access;
  /** How the CA is made where there is none. */
  readonly newCa: Omit<CaOrder, 'directory'>;
  readonly server: PairOrder;
  readonly clients: readonly ClientOrder[];
  readonly engine: EngineOrder;
  /** A folder that gets a copy of the server's files. */
  readonly out: string | undefined;
  /** The addresses of this machine. */
  readonly own: readonly string[];
};

export type ClientOrder = { readonly pair: PairOrder; readonly bundle: ArchiveOrder };

/** Where a client's archive goes. */
export type ArchiveOrder = {
  readonly file: string;
  /** undefined: a folder that knows its engine. */
  readonly layout: FlatLayout | undefined;
  /** Was the file named? Then another file there is an error, else it is only reported. */
  readonly isNamed: boolean;
};

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
