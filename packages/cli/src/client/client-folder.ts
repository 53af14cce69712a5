import path from 'node:path';
import { parseClientName } from '@docker-mtls/ca/names';
import { exists } from '@docker-mtls/files/look';
import type { Args } from '../command-line/args.ts';
import { caDirectory } from '../ca/ca-directory.ts';
import type { Io } from '../io/io.ts';

export const CLIENT_FILES: readonly string[] = ['ca.pem', 'cert.pem', 'key.pem'];

/**
 * The folder of a client in the CA directory, a ready DOCKER_CERT_PATH. The registry is not asked: opening it takes
 * longer than all the rest. Codes: `NOT_ISSUED`, `PAIR_REVOKED`, `PAIR_MISSING`, `FILE_NOT_PERMITTED`.
 */
export async function clientFolder(args: Args, io: Io): Promise<string> {
  const name = parseClientName(args.text('name') ?? '');
  const directory = caDirectory(args, io);
  const folder = path.join(directory, 'clients', name);
  // What may not be looked at is not taken for missing.
  const missing = CLIENT_FILES.filter((file) => !exists(path.join(folder, file)));
  if (missing.length === 0) return folder;
  // Loaded late: most of the program comes with it.
  const { missingFiles } = await import('../commands/code/ca.ts');
  throw await missingFiles({ kind: 'client', name }, { directory, folder, missing });
}
