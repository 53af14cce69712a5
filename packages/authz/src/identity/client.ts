import { clientNames, readCertificate, verifyCertificate } from '@docker-mtls/ca';
import type { Certificate, ChainProblem, ProblemCode } from '@docker-mtls/ca';
import type { CertificateSubject } from '@docker-mtls/policy';
import { hash } from 'node:crypto';
import { decodeBase64 } from '../protocol/base64.ts';

/** A certificate that a root of this engine issued to a client. Times are milliseconds since 1970, the end excluded. */
export type VerifiedClient = CertificateSubject & {
  readonly serial: string;
  /** Which key signed it, whatever the CA calls itself: revocation lists are looked up by this. */
  readonly issuerKey: string;
  readonly validity: ValidityPeriod;
  /** Of the certificates of its CA: a renewed CA has several, and one that is valid is enough. */
  readonly issuers: readonly ValidityPeriod[];
};

export type ValidityPeriod = { readonly from: number; readonly until: number };

/** What a certificate turned out to be. `who` is what it says, to be recorded, where nobody vouches for it. */
export type Reading =
  | { readonly kind: 'client'; readonly client: VerifiedClient }
  | { readonly kind: 'refused'; readonly reason: string; readonly certificate?: Certificate };

/** Whether these hold is a question of the moment, not of the certificate. */
const DATES: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'expired',
  'issuer-expired',
  'issuer-not-yet-valid',
  'not-yet-valid',
]);

/** As many clients as an engine may have at once, and more; one costs about 4 KB. */
const MOST_REMEMBERED = 4096;

/**
 * Reads certificates as the engine hands them on, and remembers what it found: a signature is verified once for each certificate
 * and set of roots. Whether a certificate is valid now, revoked or locked is asked at each request.
 */
export function clientReader(roots: readonly Certificate[]): (certificate: string) => Reading {
  const remembered = new Map<string, Reading>();
  return (text) => {
    const known = remembered.get(text);
    if (known !== undefined) return known;
    const reading = readClient(text, roots);
    const [oldest] = remembered.keys();
    if (remembered.size >= MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    remembered.set(text, reading);
    return reading;
  };
}

function readClient(text: string, roots: readonly Certificate[]): Reading {
  const certificate = parse(text);
  if (certificate === undefined) return { kind: 'refused', reason: 'its certificate cannot be read' };
  const refuse = (reason: string): Reading => ({ kind: 'refused', reason, certificate });
  const { commonName, ...names } = clientNames(certificate);
  if (commonName === undefined) return refuse('its certificate has not exactly one common name');
  const tried = roots
    .filter(({ der }) => !der.equals(certificate.der))
    .map((root) => ({ root, problem: problemWith(certificate, root) }));
  const signers = tried.flatMap(({ root, problem }) => (problem === undefined ? [root] : []));
  const [signer] = signers;
  if (signer === undefined) return refuse(whyNot(tried.map(({ problem }) => problem)));
  const issuerKey = keyOf(signer);
  return {
    kind: 'client',
    client: {
      kind: 'certificate',
      commonName,
      ...names,
      serial: certificate.info.serial,
      fingerprint: certificate.info.fingerprint,
      issuer: signer.info.keyId ?? issuerKey,
      issuerKey,
      validity: validityOf(certificate),
      issuers: signers.map(validityOf),
    },
  };
}

function parse(text: string): Certificate | undefined {
  const pem = decodeBase64(text);
  if (pem === undefined || pem.length === 0) return undefined;
  try {
    return readCertificate(pem.toString('latin1'));
  } catch {
    // Of whatever kind: what cannot be read identifies nobody.
    return undefined;
  }
}

/** Why a root has not issued this certificate to a client, dates left out. */
function problemWith(certificate: Certificate, root: Certificate): ChainProblem | undefined {
  const now = certificate.info.notBefore;
  const problems = verifyCertificate(certificate, { roots: [root], purpose: 'client', now });
  return problems.find(({ problem }) => !DATES.has(problem));
}

function whyNot(problems: readonly (ChainProblem | undefined)[]): string {
  const known = problems.find(
    (each) => each !== undefined && each.problem !== 'unknown-issuer' && each.problem !== 'signature',
  );
  return known === undefined
    ? 'its certificate was not issued by a CA of this engine'
    : `its certificate is refused: ${known.message}`;
}

/** The last second counts, to its end. */
function validityOf({ info: { notBefore, notAfter } }: Certificate): ValidityPeriod {
  return { from: notBefore.getTime(), until: notAfter.getTime() + 1000 };
}

/** The same for all certificates of one CA key. */
export function keyOf({ info: { publicKey } }: Certificate): string {
  return hash('sha256', publicKey, 'hex');
}
