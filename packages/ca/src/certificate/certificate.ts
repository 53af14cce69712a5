import { escapeUnprintable } from '@docker-mtls/errors';
import { explainDer } from '../der/explain-der.ts';
import { isDer, objectsIn, onlyObject, whyNoObject } from '../der/pem-or-der.ts';
import { toPem } from '../der/pem.ts';
import { CaError } from '../error.ts';
import type { KeyPair } from '../keys/key-pair.ts';
import type { KeyType } from '../keys/key-type.ts';
import type { SubjectAltName } from '../names/subject-alt-name.ts';
import { sha256Bytes } from '../sha256.ts';
import { describeName } from './distinguished-name.ts';
import type { NameInfo } from './distinguished-name.ts';
import type { GeneralName } from './extensions.ts';
import { parseCertificate } from './parse.ts';
import type { ParsedCertificate } from './parse.ts';

/** A certificate in words. Byte strings are lower-case hexadecimal; times are whole seconds, the last one included. */
export type CertificateInfo = {
  readonly serial: string;
  readonly subject: NameInfo;
  readonly issuer: NameInfo;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Hosts and addresses, in the order of the certificate. */
  readonly sans: readonly SubjectAltName[];
  /** Whatever else it speaks for, such as `email:a@example.com`: for show only. */
  readonly otherNames: readonly string[];
  /** A `KeyType`, or a name such as `rsa-1024`, `ec-p521` or `ed448` for any other key. */
  readonly keyType: KeyType | (string & {});
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Buffer;
  readonly keyId: string | undefined;
  readonly authorityKeyId: string | undefined;
  /** SHA-256 of the whole certificate. */
  readonly fingerprint: string;
  readonly isCa: boolean;
  readonly pathLength: number | undefined;
  readonly keyUsage: readonly string[];
  readonly extKeyUsage: readonly string[];
  readonly signatureAlgorithm: string;
  /** Subject and issuer are one, and so are the key identifiers; the signature is not looked at. */
  readonly selfSigned: boolean;
};

export type Certificate = { readonly der: Buffer; readonly pem: string; readonly info: CertificateInfo };

const LABEL = 'CERTIFICATE';
const LABELS = [LABEL];

const parsedForms = new WeakMap<Certificate, ParsedCertificate>();

/** One certificate, PEM or DER. `CA_CERTIFICATE_INVALID`. */
export function readCertificate(pemOrDer: string | Buffer): Certificate {
  return fromDer(explainDer(invalid, () => onlyObject(pemOrDer, LABELS)));
}

/** Every certificate of a PEM file, in order, or the one of a DER file; at least one. `CA_CERTIFICATE_INVALID`. */
export function readCertificates(pemOrDer: string | Buffer): Certificate[] {
  if (isDer(pemOrDer)) return [readCertificate(pemOrDer)];
  const objects = objectsIn(pemOrDer, LABELS);
  if (objects.length === 0) throw invalid(whyNoObject(pemOrDer));
  return objects.map(fromDer);
}

/** Is this key the one in the certificate? */
export function isPair(certificate: Certificate, keyPair: KeyPair): boolean {
  return certificate.info.publicKey.equals(keyPair.publicKey);
}

/** The subject as it is encoded, which is what a server names a CA by. */
export function subjectDer(certificate: Certificate): Buffer {
  return parsedForm(certificate).tbs.subject.der;
}

/**
 * Builds the public form from octets that were parsed already. The parsed form takes several times the memory of the octets: it
 * is not kept, because hundreds of new certificates wait at once for their place in the registry, and are not read there.
 */
export function toCertificate(der: Buffer, parsed: ParsedCertificate): Certificate {
  return { der, pem: toPem(LABEL, der), info: describe(der, parsed) };
}

/** All that a certificate says, as lint and verification ask for it. */
export function parsedForm(certificate: Certificate): ParsedCertificate {
  return parsedForms.get(certificate) ?? parseCertificate(certificate.der);
}

/** What was read is most often verified or linted next, so its parsed form is kept for that. */
function fromDer(der: Buffer): Certificate {
  const parsed = explainDer(invalid, () => parseCertificate(der));
  const certificate = toCertificate(der, parsed);
  parsedForms.set(certificate, parsed);
  return certificate;
}

function describe(der: Buffer, { tbs }: ParsedCertificate): CertificateInfo {
  const keyId = tbs.keyId?.toString('hex');
  const authorityKeyId = tbs.authorityKeyId?.keyId?.toString('hex');
  return {
    serial: serialText(tbs.serial),
    subject: describeName(tbs.subject),
    issuer: describeName(tbs.issuer),
    notBefore: tbs.notBefore.date,
    notAfter: tbs.notAfter.date,
    ...describeAltNames(tbs.subjectAltName ?? []),
    keyType: tbs.publicKey.type,
    publicKey: tbs.spki,
    keyId,
    authorityKeyId,
    fingerprint: sha256Bytes(der).toString('hex'),
    isCa: tbs.basicConstraints?.isCa ?? false,
    pathLength: tbs.basicConstraints?.pathLength,
    keyUsage: tbs.keyUsage?.usages ?? [],
    extKeyUsage: tbs.extKeyUsage ?? [],
    signatureAlgorithm: tbs.algorithm.name,
    selfSigned:
      tbs.subject.der.equals(tbs.issuer.der) && (authorityKeyId === undefined || authorityKeyId === keyId),
  };
}

function describeAltNames(names: readonly GeneralName[]): Pick<CertificateInfo, 'sans' | 'otherNames'> {
  const safe = names.map(({ kind, value }) => ({ kind, value: escapeUnprintable(value) }));
  return {
    sans: safe.flatMap(({ kind, value }) => (kind === 'other' ? [] : [{ kind, value }])),
    otherNames: safe.flatMap(({ kind, value }) => (kind === 'other' ? [value] : [])),
  };
}

/** The sign octet of DER is not part of the number that people see. */
function serialText(content: Buffer): string {
  return content.length > 1 && content[0] === 0 ? content.toString('hex', 1) : content.toString('hex');
}

function invalid(reason: string, cause?: unknown): CaError {
  const hint = 'expected an X.509 certificate, PEM (-----BEGIN CERTIFICATE-----) or DER';
  return new CaError('CA_CERTIFICATE_INVALID', `the certificate cannot be read: ${reason}`, { hint, cause });
}
