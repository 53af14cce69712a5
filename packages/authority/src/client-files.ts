import { BundleError, verifyFiles } from '@docker-mtls/bundle';
import type { BundleFiles } from '@docker-mtls/bundle';
import { shellWord } from '@docker-mtls/errors';
import type { Entry } from '@docker-mtls/ca-directory';
import { AuthorityError } from './error.ts';
import { folderOf } from './current-pair.ts';

/**
 * A client's published files, as they were issued; files that were changed since are refused. Without a key where a
 * request was signed. Codes: `PAIR_MISSING`, `PAIR_DAMAGED`.
 */
export function clientFiles(client: Entry): BundleFiles {
  const folder = folderOf(client);
  const raw = client.read();
  try {
    const { certificate, files } = verifyFiles(raw, { now: 'any' });
    if (certificate.info.fingerprint === client.fingerprint) return files;
  } catch (error) {
    if (error instanceof BundleError) throw damaged(client, folder, error.message);
    throw error;
  }
  throw damaged(client, folder, 'cert.pem is another certificate than was issued');
}

function damaged({ name }: Entry, folder: string, reason: string): AuthorityError {
  return new AuthorityError('PAIR_DAMAGED', `the files in ${folder} cannot be used: ${reason}`, {
    hint: `copy them from a restored backup, or make a new pair: docker-mtls issue-client ${shellWord(name)} --force`,
  });
}
