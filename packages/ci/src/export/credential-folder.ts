import path from 'node:path';
import { MtlsError } from '@docker-mtls/errors';
import {
  checkFolder,
  createFile,
  exists,
  isPartialName,
  makePrivateDirectory,
  namesIn,
  placeFolder,
  PRIVATE_FILE,
  PUBLIC_FILE,
  readFileIfExists,
  removeFolderIfEmpty,
  replaceFiles,
} from '@docker-mtls/files';
import type { StoreReader } from '@docker-mtls/ca-directory';
import type { CiEngine } from '../ci-engine.ts';
import { certificateFile } from '../credentials.ts';
import type { CiFile } from '../credentials.ts';
import { readExportedCertificate } from '../exported-certificate.ts';
import type { CiOrder } from './order.ts';

/** The folder of one environment's credentials, below the one that is exported into. */
export function credentialFolder(out: string, { name }: CiOrder, engine: CiEngine | undefined): string {
  return path.join(out, 'credentials', engine?.environment ?? name);
}

/**
 * Throws, before anything is issued, when a folder of credentials holds something else than what this client was given
 * before (`OUT_EXISTS`).
 */
export async function checkCredentialFolder(
  folder: string,
  order: CiOrder,
  { engine, reader }: { readonly engine: CiEngine | undefined; readonly reader: StoreReader },
): Promise<void> {
  if (!checkFolder(folder) || order.force || namesIn(folder).every(isPartialName)) return;
  const data = readFileIfExists(path.join(folder, certificateFile(order.target, engine)));
  if (data !== undefined && (await isEarlier(data, order, reader))) return;
  throw new MtlsError('OUT_EXISTS', `${folder} exists already, and holds something else`, {
    hint: 'use --force to write into it all the same, or another --out folder',
  });
}

async function isEarlier(data: Buffer, { target, name }: CiOrder, reader: StoreReader): Promise<boolean> {
  const info = readExportedCertificate(target, data)?.info;
  return info?.subject.commonName === name && (await isOfThisCa(reader, info.authorityKeyId));
}

/** Is a certificate of the CA here, by the key that signed it? */
export async function isOfThisCa(reader: StoreReader, issuer: string | undefined): Promise<boolean> {
  const { roots } = await reader.authority();
  return roots.some(({ info }) => info.keyId === issuer);
}

/**
 * Writes an environment's credentials, private from their first byte. A new folder is complete from the moment that it
 * has its name; in one that exists, the certificate comes after its key.
 */
export function writeCredentials(out: string, folder: string, files: readonly CiFile[]): void {
  for (const each of [out, path.dirname(folder)]) makePrivateDirectory(each);
  keepOutOfGit(path.dirname(folder));
  const modes = files.map(({ name, data, secret }) => ({
    name,
    data,
    mode: secret ? PRIVATE_FILE : PUBLIC_FILE,
  }));
  removeFolderIfEmpty(folder);
  if (exists(folder)) replaceFiles(folder, modes);
  else placeFolder(folder, modes);
}

/** The export is often made in a repository, and `git add --all` would commit the keys. */
function keepOutOfGit(folder: string): void {
  const file = path.join(folder, '.gitignore');
  if (!exists(file)) createFile(file, '*\n', PUBLIC_FILE);
}
