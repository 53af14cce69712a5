import fs from 'node:fs';
import path from 'node:path';
import { makeCertificates } from './certificates.js';

/** The certificate of a case, as a file name. Undefined: it comes from the unix socket. */
export function certificateName({ subject }) {
  if (subject.kind === 'local') return undefined;
  const { commonName, organizationalUnits, uris, issuer, fingerprint } = subject;
  const facts = JSON.stringify([commonName, organizationalUnits, uris, issuer, fingerprint]);
  return `${Buffer.from(facts).toString('base64url').slice(0, 200)}.pem`;
}

/** Writes the CAs, a certificate for each client of the cases, and the policy with the fingerprint that one of them has got. */
export function prepare(folder, { cases, policy }) {
  fs.mkdirSync(path.join(folder, 'clients'), { recursive: true });
  const requests = cases
    .map(({ request }) => request)
    .filter(({ subject }) => subject.kind === 'certificate');
  const clients = new Map(requests.map((request) => [certificateName(request), request.subject]));
  const { roots, certificates } = makeCertificates(clients);
  fs.writeFileSync(path.join(folder, 'ca.pem'), roots.join(''));
  let own = policy;
  for (const [name, { pem, fingerprint }] of certificates) {
    fs.writeFileSync(path.join(folder, 'clients', name), pem);
    own = own.replaceAll(clients.get(name).fingerprint.toUpperCase(), fingerprint);
  }
  fs.writeFileSync(path.join(folder, 'policy.yaml'), own);
}
