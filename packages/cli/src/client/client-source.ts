import path from 'node:path';
import type { ClientSource } from '@docker-mtls/context/client-source';
import { exists } from '@docker-mtls/files/look';
import { caDirectory } from '../ca/ca-directory.ts';
import type { Args } from '../command-line/args.ts';
import type { Io } from '../io/io.ts';
import { clientFolder } from './client-folder.ts';

/**
 * Where the files of a client are: the CA directory, a context, or a folder that a bundle was unpacked to. A laptop has
 * the last two alone. What has a slash is a folder. Codes: those of `clientFolder`.
 */
export async function clientSource(args: Args, io: Io, host: string | undefined): Promise<ClientSource> {
  const name = args.text('name') ?? '';
  const isNoName = /^\.*$/.test(name);
  if (isNoName || (!isFolder(name) && exists(path.join(caDirectory(args, io), 'clients', name))))
    return { folder: await clientFolder(args, io) };
  // Loaded late: `env` runs in every new shell, and reading contexts and registries takes most of the program.
  const { sourceElsewhere } = await import('../commands/code/engine.ts');
  return sourceElsewhere(name, host, { args, io });
}

/** A client's name has no slash, so a word with one names a folder. */
export function isFolder(word: string): boolean {
  return /[/\\]/.test(word);
}
