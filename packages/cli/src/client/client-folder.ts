import path from 'node:path';
import { lostKeyHint, newPairHint, notIssued } from '@docker-mtls/authority';
import type { PairName } from '@docker-mtls/authority';
import { parseClientName } from '@docker-mtls/ca';
import { MtlsError } from '@docker-mtls/errors';
import { exists } from '@docker-mtls/files';
import type { Args } from '../command-line/args.ts';
import { caDirectory } from '../ca/ca-directory.ts';
import type { Io } from '../io/io.ts';

export const CLIENT_FILES: readonly string[] = ['ca.pem', 'cert.pem', 'key.pem'];

/**
 * The folder of a client in the CA directory, a ready DOCKER_CERT_PATH. The registry is not asked: opening it takes
 * longer than all the rest. Codes: `NOT_ISSUED`, `PAIR_MISSING`, `FILE_NOT_PERMITTED`.
 */
export function clientFolder(args: Args, io: Io): string {
  const client: PairName = { kind: 'client', name: parseClientName(args.text('name') ?? '') };
  const directory = caDirectory(args, io);
  const folder = path.join(directory, 'clients', client.name);
  const missing = CLIENT_FILES.filter((file) => !isThere(path.join(folder, file)));
  if (missing.length === CLIENT_FILES.length) throw notIssued(client, directory);
  if (missing.length === 0) return folder;
  throw new MtlsError('PAIR_MISSING', `${folder} has no ${missing.join(' and no ')}`, {
    hint: missing.includes('key.pem')
      ? `if it is where a request was made, bundle the certificates, and unbundle --key there; ${lostKeyHint(client)}`
      : newPairHint(client),
  });
}

/** What may not be looked at is not taken for missing. */
function isThere(file: string): boolean {
  return exists(file);
}
