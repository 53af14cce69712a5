import { keyPublishedIn, readCertificates } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import { orRefused } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';
import tls from 'node:tls';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';

export type TrustedFile = {
  readonly found: readonly FoundFinding[];
  /** Why it could not be looked at. */
  readonly unseen?: string;
};

/** Whose clients an engine accepts, by the file that tlscacert names. */
export function trustedCaFindings(file: string, lookUp: typeof keyPublishedIn = keyPublishedIn): TrustedFile {
  return orRefused<TrustedFile, TrustedFile>(
    () => ({ found: authorityFindings(file, readCertificates(readFile(file)), lookUp) }),
    ({ code, message }) =>
      code === 'FILE_NOT_PERMITTED' ? { found: [], unseen: message } : { found: [unreadable(file, message)] },
  );
}

function unreadable(subject: string, message: string): FoundFinding {
  return found('listeners', 'client-ca-unreadable', { subject, message });
}

function authorityFindings(
  subject: string,
  authorities: readonly Certificate[],
  lookUp: typeof keyPublishedIn,
): readonly FoundFinding[] {
  const published = authorities.flatMap(({ info }) => lookUp(info.publicKey) ?? []);
  const publics = authorities.filter(isPublic);
  const keys = new Set(authorities.map(({ info }) => info.publicKey.toString('hex')));
  return [
    ...published.map((where) =>
      found('listeners', 'key-published', {
        subject,
        message: `the private key of a CA in it is public, in ${where}: anybody can make a client`,
      }),
    ),
    ...(publics.length > 0
      ? [
          found('listeners', 'client-ca-public', {
            subject,
            message: `it holds ${publics.length} CAs that browsers trust, such as ${publics[0]?.info.subject.text}`,
          }),
        ]
      : []),
    ...(keys.size > 1 && publics.length === 0
      ? [
          found('listeners', 'several-client-cas', {
            subject,
            message: `it holds ${keys.size} CAs: ${authorities.map(({ info }) => info.subject.text).join('; ')}`,
          }),
        ]
      : []),
  ];
}

let publicRoots: ReadonlySet<string> | undefined;

function isPublic({ der }: Certificate): boolean {
  publicRoots ??= new Set(tls.rootCertificates.map((pem) => pem.replaceAll(/-----[^-]*-----|\s/g, '')));
  return publicRoots.has(der.toString('base64'));
}
