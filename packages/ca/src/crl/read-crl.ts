import { describeName, readName } from '../certificate/distinguished-name.ts';
import type { NameInfo } from '../certificate/distinguished-name.ts';
import { readAuthorityKeyIdentifier, readExtensions } from '../certificate/extensions.ts';
import { readAlgorithm } from '../certificate/signature-algorithm.ts';
import { explainDer } from '../der/explain-der.ts';
import { isDer, objectsIn, onlyObject } from '../der/pem-or-der.ts';
import {
  DerError,
  DerReader,
  integerContent,
  readOnly,
  readSequence,
  smallNumber,
  wholeOctets,
} from '../der/read.ts';
import { TAG, contextConstructedTag } from '../der/tag.ts';
import { timeValue } from '../der/time.ts';
import { CaError } from '../error.ts';
import type { RevokedCertificate } from './create-crl.ts';
import { readCrlTime, readEntries, refuseCritical } from './read-entries.ts';

/** A full CRL in words. Its signature is not looked at. */
export type Crl = {
  readonly der: Buffer;
  readonly issuer: NameInfo;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  readonly number: bigint | undefined;
  readonly authorityKeyId: string | undefined;
  readonly revoked: readonly RevokedCertificate[];
};

/** A full CRL whose entries are read when they are asked for, which takes a while where there are many. */
export type OpenCrl = Omit<Crl, 'revoked'> & {
  /** Throws `CA_CRL_INVALID` at one that is wrong. */
  readonly entries: () => Iterable<RevokedCertificate>;
};

const WHAT = 'revocation list';
const LABEL = 'X509 CRL';

/** One CRL, PEM or DER. A delta or partial one is refused: it does not say what is not revoked. `CA_CRL_INVALID`. */
export function readCrl(pemOrDer: string | Buffer): Crl {
  return withEntries(explainDer(invalid, () => openCrl(onlyObject(pemOrDer, [LABEL]))));
}

/** Every CRL of a PEM file, in order, or the one of a DER file; at least one. `CA_CRL_INVALID`. */
export function readCrls(pemOrDer: string | Buffer): readonly Crl[] {
  return openCrls(pemOrDer).map(withEntries);
}

/** The same, with their entries still to be read. `CA_CRL_INVALID`. */
export function openCrls(pemOrDer: string | Buffer): readonly OpenCrl[] {
  const objects = isDer(pemOrDer) ? [] : objectsIn(pemOrDer, [LABEL]);
  return explainDer(invalid, () =>
    (objects.length === 0 ? [onlyObject(pemOrDer, [LABEL])] : objects).map(openCrl),
  );
}

function withEntries({ entries, ...crl }: OpenCrl): Crl {
  return { ...crl, revoked: [...entries()] };
}

function invalid(reason: string, cause: DerError): CaError {
  const hint = 'expected an X.509 CRL, PEM (-----BEGIN X509 CRL-----) or DER';
  return new CaError('CA_CRL_INVALID', `the revocation list cannot be read: ${reason}`, { hint, cause });
}

function openCrl(der: Buffer): OpenCrl {
  const reader = readSequence(der, WHAT);
  const tbs = new DerReader(reader.read(TAG.sequence, WHAT).content);
  const outer = readAlgorithm(reader.read(TAG.sequence, 'signature algorithm'), 'signature algorithm');
  wholeOctets(reader.read(TAG.bitString, 'signature'), 'signature');
  reader.finish(WHAT);
  if (smallNumber(tbs.read(TAG.integer, 'version'), 'version') !== 1) throw new DerError('version: not 2');
  const inner = readAlgorithm(tbs.read(TAG.sequence, 'signature algorithm'), 'signature algorithm');
  if (!inner.der.equals(outer.der)) throw new DerError('signature algorithm: there are two different ones');
  const issuer = describeName(readName(tbs.read(TAG.sequence, 'issuer'), 'issuer'));
  const thisUpdate = readCrlTime(tbs.next('thisUpdate'), 'thisUpdate');
  const nextUpdate = readTimeIf(tbs);
  const entries = tbs.readIf(TAG.sequence, 'revoked certificates');
  const extensions = readCrlExtensions(tbs);
  tbs.finish(WHAT);
  const open = () => (entries === undefined ? [] : explained(entries.content));
  return { der, issuer, thisUpdate, nextUpdate, ...extensions, entries: open };
}

function* explained(content: Buffer): Generator<RevokedCertificate, undefined> {
  const entries = readEntries(content);
  for (;;) {
    const { done, value } = explainDer(invalid, () => entries.next());
    if (done === true) return undefined;
    yield value;
  }
}

function readCrlExtensions(tbs: DerReader): Pick<Crl, 'number' | 'authorityKeyId'> {
  const field = tbs.readIf(contextConstructedTag(0), 'extensions');
  if (field === undefined) return { number: undefined, authorityKeyId: undefined };
  const extensions = readExtensions(
    readOnly(field.content, TAG.sequence, 'extensions').content,
    'extensions',
  );
  refuseCritical(extensions);
  const number = extensions.find(({ name }) => name === 'cRLNumber')?.value;
  const keyId = extensions.find(({ name }) => name === 'authorityKeyIdentifier')?.value;
  return {
    number: number === undefined ? undefined : readCrlNumber(number),
    authorityKeyId:
      keyId === undefined ? undefined : readAuthorityKeyIdentifier(keyId).keyId?.toString('hex'),
  };
}

function readCrlNumber(value: Buffer): bigint {
  const content = integerContent(readOnly(value, TAG.integer, 'cRLNumber'), 'cRLNumber');
  if (content.length > 20 || content.readUInt8(0) >= 0x80) throw new DerError('cRLNumber: out of range');
  return BigInt(`0x${content.toString('hex')}`);
}

function readTimeIf(reader: DerReader): Date | undefined {
  const element =
    reader.readIf(TAG.utcTime, 'nextUpdate') ?? reader.readIf(TAG.generalizedTime, 'nextUpdate');
  return element === undefined ? undefined : timeValue(element, 'nextUpdate');
}
