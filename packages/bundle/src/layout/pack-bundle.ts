import { PRIVATE_ENTRY, PUBLIC_ENTRY, type ArchiveEntry } from '../archive/entry.ts';
import { writeGzip } from '../archive/write-gzip.ts';
import { writeTar } from '../archive/write-tar.ts';

/** What one client is handed, as PEM. `key` is absent where the client made its own and sent a request. */
export type BundleFiles = { readonly ca: string; readonly certificate: string; readonly key?: string };

/** The file names of each layout: Docker's own (`DOCKER_CERT_PATH`), and those of the book's `pwd-client-certs`. */
const FILE_NAMES = {
  flat: { ca: 'ca.pem', certificate: 'cert.pem', key: 'key.pem' },
  pwd: { ca: 'ca.pem', certificate: 'client-cert.pem', key: 'client-key.pem' },
} as const;

export type FlatLayout = keyof typeof FILE_NAMES;

/** The client's files under a layout's names, the key readable by its owner alone. */
export function certificateEntries(files: BundleFiles, layout: FlatLayout): readonly ArchiveEntry[] {
  const names = FILE_NAMES[layout];
  const entries = [
    { path: names.ca, mode: PUBLIC_ENTRY, data: Buffer.from(files.ca) },
    { path: names.certificate, mode: PUBLIC_ENTRY, data: Buffer.from(files.certificate) },
  ];
  if (files.key === undefined) return entries;
  return [...entries, { path: names.key, mode: PRIVATE_ENTRY, data: Buffer.from(files.key) }];
}

/**
 * A tar.gz with the files at its root: it unpacks straight into a `DOCKER_CERT_PATH` (layout `flat`), or into
 * what the book's commands expect (`pwd`). The same files make the same bytes, on every platform.
 */
export function packBundle(files: BundleFiles, { layout }: { readonly layout: FlatLayout }): Buffer {
  return writeGzip(writeTar(certificateEntries(files, layout)));
}
