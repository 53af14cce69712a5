import { quote } from '@docker-mtls/errors';
import { privateFolder, PRIVATE_ENTRY, publicText, type ArchiveEntry } from '../archive/entry.ts';
import { truncated } from '../archive/damage.ts';
import { readArchive, type Archive } from '../archive/read-archive.ts';
import { writeTar } from '../archive/write-tar.ts';
import { BundleError } from '../error.ts';
import { decodeContextMetadata, encodeContextMetadata, type ContextMetadata } from './context-metadata.ts';

/** The PEM files of a context's Docker endpoint; each may be absent. */
export type ContextTls = { readonly ca?: Buffer; readonly certificate?: Buffer; readonly key?: Buffer };

/** A whole context, as `docker context export` hands it on. */
export type DockerContext = ContextMetadata & { readonly tls: ContextTls };

/** The names under which the Docker CLI keeps them. */
export const TLS_FILES = { ca: 'ca.pem', certificate: 'cert.pem', key: 'key.pem' } as const;

const META_FILE = 'meta.json';
const TLS_FOLDER = 'tls/docker';
const PATHS: ReadonlySet<string> = new Set([META_FILE, ...Object.values(TLS_FILES).map(tlsPath)]);

/** A tar that `docker context import` takes; other than the CLI's own exports it has its end. */
export function packDockerContext(context: DockerContext): Buffer {
  const tls = tlsEntries(context.tls);
  return writeTar([
    publicText(META_FILE, encodeContextMetadata(context)),
    privateFolder('tls'),
    ...(tls.length === 0 ? [] : [privateFolder(TLS_FOLDER), ...tls]),
  ]);
}

function tlsEntries(tls: ContextTls): readonly ArchiveEntry[] {
  return (['ca', 'certificate', 'key'] as const).flatMap((kind) => {
    const data = tls[kind];
    return data === undefined ? [] : [{ path: tlsPath(TLS_FILES[kind]), mode: PRIVATE_ENTRY, data }];
  });
}

function tlsPath(file: string): string {
  return `${TLS_FOLDER}/${file}`;
}

/** Is this the content of an exported context? */
export function isDockerContext({ files }: Archive): boolean {
  return files.some(({ path }) => path === META_FILE);
}

/**
 * Reads what `docker context export` or `packDockerContext` made, tar or zip, and nothing else: an unknown entry is
 * refused, as the CLI does. Codes: `BUNDLE_CONTEXT_INVALID` and those of `readArchive`.
 */
export function readDockerContext(data: Buffer): DockerContext {
  return parseDockerContext(readArchive(data));
}

/** As `readDockerContext`, of an archive that was read already. */
export function parseDockerContext(archive: Archive): DockerContext {
  const unknown = archive.files.find(({ path }) => !PATHS.has(path));
  if (unknown !== undefined) throw invalid(`${quote(unknown.path)} does not belong into one`);
  const content = new Map(archive.files.map(({ path, data }) => [path, data]));
  const meta = content.get(META_FILE);
  if (meta === undefined) throw invalid('meta.json is missing');
  requireWhole(archive, content);
  return { ...decodeContextMetadata(meta), tls: readTls(content) };
}

function readTls(content: ReadonlyMap<string, Buffer>): ContextTls {
  const [ca, certificate, key] = Object.values(TLS_FILES).map((file) => content.get(tlsPath(file)));
  return { ...(ca && { ca }), ...(certificate && { certificate }), ...(key && { key }) };
}

/**
 * The CLI's exports lack the end of the archive, so that one cut between two entries may look like a whole one. They
 * all have the folder `tls`, though; behind the folder `tls/docker` comes a file, and behind cert.pem its key. What
 * this lets through is a context without a client certificate, which `openBundle` refuses as such.
 */
function requireWhole({ isComplete, folders }: Archive, content: ReadonlyMap<string, Buffer>): void {
  if (isComplete) return;
  const { ca, certificate, key } = readTls(content);
  const isBegun = folders.includes(`${TLS_FOLDER}/`) && ca === undefined && key === undefined;
  const lacksKey = certificate !== undefined && key === undefined;
  if (isBegun || lacksKey || !folders.includes('tls/')) throw truncated('its list of files');
}

function invalid(reason: string): BundleError {
  return new BundleError('BUNDLE_CONTEXT_INVALID', `the archive is not an exported context: ${reason}`, {
    hint: 'make one with docker context export, or docker-mtls bundle --layout context',
  });
}
