import { readArchive } from '@docker-mtls/bundle';
import { readCertificate } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import { unlessRefused } from '@docker-mtls/errors';
import type { CiTarget } from './target.ts';

/**
 * The certificate in a file of an earlier export, or `undefined` when the file holds no such thing. `data` is the
 * content of the file that `certificateFile` names.
 */
export function readExportedCertificate(target: CiTarget, data: Buffer): Certificate | undefined {
  return unlessRefused(() => readCertificate(target === 'github' ? fromBundle(data) : data));
}

function fromBundle(data: Buffer): Buffer {
  const { files } = readArchive(Buffer.from(data.toString('latin1'), 'base64'));
  return files.find(({ path }) => path === 'cert.pem')?.data ?? Buffer.alloc(0);
}
