import path from 'node:path';
import { hasCa, hasKey, inPlace } from '@docker-mtls/authority';
import type { ContextTls, DockerContext } from '@docker-mtls/bundle';
import { listContexts, readContext, repairInterrupted, updateContext } from '@docker-mtls/context';
import { escapeUnprintable } from '@docker-mtls/errors';
import type { Args } from '../../command-line/args.ts';
import { caDirectory } from '../../ca/ca-directory.ts';
import type { Report } from '../../command-line/command.ts';
import { certificateOf, dockerFolder, refuseOtherCa } from '../../client/docker-contexts.ts';
import type { Io } from '../../io/io.ts';
import { withCliSession } from '../../ca/session.ts';
import type { CliSession } from '../../ca/session.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { isFolder } from '../../client/client-source.ts';
import { clientTls, newerTls, unpackedTls } from './client-tls.ts';
import { issuedEntry } from './issued-entry.ts';
import { hostOf } from './words.ts';

type Updated = { readonly context: string; readonly client: string | undefined; readonly changed: boolean };

type Change = {
  readonly host: string | undefined;
  readonly description: string | undefined;
  readonly client: string | undefined;
};

/** Brings contexts up to date with the CA directory: one, or all that use a certificate of this CA. */
export async function updateAction(args: Args, io: Io): Promise<Report> {
  const name = args.text('context');
  const change = { host: hostOf(args), description: args.text('description'), client: args.text('client') };
  if (name === undefined && isChange(change))
    throw new UsageError('CONTEXT is missing', 'only certificates are refreshed everywhere at once');
  const directory = dockerFolder(io);
  repairInterrupted(directory);
  if (needsCa(change) && !(await hasCa(caDirectory(args, io))) && !isLeftAlone(directory, name))
    throw new UsageError(
      'no CA directory is here to take certificates from',
      'unpack the new bundle with docker-mtls unbundle FILE --install, or name its folder: --client ./FOLDER',
    );
  const updated =
    name === undefined
      ? await withCliSession(args, io, async (session) => refreshAll(directory, session))
      : [await updateOne(readContext(directory, name), change, { args, io })];
  return { json: { contexts: updated }, text: describe(updated) };
}

/** A folder that a bundle was unpacked to is read without a CA, and so is a new engine or description. */
function needsCa({ client, ...change }: Change): boolean {
  return client === undefined ? !isChange({ ...change, client }) : !isFolder(client);
}

/** Over SSH there is no certificate to refresh. */
function isLeftAlone(directory: string, name: string | undefined): boolean {
  return name !== undefined && readContext(directory, name).tls.certificate === undefined;
}

function isChange(change: Change): boolean {
  return Object.values(change).some((value) => value !== undefined);
}

async function updateOne(
  context: DockerContext,
  change: Change,
  { args, io }: { readonly args: Args; readonly io: Io },
): Promise<Updated> {
  const { client, ...rest } = change;
  const tls = await newTls(context, change, { args, io });
  if (tls !== undefined && client !== undefined && args.flag('force') !== true)
    refuseOtherCa(context, tls, 'then add --force');
  const changed = updateContext(dockerFolder(io), context.name, {
    ...rest,
    ...(tls !== undefined && { tls, skipTlsVerify: false }),
  });
  const whose = certificateOf(tls ?? context.tls)?.subject.commonName;
  return { context: context.name, client: whose, changed };
}

async function newTls(
  context: DockerContext,
  change: Change,
  { args, io }: { readonly args: Args; readonly io: Io },
): Promise<Required<ContextTls> | undefined> {
  const { client } = change;
  if (client !== undefined && isFolder(client)) return unpackedTls(path.resolve(io.cwd, client), io.now());
  if (!(await wantsCa(context, change, caDirectory(args, io)))) return undefined;
  return withCliSession(args, io, async (session) =>
    client === undefined ? newerTls(session, context) : clientTls(session, client),
  );
}

/** A new engine or description is given without any CA too: a laptop has none, and SSH needs none. */
async function wantsCa({ tls }: DockerContext, change: Change, directory: string): Promise<boolean> {
  if (change.client !== undefined) return true;
  if (certificateOf(tls) === undefined) return false;
  return !isChange(change) || hasCa(directory);
}

async function refreshAll(directory: string, session: CliSession): Promise<readonly Updated[]> {
  const { contexts } = listContexts(directory);
  const updated: Updated[] = [];
  for (const context of contexts) {
    const entry = await issuedEntry(session.reader, context);
    if (entry === undefined || !hasKey(await inPlace(session, entry))) continue;
    const tls = await newerTls(session, context);
    const changed = tls !== undefined && updateContext(directory, context.name, { tls });
    updated.push({ context: context.name, client: entry.name, changed });
  }
  return updated;
}

function describe(updated: readonly Updated[]): string {
  if (updated.length === 0) return 'No context uses a certificate of this CA\n';
  const lines = updated.map(({ context, client, changed }) => {
    const whose = client === undefined ? '' : ` (${escapeUnprintable(client)})`;
    return `${context}${whose}: ${changed ? 'updated' : 'up to date'}\n`;
  });
  return lines.join('');
}
