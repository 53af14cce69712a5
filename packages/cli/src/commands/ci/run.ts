import path from 'node:path';
import { githubSecret, pipelineFiles, renderCredentials } from '@docker-mtls/ci';
import type { CiEngine } from '@docker-mtls/ci';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { withCliSession } from '../../ca/session.ts';
import type { CliSession } from '../../ca/session.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { checkCredentialFolder, credentialFolder, writeCredentials } from './credential-folder.ts';
import { DEFAULT_OUT, readEnvironments, withEnvironments, writeEnvironments } from './environments-file.ts';
import { goodPair } from './good-pair.ts';
import { ciOrderOf } from './order.ts';
import type { CiOrder } from './order.ts';
import { credentialsOf } from './credentials-of.ts';
import { writePipeline } from './pipeline-folder.ts';
import { exportReport } from './report.ts';

/** Writes a client's credentials as an automation server keeps them, and a pipeline that uses them. */
export function run(args: Args, io: Io): Promise<Report> {
  const order = ciOrderOf(args);
  const out = args.text('out') ?? DEFAULT_OUT;
  if (out === '-') checkPrintable(args, order);
  return withCliSession(args, io, (session) =>
    out === '-' ? printSecret(session, order) : exportInto(path.resolve(io.cwd, out), session, order),
  );
}

function checkPrintable(args: Args, { target }: CiOrder): void {
  if (target !== 'github')
    throw new UsageError('--out - is for github alone', 'the other servers keep several files');
  if (args.flag('json') === true)
    throw new UsageError('--out - and --json both want stdout', 'leave one out');
}

async function printSecret(session: CliSession, order: CiOrder): Promise<Report> {
  const { entry } = await goodPair(session, order);
  const secret = githubSecret(credentialsOf(entry));
  return { json: {}, text: '', bytes: Buffer.from(secret) };
}

async function exportInto(out: string, session: CliSession, order: CiOrder): Promise<Report> {
  const { reader, io } = session;
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
  const pipeline = writePipeline({
    folder: path.join(out, 'pipeline'),
    files: pipelineFiles(order.target, engines),
    former: pipelineFiles(order.target, earlier),
    force: order.force,
  });
  writeEnvironments(out, engines);
  return exportReport({ order, out, pair, sets, pipeline, now: io.now() });
}

/** One identity may serve several environments; without any it is for no particular one. */
function environmentsOf({ engines }: CiOrder): readonly (CiEngine | undefined)[] {
  return engines.length === 0 ? [undefined] : engines;
}
