import { hash } from 'node:crypto';
import { readCertificate } from '@docker-mtls/ca';
import { isPlain } from '@docker-mtls/errors';
import { privateFolder, publicText, type ArchiveEntry } from '../archive/entry.ts';
import { requireFewEngines } from '../archive/limits.ts';
import { writeGzip } from '../archive/write-gzip.ts';
import { writeTar } from '../archive/write-tar.ts';
import { writeZip } from '../archive/write-zip.ts';
import { packDockerContext } from '../context/context-archive.ts';
import { contextNameOf } from '../context/context-name.ts';
import { type BundleFacts } from '../script/bundle-facts.ts';
import { envCmd } from '../script/env-cmd.ts';
import { envFish } from '../script/env-fish.ts';
import { envPs1 } from '../script/env-ps1.ts';
import { envSh } from '../script/env-sh.ts';
import { readme } from '../script/readme.ts';
import type { EngineHost } from './engine-host.ts';
import { encodeManifest, MANIFEST_FILE } from './manifest.ts';
import { certificateEntries, type BundleFiles } from './pack-bundle.ts';

export type FolderBundle = {
  /** The client's name; it becomes the folder's, as far as archives can name it. */
  readonly client: string;
  readonly files: BundleFiles;
  readonly hosts: readonly [EngineHost, ...EngineHost[]];
};

export type ArchiveFormat = 'tar.gz' | 'zip';

/** A file to write under its name. */
export type NamedFile = { readonly name: string; readonly data: Buffer };

const WRITERS = {
  'tar.gz': (entries: readonly ArchiveEntry[]): Buffer => writeGzip(writeTar(entries)),
  zip: writeZip,
} as const satisfies Record<ArchiveFormat, unknown>;

/**
 * A folder, named after the client, with everything that one needs on a laptop: the PEM files, a script for each
 * shell, a README, and a context for each engine. The same input makes the same bytes.
 */
export function packFolder(bundle: FolderBundle, { format }: { readonly format: ArchiveFormat }): Buffer {
  const folder = archiveNameOf(bundle.client);
  const entries = folderFiles(bundle).map((entry) => ({ ...entry, path: `${folder}/${entry.path}` }));
  return WRITERS[format]([privateFolder(folder), ...entries]);
}

/**
 * What `docker context import` takes, one file for each engine: named after the client where there is one, and after
 * the engines where there are several. None without the key, because the CLI completes no context later.
 */
export function packContexts(bundle: FolderBundle): readonly NamedFile[] {
  return contextsNamed(bundle.client, bundle);
}

function contextsNamed(only: string, { client, files, hosts: given }: FolderBundle): readonly NamedFile[] {
  const { key } = files;
  if (key === undefined) return [];
  const hosts = uniqueHosts(given);
  return hosts.map((host) => ({
    name: `${hosts.length === 1 ? only : contextNameOf(host)}.dockercontext`,
    data: packDockerContext({
      name: contextNameOf(host),
      description: `${client} at ${host.name}`,
      host: host.url,
      skipTlsVerify: false,
      otherMetadata: {},
      otherEndpoints: {},
      tls: { ca: Buffer.from(files.ca), certificate: Buffer.from(files.certificate), key: Buffer.from(key) },
    }),
  }));
}

/** The files of the folder by themselves, for a caller that writes them and needs no archive. */
export function folderFiles(bundle: FolderBundle): readonly ArchiveEntry[] {
  const facts = factsOf(bundle);
  const contexts = contextsNamed(archiveNameOf(bundle.client), bundle);
  const contextFiles = contexts.map(({ name }) => name);
  return [
    publicText('README', readme(facts, { hasKey: bundle.files.key !== undefined, contextFiles })),
    publicText(MANIFEST_FILE, encodeManifest(facts)),
    ...certificateEntries(bundle.files, 'flat'),
    publicText('env.cmd', envCmd(facts)),
    publicText('env.fish', envFish(facts)),
    publicText('env.ps1', envPs1(facts)),
    publicText('env.sh', envSh(facts)),
    ...contexts.map(({ name, data }) => ({ path: name, mode: 0o600, data })),
  ];
}

/** Programs disagree about letters beyond ASCII in archives, and a plain tar header has no room for them. */
function archiveNameOf(client: string): string {
  return isPlain(client) ? client : `client_${hash('sha256', client).slice(0, 8)}`;
}

function factsOf({ client, files, hosts }: FolderBundle): BundleFacts {
  const { serial, notAfter, fingerprint } = readCertificate(files.certificate).info;
  return { client, hosts: uniqueHosts(hosts), serial, notAfter, fingerprint };
}

/** The same engine once, however often it was named. Code: `BUNDLE_ARCHIVE_TOO_LARGE`. */
function uniqueHosts([first, ...others]: FolderBundle['hosts']): FolderBundle['hosts'] {
  const urls = new Set([first.url]);
  const isNew = ({ url }: EngineHost): boolean => urls.size !== urls.add(url).size;
  const unique = others.filter(isNew);
  requireFewEngines(1 + unique.length);
  return [first, ...unique];
}
