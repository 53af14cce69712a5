import { clientFiles } from '@docker-mtls/authority/archives';
import type { Entry } from '@docker-mtls/ca-directory';
import type { CiCredentials } from '@docker-mtls/ci';
import { withKey } from './good-pair.ts';

/** What an automation server is given of a client. Code: `CI_KEY_ELSEWHERE`. */
export function credentialsOf(entry: Entry): CiCredentials {
  const { ca, certificate, key } = clientFiles(withKey(entry));
  if (key === undefined) throw new Error('a client without a key was taken for one with it');
  const { name: client, notAfter, fingerprint } = entry;
  return { client, ca, certificate, key, notAfter, fingerprint };
}
