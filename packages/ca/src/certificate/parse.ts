import { DerError, DerReader, integerContent, readSequence, smallNumber, wholeOctets } from '../der/read.ts';
import type { Element } from '../der/read.ts';
import { TAG, contextConstructedTag, contextTag } from '../der/tag.ts';
import { timeValue } from '../der/time.ts';
import { readPublicKey } from '../keys/public-key.ts';
import type { PublicKeyInfo } from '../keys/public-key.ts';
import { readName } from './distinguished-name.ts';
import type { DistinguishedName } from './distinguished-name.ts';
import {
  readAuthorityKeyIdentifier,
  readBasicConstraints,
  readExtKeyUsage,
  readExtensions,
  readKeyUsage,
  readSubjectAltName,
  readSubjectKeyIdentifier,
} from './extensions.ts';
import type {
  AuthorityKeyIdentifierValue,
  BasicConstraintsValue,
  Extension,
  GeneralName,
  KeyUsageValue,
} from './extensions.ts';
import { readNameConstraints } from './name-constraints.ts';
import type { NameConstraints } from './name-constraints.ts';
import { readAlgorithm } from './signature-algorithm.ts';
import type { AlgorithmIdentifier } from './signature-algorithm.ts';

export type ParsedTime = { readonly tag: number; readonly date: Date };

/** A TBSCertificate (RFC 5280 4.1.2) as it is written, down to what lint asks for. */
export type ParsedTbs = {
  readonly version: number;
  /** Content octets of the serial number: two's complement, so a first octet >= 0x80 is a negative number. */
  readonly serial: Buffer;
  readonly algorithm: AlgorithmIdentifier;
  readonly issuer: DistinguishedName;
  readonly notBefore: ParsedTime;
  readonly notAfter: ParsedTime;
  readonly subject: DistinguishedName;
  readonly spki: Buffer;
  readonly publicKey: PublicKeyInfo;
  readonly hasUniqueIds: boolean;
  readonly extensions: readonly Extension[];
  readonly basicConstraints?: BasicConstraintsValue;
  readonly keyUsage?: KeyUsageValue;
  readonly extKeyUsage?: readonly string[];
  readonly subjectAltName?: readonly GeneralName[];
  readonly nameConstraints?: NameConstraints;
  readonly keyId?: Buffer;
  readonly authorityKeyId?: AuthorityKeyIdentifierValue;
};

export type ParsedCertificate = {
  readonly tbs: ParsedTbs;
  readonly tbsDer: Buffer;
  readonly algorithm: AlgorithmIdentifier;
  readonly signature: Buffer;
};

/** Throws `DerError` only. */
export function parseCertificate(der: Buffer): ParsedCertificate {
  const reader = readSequence(der, 'certificate');
  const tbs = reader.read(TAG.sequence, 'certificate body');
  const algorithm = readAlgorithm(reader.read(TAG.sequence, 'signature algorithm'), 'signature algorithm');
  const signature = wholeOctets(reader.read(TAG.bitString, 'signature'), 'signature');
  reader.finish('certificate');
  return { tbs: parseTbs(tbs.der), tbsDer: tbs.der, algorithm, signature };
}

/** Throws `DerError` only. */
export function parseTbs(der: Buffer): ParsedTbs {
  const reader = readSequence(der, 'certificate body');
  const version = readVersion(reader);
  const serial = integerContent(reader.read(TAG.integer, 'serial number'), 'serial number');
  const algorithm = readAlgorithm(reader.read(TAG.sequence, 'signature algorithm'), 'signature algorithm');
  const issuer = readName(reader.read(TAG.sequence, 'issuer'), 'issuer');
  const validity = readSequence(reader.read(TAG.sequence, 'validity').der, 'validity');
  const notBefore = readTime(validity.next('notBefore'), 'notBefore');
  const notAfter = readTime(validity.next('notAfter'), 'notAfter');
  validity.finish('validity');
  const subject = readName(reader.read(TAG.sequence, 'subject'), 'subject');
  const spki = reader.read(TAG.sequence, 'public key').der;
  const hasUniqueIds = skipUniqueIds(reader);
  const extensions = readExtensionList(reader);
  reader.finish('certificate body');
  const publicKey = readPublicKey(spki);
  const fields = { version, serial, algorithm, issuer, notBefore, notAfter, subject, spki, publicKey };
  return { ...fields, hasUniqueIds, extensions, ...readKnownExtensions(extensions) };
}

function readVersion(reader: DerReader): number {
  const version = reader.readIf(contextConstructedTag(0), 'version');
  if (version === undefined) return 1;
  const inside = new DerReader(version.content);
  const number = smallNumber(inside.read(TAG.integer, 'version'), 'version');
  inside.finish('version');
  return number + 1;
}

function readTime(element: Element, what: string): ParsedTime {
  if (element.tag !== TAG.utcTime && element.tag !== TAG.generalizedTime)
    throw new DerError(`${what}: not a time`);
  return { tag: element.tag, date: timeValue(element, what) };
}

function skipUniqueIds(reader: DerReader): boolean {
  const issuer = reader.readIf(contextTag(1), 'issuerUniqueID');
  const subject = reader.readIf(contextTag(2), 'subjectUniqueID');
  return issuer !== undefined || subject !== undefined;
}

function readExtensionList(reader: DerReader): Extension[] {
  const field = reader.readIf(contextConstructedTag(3), 'extensions');
  if (field === undefined) return [];
  const inside = new DerReader(field.content);
  const list = inside.read(TAG.sequence, 'extensions');
  inside.finish('extensions');
  return readExtensions(list.content, 'extensions');
}

type KnownExtensions = Pick<
  ParsedTbs,
  | 'basicConstraints'
  | 'keyUsage'
  | 'extKeyUsage'
  | 'subjectAltName'
  | 'nameConstraints'
  | 'keyId'
  | 'authorityKeyId'
>;

const READERS: Readonly<Record<string, ((value: Buffer) => KnownExtensions) | undefined>> = {
  basicConstraints: (value) => ({ basicConstraints: readBasicConstraints(value) }),
  keyUsage: (value) => ({ keyUsage: readKeyUsage(value) }),
  extKeyUsage: (value) => ({ extKeyUsage: readExtKeyUsage(value) }),
  subjectAltName: (value) => ({ subjectAltName: readSubjectAltName(value) }),
  nameConstraints: (value) => ({ nameConstraints: readNameConstraints(value) }),
  subjectKeyIdentifier: (value) => ({ keyId: readSubjectKeyIdentifier(value) }),
  authorityKeyIdentifier: (value) => ({ authorityKeyId: readAuthorityKeyIdentifier(value) }),
};

function readKnownExtensions(extensions: readonly Extension[]): KnownExtensions {
  const known: KnownExtensions = {};
  for (const { name, value } of extensions) Object.assign(known, READERS[name]?.(value));
  return known;
}
