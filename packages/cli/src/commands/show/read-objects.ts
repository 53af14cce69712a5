import {
  isEncryptedKey,
  parsePem,
  readCertificate,
  readCertificates,
  readCertificationRequest,
  readCrl,
  readKeyPair,
  toPem,
} from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import { hasCode, isMtlsError, quote, unlessRefused } from '@docker-mtls/errors';
import { counted, moment } from '@docker-mtls/text';

/** What a file holds: certificates, and lines about all else. A private key is named, never shown. */
export type FileObjects = {
  readonly certificates: readonly Certificate[];
  readonly others: readonly string[];
};

/** Reads PEM and DER. Codes: `CA_…` where nothing in it can be explained. */
export function readObjects(bytes: Buffer): FileObjects {
  const blocks = parsePem(bytes);
  if (blocks.length === 0) return readDer(bytes);
  const certificates = blocks.flatMap(({ label, der }) =>
    label === 'CERTIFICATE' ? [readCertificate(der)] : [],
  );
  const others = blocks.flatMap(({ label, headers, der }) =>
    label === 'CERTIFICATE' ? [] : [describeBlock(label, headers.size > 0, der)],
  );
  return { certificates, others };
}

/** A certificate, else anything else that can be explained; the error is that of the certificate. */
function readDer(bytes: Buffer): FileObjects {
  try {
    return { certificates: readCertificates(bytes), others: [] };
  } catch (error) {
    if (!hasCode(error, 'CA_CERTIFICATE_INVALID')) throw error;
    const other = describeDer(bytes);
    if (other === undefined) throw error;
    return { certificates: [], others: [other] };
  }
}

/** In hexadecimal. PFX (RFC 7292 section 4): a SEQUENCE that begins with version 3, and another one. */
const PKCS12 = /^30(?:[0-7].|8[1-4](?:..){1,4}?)02010330/;
/** EncryptedPrivateKeyInfo (RFC 5958 section 3), by a scheme of PKCS#5 or PKCS#12. */
const LOCKED =
  /^30(?:[0-7].|8[1-4](?:..){1,4}?)30(?:[0-7].|8[12](?:..){1,2}?)06(?:09|0a)2a864886f70d01(?:05|0c)/;
const START = 64;
const KEY_LABELS = ['PRIVATE KEY', 'EC PRIVATE KEY', 'RSA PRIVATE KEY'];

function describeDer(bytes: Buffer): string | undefined {
  const start = bytes.toString('hex', 0, START);
  if (PKCS12.test(start))
    return 'PKCS#12 file, not opened: it is for browsers and Java; neither docker nor dockerd can use it';
  if (LOCKED.test(start)) return LOCKED_KEY;
  const ways = [
    () => describeRequest(bytes),
    () => describeCrl(bytes),
    ...KEY_LABELS.map((label) => () => `${describeKey(label, false, bytes)}, in DER: docker wants PEM`),
  ];
  for (const way of ways) {
    const described = unlessRefused(way);
    if (described !== undefined) return described;
  }
  return undefined;
}

function describeBlock(label: string, hasHeaders: boolean, der: Buffer): string {
  try {
    if (label.endsWith('PRIVATE KEY')) return describeKey(label, hasHeaders, der);
    if (label.endsWith('CERTIFICATE REQUEST')) return describeRequest(der);
    if (label === 'X509 CRL') return describeCrl(der);
    return `PEM block ${quote(label)}: Docker ignores it`;
  } catch (error) {
    if (isMtlsError(error)) return `PEM block ${quote(label)}: ${error.message}`;
    throw error;
  }
}

const LOCKED_KEY = 'private key, encrypted: neither docker nor dockerd can use it';

function describeKey(label: string, hasHeaders: boolean, der: Buffer): string {
  const pem = toPem(label, der);
  if (hasHeaders || isEncryptedKey(pem)) return LOCKED_KEY;
  return `private key, not shown: ${readKeyPair(pem).type}`;
}

function describeRequest(der: Buffer): string {
  const { subjectText, keyType } = readCertificationRequest(der);
  return `certificate request: ${subjectText === '' ? 'no subject' : subjectText}, ${keyType}; sign it with: docker-mtls issue-client NAME --csr FILE`;
}

function describeCrl(der: Buffer): string {
  const { issuer, thisUpdate, nextUpdate, revoked } = readCrl(der);
  const until = nextUpdate === undefined ? '' : `, the next one due ${moment(nextUpdate)}`;
  return `revocation list of ${issuer.text}, ${moment(thisUpdate)}${until}: ${counted(revoked.length, 'certificate', 'certificates')}`;
}
