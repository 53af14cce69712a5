import { readCertificates } from '@docker-mtls/ca';
import { readFile } from '@docker-mtls/files';
import { shellWord, unlessRefused } from '@docker-mtls/errors';
import { moment } from '@docker-mtls/text';

/** What is wrong with the dates of the first certificate in a file; of a file without one, docker tells. */
export function datesProblem(file: string, now: Date): string | undefined {
  const [certificate] = unlessRefused(() => readCertificates(readFile(file))) ?? [];
  if (certificate === undefined) return undefined;
  const { notBefore, notAfter, subject } = certificate.info;
  const name = shellWord(subject.commonName ?? 'NAME');
  if (notAfter < now)
    return `${file} ended on ${moment(notAfter)}, and engines refuse it: docker-mtls renew ${name} where the CA is, then hand it out again`;
  if (notBefore > now)
    return `${file} is valid from ${moment(notBefore)} on, and it is ${moment(now)} here: engines refuse it; correct the clock that is wrong`;
  return undefined;
}
