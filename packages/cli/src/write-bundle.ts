import path from 'node:path';
import { packBundle, readArchive } from '@docker-mtls/bundle';
import type { FlatLayout } from '@docker-mtls/bundle';
import { readCertificate } from '@docker-mtls/ca';
import { isMtlsError, MtlsError } from '@docker-mtls/errors';
import { PRIVATE_FILE, readFile, readFileIfExists, replaceFile } from '@docker-mtls/files';
import type { Entry } from '@docker-mtls/store';
import { hasKey } from './current-entry.ts';

/** The largest archive that we would compare with a new one; ours hold three small files. */
const LARGEST_BUNDLE = 1024 * 1024;

/** Packs a client's published files. A client whose key never was here gets its certificates alone. */
export async function packClient(client: Entry, layout: FlatLayout): Promise<Buffer> {
  const file = (name: string): string => readFile(path.join(client.directory ?? '', name)).toString('utf8');
  const files = { ca: file('ca.pem'), certificate: file('cert.pem') };
  return packBundle(hasKey(client) ? { ...files, key: file('key.pem') } : files, { layout });
}

/** Where a bundle goes when nobody says: as the book names it, or after the client. */
export function bundleFileName(name: string, layout: FlatLayout): string {
  return layout === 'pwd' ? 'pwd-client-certs' : `${name}.tar.gz`;
}

/** Whether a file that stands where an archive goes may be replaced. */
export type MayReplace = (old: Buffer) => boolean;

/**
 * Writes an archive, private from its first byte. The same bytes at `file` are left alone; others only give way if
 * they may (`BUNDLE_EXISTS`). Returns whether anything was written.
 */
export function writeBundle(file: string, bytes: Buffer, mayReplace: MayReplace): boolean {
  const old = readFileIfExists(file, LARGEST_BUNDLE);
  if (old?.equals(bytes)) return false;
  if (old !== undefined && !mayReplace(old)) {
    throw new MtlsError('BUNDLE_EXISTS', `${file} exists already, and holds something else`, {
      hint: 'bundle --force replaces it, and -o writes elsewhere',
    });
  }
  replaceFile(file, bytes, PRIVATE_FILE);
  return true;
}

/** Is this an archive that the client was handed before, by the same CA? Then a new one takes its place. */
export function isEarlierBundle(old: Buffer, client: Entry): boolean {
  try {
    const { info } = client.certificate();
    const packed = readArchive(old).files.find(({ path: name }) => /(^|-)cert\.pem$/.test(name));
    const earlier = packed === undefined ? undefined : readCertificate(packed.data).info;
    return earlier?.subject.commonName === client.name && earlier.authorityKeyId === info.authorityKeyId;
  } catch (error) {
    if (isMtlsError(error)) return false;
    throw error;
  }
}
