import type { Certificate } from '@docker-mtls/ca';
import type { Entry, StoreReader } from '@docker-mtls/ca-directory';

/** What a CA has on record of exactly this certificate; another CA may have used the same serial number. */
export async function entryOf(reader: StoreReader, { info }: Certificate): Promise<Entry | undefined> {
  const entries = await reader.find(info.serial);
  return entries.find(({ fingerprint }) => fingerprint === info.fingerprint);
}
