import path from 'node:path';
import { rememberCopies } from '@docker-mtls/authority';
import type { Session } from '@docker-mtls/authority';
import type { CiEngine } from '../ci-engine.ts';
import { githubSecret, renderCredentials } from '../credentials.ts';
import { pipelineFiles } from '../pipeline/pipeline-files.ts';
import { checkCredentialFolder, credentialFolder, writeCredentials } from './credential-folder.ts';
import { readEnvironments, withEnvironments, writeEnvironments } from './environments-file.ts';
import { credentialsOf, goodPair } from './good-pair.ts';
import type { GoodPair } from './good-pair.ts';
import type { CiOrder } from './order.ts';
import { writePipeline } from './pipeline-folder.ts';
import type { WrittenPipeline } from './pipeline-folder.ts';

/** What an export has written. */
export type Exported = {
  readonly pair: GoodPair;
  readonly sets: readonly CredentialSet[];
  /** Where the pipeline is, and what became of its files. */
  readonly pipeline: WrittenPipeline & { readonly directory: string };
};

export type CredentialSet = {
  readonly engine: CiEngine | undefined;
  readonly folder: string;
  readonly files: readonly string[];
};

/**
 * Writes a client's credentials to a folder, as an automation server keeps them, and a pipeline that uses them. A pair is
 * issued where there is none, or too little of its life is left. Codes: `OUT_EXISTS`, `CI_…`, those of issuing.
 */
export async function exportCredentials(out: string, session: Session, order: CiOrder): Promise<Exported> {
  const { reader } = session;
  const places = environmentsOf(order).map((engine) => ({
    engine,
    folder: credentialFolder(out, order, engine),
  }));
  const earlier = readEnvironments(out);
  for (const { engine, folder } of places) await checkCredentialFolder(folder, order, { engine, reader });
  const pair = await goodPair(session, order);
  const credentials = credentialsOf(pair.entry);
  const sets = places.map(({ engine, folder }) => {
    const files = renderCredentials(order.target, { ...credentials, engine });
    writeCredentials(out, folder, files);
    return { engine, folder, files: files.map(({ name }) => name) };
  });
  const engines = withEnvironments(earlier, order.engines);
  const directory = path.join(out, 'pipeline');
  const pipeline = writePipeline({
    folder: directory,
    files: pipelineFiles(order.target, engines),
    former: pipelineFiles(order.target, earlier),
    force: order.force,
  });
  writeEnvironments(out, engines);
  await rememberCopies(session, out);
  return { pair, sets, pipeline: { directory, ...pipeline } };
}

/** One identity may serve several environments; without any it is for no particular one. */
function environmentsOf({ engines }: CiOrder): readonly (CiEngine | undefined)[] {
  return engines.length === 0 ? [undefined] : engines;
}

/** The same as one value for a secret of GitHub; nothing is written. */
export async function exportSecret(session: Session, order: CiOrder): Promise<string> {
  const { entry } = await goodPair(session, order);
  return githubSecret(credentialsOf(entry));
}
