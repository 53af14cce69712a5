import path from 'node:path';
import { readCertificates } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import { MtlsError, unlessRefused } from '@docker-mtls/errors';
import { readFileIfExists } from '@docker-mtls/files';

/**
 * Refuses to take the place of a CA that an engine here may trust: its clients would be shut out. One that has expired,
 * such as the book's, serves nobody any more, and may go. Code: `CONTAINER_OTHER_CA`.
 */
export function refuseMountedCa(certs: string, directory: string, now: Date): void {
  const file = path.join(certs, 'ca.pem');
  const there = readFileIfExists(file);
  if (there === undefined) return;
  const ours = readFileIfExists(path.join(directory, 'ca.pem'));
  if (ours?.equals(there)) return;
  const known = ours === undefined ? [] : readCertificates(ours).map(({ info }) => info.fingerprint);
  const isAlive = ({ info }: Certificate): boolean =>
    info.notAfter >= now && !known.includes(info.fingerprint);
  const certificates = unlessRefused(() => readCertificates(there));
  if (certificates !== undefined && !certificates.some(isAlive)) return;
  throw new MtlsError('CONTAINER_OTHER_CA', `${file} is not of the CA in ${directory}, and may be in use`, {
    hint: `mount that CA's folder at /ca, or move ${file} away on the host`,
  });
}
