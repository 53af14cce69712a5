import { removeContext } from '@docker-mtls/context';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { dockerFolder } from '../../client/docker-folder.ts';
import type { Io } from '../../io/io.ts';
import { contextNamed } from './words.ts';

/** Removes a context with its certificates; the CA directory keeps its own. */
export async function removeContextAction(args: Args, io: Io): Promise<Report> {
  const name = contextNamed(args);
  removeContext(dockerFolder(io), name, { force: args.flag('force') === true });
  return { json: { context: name, removed: true }, text: `Removed the context ${name}\n` };
}
