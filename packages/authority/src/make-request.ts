import path from 'node:path';
import { createCertificationRequest, privateKeyToPem } from '@docker-mtls/ca';
import type { KeyPair, KeyType } from '@docker-mtls/ca';
import type { Caller } from '@docker-mtls/errors';
import {
  checkFolder,
  createFile,
  exists,
  makeDirectory,
  PRIVATE_FILE,
  PUBLIC_FILE,
  sweepFolder,
  syncDirectory,
} from '@docker-mtls/files';
import { isRequestFor, readEarlierKey, refuseExisting } from './earlier-key.ts';
import { makeKey } from './make-key.ts';

export type KeyRequestOrder = {
  readonly name: string;
  /** Gets `NAME-key.pem` and `NAME.csr`. */
  readonly folder: string;
  readonly keyType: KeyType | undefined;
};

/** A key that never leaves its machine, and the request that a CA signs for it. */
export type KeyRequest = {
  readonly key: string;
  readonly request: string;
  readonly keyType: KeyPair['type'];
};

/** Makes both. What a run that was killed has made is kept, and the rest is made. Codes: `OUT_EXISTS`, `FILE_…`. */
export function makeRequest({ name, folder, keyType: wanted }: KeyRequestOrder, caller: Caller): KeyRequest {
  const files = { key: path.join(folder, `${name}-key.pem`), request: path.join(folder, `${name}.csr`) };
  checkFolder(folder);
  const earlier = readEarlierKey(files.key, wanted);
  if (earlier === undefined || !isRequestFor(files.request, name, earlier)) refuseExisting(files.request);
  const keyPair = earlier ?? makeKey(wanted ?? 'ec-p256', caller);
  makeDirectory(folder);
  sweepFolder(folder);
  if (earlier === undefined) createFile(files.key, privateKeyToPem(keyPair), PRIVATE_FILE);
  const { pem } = createCertificationRequest(keyPair, { commonName: name });
  if (!exists(files.request)) createFile(files.request, pem, PUBLIC_FILE);
  syncDirectory(folder);
  return { ...files, keyType: keyPair.type };
}
