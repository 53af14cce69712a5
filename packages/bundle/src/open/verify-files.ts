import {
  isEncryptedKey,
  isOfDates,
  isOfIssuer,
  isPair,
  keyWeakness,
  parseClientName,
  privateKeyToPem,
  readCertificates,
  readKeyPair,
  verifyCertificate,
  type Certificate,
  type ChainProblem,
} from '@docker-mtls/ca';
import { isMtlsError, quote } from '@docker-mtls/errors';
import { BundleError, type BundleErrorCode } from '../error.ts';
import { type BundleFiles } from '../layout/pack-bundle.ts';

/** A client's PEM files as they came in, nothing about them known yet. */
export type RawFiles = {
  readonly ca: Buffer;
  readonly certificate: Buffer;
  readonly key?: Buffer | undefined;
};

export type VerifyFilesOptions = {
  /** `any`: dates are not the question. A renewed CA begins after the certificates that it issued before. */
  readonly now: Date | 'any';
  /** CA certificates known from elsewhere. When given, the bundle may not bring another. */
  readonly roots?: readonly Certificate[] | undefined;
};

/** A client's files that fit together. */
export type VerifiedFiles = {
  readonly client: string;
  readonly certificate: Certificate;
  readonly roots: readonly Certificate[];
  /** The same as PEM, written again: nothing else that was in the files is left. */
  readonly files: BundleFiles;
};

/**
 * Checks what a client would otherwise notice at an engine, or too late: the files parse, the CA is one and the
 * expected one, the certificate is of it, for a client, valid now, and the key is its own and not encrypted (the Docker
 * CLI takes no encrypted one). Codes: `BUNDLE_CERTIFICATE_INVALID`, `BUNDLE_CERTIFICATE_REFUSED`, `BUNDLE_CA_FOREIGN`,
 * `BUNDLE_KEY_INVALID`, `BUNDLE_KEY_ENCRYPTED`, `BUNDLE_PAIR_MISMATCH`.
 */
export function verifyFiles(raw: RawFiles, { now, roots: known }: VerifyFilesOptions): VerifiedFiles {
  const roots = readRoots(raw.ca, known);
  const certificate = readLeaf(raw.certificate);
  requireAccepted(certificate, roots, now);
  const key = raw.key === undefined ? undefined : readKey(raw.key, certificate);
  const files = {
    ca: roots.map(({ pem }) => pem).join(''),
    certificate: certificate.pem,
    ...(key === undefined ? {} : { key }),
  };
  return { client: clientOf(certificate), certificate, roots, files };
}

function readRoots(pem: Buffer, known: readonly Certificate[] | undefined): readonly Certificate[] {
  const roots = explained('the CA file', 'BUNDLE_CERTIFICATE_INVALID', () => readCertificates(pem));
  const leaf = roots.find(({ info }) => !info.isCa);
  if (leaf !== undefined)
    throw invalid(`the CA file has a certificate that is no CA: ${quote(leaf.info.subject.text)}`);
  for (const { info } of roots) refuseWeakCa(info);
  const fingerprints = known?.map(({ info }) => info.fingerprint);
  const foreign = roots.find(({ info }) => fingerprints?.includes(info.fingerprint) === false);
  if (foreign === undefined) return roots;
  throw new BundleError(
    'BUNDLE_CA_FOREIGN',
    `the bundle is of another CA than expected: ${quote(foreign.info.subject.text)}, ${foreign.info.fingerprint}`,
    {
      hint: 'compare that SHA-256 fingerprint with the sender, by telephone for instance, before you trust it',
    },
  );
}

/** Anybody can pose as an engine of a CA whose key can be computed or downloaded. */
function refuseWeakCa({ publicKey, subject }: Certificate['info']): void {
  const weakness = keyWeakness(publicKey);
  if (weakness !== undefined) throw invalid(`the CA ${quote(subject.text)} has ${weakness}`);
}

function readLeaf(pem: Buffer): Certificate {
  const certificates = explained('the certificate', 'BUNDLE_CERTIFICATE_INVALID', () =>
    readCertificates(pem),
  );
  const [leaf, ...others] = certificates;
  if (leaf === undefined || others.length > 0)
    throw invalid(`the certificate's file has ${certificates.length} certificates, and should have one`);
  return leaf;
}

function requireAccepted(certificate: Certificate, roots: readonly Certificate[], now: Date | 'any'): void {
  const at = now === 'any' ? certificate.info.notBefore : now;
  const problems = verifyCertificate(certificate, { roots, purpose: 'client', now: at }).filter(
    (problem) => now !== 'any' || !isOfDates(problem),
  );
  if (problems.length === 0) return;
  const reasons = problems.map(({ message }) => message).join('; ');
  throw new BundleError('BUNDLE_CERTIFICATE_REFUSED', `${verdict(problems)}: ${reasons}`, {
    hint: "ask for a new bundle; if the dates are the reason, check this machine's clock first",
  });
}

/** An engine may trust other CAs than those, so of its refusal nothing is known; in a bundle they belong together. */
function verdict(problems: readonly ChainProblem[]): string {
  return problems.some(isOfIssuer)
    ? 'the certificate is of no CA that is beside it'
    : 'no engine would accept the certificate';
}

/** The key of a certificate, as PEM. Codes: `BUNDLE_KEY_INVALID`, `BUNDLE_KEY_ENCRYPTED`, `BUNDLE_PAIR_MISMATCH`. */
export function readKey(pem: Buffer, certificate: Certificate): string {
  if (isEncryptedKey(pem)) {
    throw new BundleError(
      'BUNDLE_KEY_ENCRYPTED',
      'the key is encrypted, and the Docker CLI cannot use such a key',
      {
        hint: 'ask for a bundle with a plain key, in an archive that is encrypted as a whole (bundle --encrypt)',
      },
    );
  }
  const keyPair = explained('the key', 'BUNDLE_KEY_INVALID', () => readKeyPair(pem));
  if (isPair(certificate, keyPair)) return privateKeyToPem(keyPair);
  throw new BundleError(
    'BUNDLE_PAIR_MISMATCH',
    'the key is not the one that the certificate was issued for',
    {
      hint: 'ask for a new bundle; if you made the key yourself, use the key.pem of the same request',
    },
  );
}

function clientOf({ info }: Certificate): string {
  const { commonName } = info.subject;
  if (commonName === undefined) throw invalid('the certificate names no client');
  return explained("the certificate's name", 'BUNDLE_CERTIFICATE_INVALID', () => parseClientName(commonName));
}

/** Says which of the files an error of the CA's readers is about. */
function explained<T>(what: string, code: BundleErrorCode, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isMtlsError(error)) throw error;
    const hint = 'ask for a new bundle';
    throw new BundleError(code, `${what} cannot be used: ${error.message}`, { hint, cause: error });
  }
}

function invalid(message: string): BundleError {
  return new BundleError('BUNDLE_CERTIFICATE_INVALID', message, { hint: 'ask for a new bundle' });
}
