import type { StoreReader } from '@docker-mtls/ca-directory';
import { wantedListens } from '@docker-mtls/engine';
import type { LocalEngine } from '@docker-mtls/engine';
import type { ServingEngines } from '@docker-mtls/engine/serving-engines';
import { quote } from '@docker-mtls/errors';
import { servedServer, serverWith } from '../pair/served-pair.ts';

/** An engine of this machine that serves with a pair of the CA directory. */
export type PairedEngine = {
  /** Its daemon.json. */
  readonly config: string;
  /** The server that its pair was issued to. */
  readonly name: string;
  /** `HOST:PORT` of each address that it listens on. */
  readonly listens: readonly string[];
};

export type EnginesOrder = {
  readonly reader: StoreReader;
  /** The engine that the files of this machine describe, or that was named. */
  readonly engine: LocalEngine;
  /** Those that are meant, by their processes. */
  readonly serving: ServingEngines;
};

type Engines = {
  readonly engines: readonly PairedEngine[];
  /** Others that serve on the network, and why they are not among these. */
  readonly unchecked: readonly string[];
};

/** The engines of this machine by their processes; where none has a pair, the one that the files describe. */
export async function enginesWithPair(order: EnginesOrder): Promise<Engines> {
  const { reader, serving } = order;
  const engines: PairedEngine[] = [];
  const unchecked = serving.unreadable.map(
    ({ config, reason }) => `the engine that reads ${quote(config)}: ${reason}`,
  );
  for (const { config, listens, certificateFile } of serving.engines) {
    const name = certificateFile && (await serverWith(certificateFile, reader));
    if (name) engines.push({ config, name, listens });
    else
      unchecked.push(
        `the engine that reads ${quote(config)} and listens on ${listens.join(' and ')}: it does not serve with a pair of this CA directory`,
      );
  }
  return { engines: engines.length > 0 ? engines : await fromFiles(order), unchecked };
}

async function fromFiles({ reader, engine }: EnginesOrder): Promise<readonly PairedEngine[]> {
  const name = await servedServer(engine.config, reader);
  if (name === undefined) return [];
  return [{ config: engine.config, name, listens: await wantedListens(engine, []) }];
}
