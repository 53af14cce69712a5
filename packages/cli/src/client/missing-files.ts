import { lostKeyHint, newPairHint, notIssued, readerIfAny, requireCurrent } from '@docker-mtls/authority';
import type { PairName } from '@docker-mtls/authority';
import { MtlsError } from '@docker-mtls/errors';
import { CLIENT_FILES } from './client-folder.ts';

type Missing = { readonly directory: string; readonly folder: string; readonly missing: readonly string[] };

/** Why a client's folder in the CA directory is of no use. Codes: `NOT_ISSUED`, `PAIR_REVOKED`, `PAIR_MISSING`. */
export async function missingFiles(
  client: PairName,
  { directory, folder, missing }: Missing,
): Promise<MtlsError> {
  // Only the registry can tell a pair that is gone from one that never was.
  if (missing.length === CLIENT_FILES.length) await requireIssued(client, directory);
  return new MtlsError('PAIR_MISSING', `${folder} has no ${missing.join(' and no ')}`, {
    hint: missing.includes('key.pem')
      ? `if it is where a request was made, docker-mtls bundle packs the certificates, and docker-mtls unbundle FILE --key KEYFILE there joins the two; ${lostKeyHint(client)}`
      : newPairHint(client),
  });
}

async function requireIssued(client: PairName, directory: string): Promise<void> {
  const reader = await readerIfAny(directory);
  if (reader === undefined) throw notIssued(client, directory);
  try {
    await requireCurrent(reader, 'client', client.name);
  } finally {
    await reader.close();
  }
}
