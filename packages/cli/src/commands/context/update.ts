import { hasCa } from '@docker-mtls/authority';
import { readContext, repairInterrupted, updateIssued, updateNamed } from '@docker-mtls/context';
import type { ContextUpdate, UpdatedContext } from '@docker-mtls/context';
import { escapeUnprintable } from '@docker-mtls/errors';
import { caAccess, withCliSession } from '../../ca/session.ts';
import { caDirectory } from '../../ca/ca-directory.ts';
import { dockerFolder } from '../../client/docker-folder.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';
import { clientOf, hostOf } from './words.ts';

/** Brings contexts up to date with the CA directory: one, or all that use a certificate of this CA. */
export async function updateAction(args: Args, io: Io): Promise<Report> {
  const name = args.text('context');
  const update = updateOf(args, io);
  if (name === undefined && isChange(update))
    throw new UsageError('CONTEXT is missing', 'only certificates are refreshed everywhere at once');
  const directory = dockerFolder(io);
  repairInterrupted(directory);
  if (needsCa(update) && !(await hasCa(caDirectory(args, io))) && !isLeftAlone(directory, name))
    throw new UsageError(
      'no CA directory is here to take certificates from',
      'unpack the new bundle with docker-mtls unbundle FILE --install, or name its folder: --client ./FOLDER',
    );
  const supply = { access: () => caAccess(args, io), now: io.now, force: args.flag('force') === true };
  const updated =
    name === undefined
      ? await withCliSession(args, io, (session) => updateIssued(directory, session))
      : [await updateNamed(directory, name, update, supply)];
  return { json: { contexts: updated }, text: describe(updated) };
}

function updateOf(args: Args, io: Io): ContextUpdate {
  return { host: hostOf(args), description: args.text('description'), client: clientOf(args, io) };
}

/** A folder that a bundle was unpacked to is read without a CA, and so is a new engine or description. */
function needsCa(update: ContextUpdate): boolean {
  return update.client === undefined ? !isChange(update) : 'name' in update.client;
}

/** Over SSH there is no certificate to refresh. */
function isLeftAlone(directory: string, name: string | undefined): boolean {
  return name !== undefined && readContext(directory, name).tls.certificate === undefined;
}

function isChange(update: ContextUpdate): boolean {
  return Object.values(update).some((value) => value !== undefined);
}

function describe(updated: readonly UpdatedContext[]): string {
  if (updated.length === 0) return 'No context uses a certificate of this CA\n';
  const lines = updated.map(({ context, client, changed }) => {
    const whose = client === undefined ? '' : ` (${escapeUnprintable(client)})`;
    return `${context}${whose}: ${changed ? 'updated' : 'up to date'}\n`;
  });
  return lines.join('');
}
