import crypto from 'node:crypto';
import tls from 'node:tls';
import type { Presented } from '@docker-mtls/proof/ask-once';
import { escapeUnprintable } from '@docker-mtls/errors';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';

/** What an engine says of the CAs whose clients it accepts, seen under TLS 1.2. */
export function authorityFindings(subject: string, request: Presented['request']): readonly FoundFinding[] {
  if (request === undefined || !request.isMade) return [];
  const names = new Map(request.authorities.map((der) => [der.toString('hex'), der]));
  if (names.size === 0)
    return [
      found('listeners', 'client-cas-unlisted', {
        subject,
        message: 'it asks for a client certificate of no particular CA: it may trust every CA of its system',
      }),
    ];
  const known = [...names.values()].flatMap((der) => publicAuthority(der) ?? []);
  const [first] = known;
  if (first !== undefined)
    return [
      found('listeners', 'client-ca-public', {
        subject,
        message: `it accepts clients of ${names.size} CAs, ${known.length} of them public, such as ${escapeUnprintable(first)}`,
      }),
    ];
  if (names.size === 1) return [];
  return [
    found('listeners', 'several-client-cas', {
      subject,
      message: `it accepts clients of ${names.size} CAs with different names`,
    }),
  ];
}

/** A certificate holds its subject as it is encoded; a name as short as an empty one would be found in any. */
const SHORTEST_NAME = 8;

let roots: readonly Buffer[] | undefined;

/** The name of the CA, where it is one that browsers trust. */
export function publicAuthority(name: Buffer): string | undefined {
  roots ??= tls.rootCertificates.map((pem) => Buffer.from(pem.replaceAll(/-----.*-----/g, ''), 'base64'));
  if (name.length < SHORTEST_NAME) return undefined;
  const root = roots.find((der) => der.includes(name));
  return root && new crypto.X509Certificate(root).subject.replaceAll('\n', ', ');
}
