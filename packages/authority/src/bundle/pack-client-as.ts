import { BundleError, packBundle, packContexts, packFolder } from '@docker-mtls/bundle';
import { encryptBundle, packPkcs12 } from '@docker-mtls/bundle/protect';
import type { BundleFiles, EngineHost, FolderBundle, NamedFile } from '@docker-mtls/bundle';
import type { ArchiveLock } from '@docker-mtls/bundle/protect';
import { lostKeyHint } from '../current-pair.ts';
import { bundleFileName } from '../write-bundle.ts';
import type { BundleOrder } from './bundle-order.ts';

/** How a bundle is locked: in the age format, or as PKCS#12 does it; not at all without either. */
export type BundleLock = { readonly passphrase?: string; readonly recipients: readonly string[] };

type Packing = Pick<BundleOrder, 'form' | 'format' | 'hosts'>;

/** Whose files they are. */
export type ClientToPack = { readonly name: string; readonly files: BundleFiles };

/** Makes the archives, each under the name that it gets where nobody chose one. Code: `BUNDLE_KEY_ELSEWHERE`. */
export async function packClientAs(
  order: Packing,
  client: ClientToPack,
  { passphrase, recipients }: BundleLock,
): Promise<readonly NamedFile[]> {
  if (order.form === 'p12') return [await packP12(client, passphrase)];
  const plain = packPlain(order, client);
  if (passphrase !== undefined) return encryptAll(plain, { passphrase });
  return recipients.length > 0 ? encryptAll(plain, { recipients }) : plain;
}

function packPlain({ form, format, hosts }: Packing, { name, files }: ClientToPack): readonly NamedFile[] {
  if (form === 'flat' || form === 'pwd')
    return [{ name: bundleFileName(name, form), data: packBundle(files, { layout: form }) }];
  const folder: FolderBundle = { client: name, files, hosts: someHosts(hosts) };
  if (form === 'folder') return [{ name: `${name}.${format}`, data: packFolder(folder, { format }) }];
  if (files.key === undefined) throw keyElsewhere(name, 'a context has the key in it');
  return packContexts(folder);
}

async function packP12({ name, files }: ClientToPack, passphrase = ''): Promise<NamedFile> {
  const { key } = files;
  if (key === undefined) throw keyElsewhere(name, 'a PKCS#12 file has the key in it');
  return { name: `${name}.p12`, data: await packPkcs12({ name, files: { ...files, key }, passphrase }) };
}

async function encryptAll(plain: readonly NamedFile[], lock: ArchiveLock): Promise<readonly NamedFile[]> {
  return Promise.all(
    plain.map(async ({ name, data }) => ({ name: `${name}.age`, data: await encryptBundle(data, lock) })),
  );
}

/** The order was checked for it. */
function someHosts(hosts: readonly EngineHost[]): FolderBundle['hosts'] {
  const [first, ...others] = hosts;
  if (first === undefined) throw new Error('a layout for engines was ordered without any');
  return [first, ...others];
}

function keyElsewhere(name: string, why: string): BundleError {
  return new BundleError(
    'BUNDLE_KEY_ELSEWHERE',
    `${why}, and the one of ${JSON.stringify(name)} is not here`,
    {
      hint: `if it is where a request was made, use --layout folder, and docker-mtls unbundle FILE --key KEYFILE joins the two; ${lostKeyHint({ kind: 'client', name })}`,
    },
  );
}
