import { quote } from '@docker-mtls/errors';
import { readArchive } from '../archive/read-archive.ts';
import { truncated } from '../archive/damage.ts';
import { parseDockerContext, readDockerContext, type DockerContext } from '../context/context-archive.ts';
import { BundleError } from '../error.ts';
import { parseEngineHost, type EngineHost } from '../layout/engine-host.ts';
import { decodeManifest, MANIFEST_FILE } from '../layout/manifest.ts';
import { bundleLayoutOf, type BundleLayout } from './layout-of.ts';
import { verifyFiles, type RawFiles, type VerifiedFiles, type VerifyFilesOptions } from './verify-files.ts';

/** A bundle from outside, verified as a whole. */
export type OpenedBundle = VerifiedFiles & {
  readonly layout: BundleLayout;
  /** The engines that it is for, where the layout says so. */
  readonly hosts: readonly EngineHost[];
};

type Files = ReadonlyMap<string, Buffer>;

/**
 * Opens any bundle that docker-mtls writes (and a context that the Docker CLI exported), in memory: nothing is returned
 * unless all of it is good. Scripts and READMEs are not handed on: the installing side makes its own, so that an
 * archive never decides what a shell will run. Codes: those of `readArchive`, `readDockerContext`, `parseEngineHost`
 * and `verifyFiles`, and `BUNDLE_LAYOUT_UNKNOWN`.
 */
export function openBundle(data: Buffer, options: VerifyFilesOptions): OpenedBundle {
  const archive = readArchive(data);
  const { layout, files } = bundleLayoutOf(archive);
  if (layout === 'context') return openContext(parseDockerContext(archive), options);
  if (!archive.isComplete) throw truncated('its list of files');
  const raw = layout === 'pwd' ? pwdFiles(files) : dockerFiles(files);
  const verified = verifyFiles(raw, options);
  return { ...verified, layout, hosts: layout === 'folder' ? folderHosts(files, verified.client) : [] };
}

function dockerFiles(files: Files): RawFiles {
  return { ca: need(files, 'ca.pem'), certificate: need(files, 'cert.pem'), key: files.get('key.pem') };
}

function pwdFiles(files: Files): RawFiles {
  const key = files.get('client-key.pem');
  return { ca: need(files, 'ca.pem'), certificate: need(files, 'client-cert.pem'), key };
}

function need(files: Files, name: string): Buffer {
  const data = files.get(name);
  if (data === undefined) throw new Error(`${name} should have been there`);
  return data;
}

function openContext(context: DockerContext, options: VerifyFilesOptions): OpenedBundle {
  requireVerification(context);
  const { ca, certificate, key } = context.tls;
  if (ca === undefined || certificate === undefined || key === undefined)
    throw contextRefused(context, 'it has no client certificate, or not all of its files');
  const verified = verifyFiles({ ca, certificate, key }, options);
  return { ...verified, layout: 'context', hosts: [parseEngineHost(context.host)] };
}

/** The contexts inside of a folder must not say anything else than the folder itself. */
function folderHosts(files: Files, client: string): readonly EngineHost[] {
  const manifest = decodeManifest(need(files, MANIFEST_FILE));
  if (manifest.client !== client)
    throw differs(`${MANIFEST_FILE} says ${quote(manifest.client)}, the certificate ${quote(client)}`);
  const urls = manifest.hosts.map(({ url }) => url);
  for (const [name, data] of files) {
    if (name.endsWith('.dockercontext')) requireSame(readDockerContext(data), dockerFiles(files), urls);
  }
  return manifest.hosts;
}

function requireSame(context: DockerContext, files: RawFiles, urls: readonly string[]): void {
  requireVerification(context);
  if (!urls.includes(context.host)) throw differs(`a context is for ${quote(context.host)}`);
  const isSame = (['ca', 'certificate', 'key'] as const).every((kind) =>
    isEqual(context.tls[kind], files[kind]),
  );
  if (!isSame) throw differs('a context has other certificates than the folder');
}

function isEqual(a: Buffer | undefined, b: Buffer | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.equals(b);
}

function requireVerification(context: DockerContext): void {
  if (context.skipTlsVerify) throw contextRefused(context, 'it switches off that the engine is verified');
}

function contextRefused({ name }: DockerContext, reason: string): BundleError {
  return new BundleError('BUNDLE_CONTEXT_INVALID', `the context ${quote(name)} is refused: ${reason}`, {
    hint: 'ask its sender for one that docker-mtls bundle made',
  });
}

function differs(reason: string): BundleError {
  return new BundleError('BUNDLE_LAYOUT_UNKNOWN', `the bundle contradicts itself: ${reason}`, {
    hint: 'ask its sender for the bundle as docker-mtls made it',
  });
}
