import { describeName, readName } from '../certificate/distinguished-name.ts';
import { readExtensions, readSubjectAltName } from '../certificate/extensions.ts';
import type { GeneralName } from '../certificate/extensions.ts';
import { parametersProblem, readAlgorithm, signatureAlgorithm } from '../certificate/signature-algorithm.ts';
import type { AlgorithmIdentifier } from '../certificate/signature-algorithm.ts';
import { isSignedBy } from '../certificate/signed-by.ts';
import { explainDer } from '../der/explain-der.ts';
import { onlyObject } from '../der/pem-or-der.ts';
import {
  DerError,
  DerReader,
  elements,
  oidValue,
  readOnly,
  readSequence,
  smallNumber,
  wholeOctets,
} from '../der/read.ts';
import { TAG, contextConstructedTag } from '../der/tag.ts';
import { CaError } from '../error.ts';
import type { KeyType } from '../keys/key-type.ts';
import { importPublicKey, readPublicKey, withRsaParameters } from '../keys/public-key.ts';
import type { PublicKeyInfo } from '../keys/public-key.ts';
import { keyWeakness } from '../keys/weakness.ts';
import { parseDnsName } from '../names/dns-name.ts';
import type { SubjectAltName } from '../names/subject-alt-name.ts';

/** What a request holds. The names are only what its author wishes: nothing but the key is to be taken over. */
export type CertificationRequest = {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Buffer;
  readonly keyType: KeyType | (string & {});
  readonly subjectText: string;
  /** The hosts and addresses that it asks for, as far as they are well formed. */
  readonly sans: readonly SubjectAltName[];
};

const LARGEST = 65_536;
const WHAT = 'request';
const LABELS: readonly string[] = ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'];

/**
 * Reads a certification request (PKCS #10, RFC 2986), PEM or DER, and checks that its author holds the private key.
 * `CA_CSR_INVALID`, `CA_CSR_PROOF`, `CA_KEY_WEAK`.
 */
export function readCertificationRequest(pemOrDer: string | Buffer): CertificationRequest {
  if (pemOrDer.length > LARGEST) throw invalid(`it has more than ${LARGEST} octets`);
  const request = explainDer(invalid, () => parseRequest(onlyObject(pemOrDer, LABELS)));
  explainDer(invalid, () => checkKey(request.key, request.spki));
  checkAlgorithm(request.algorithm, request.key);
  if (!isSignedBy(request.spki, request.algorithm, request.info, request.signature)) {
    throw new CaError(
      'CA_CSR_PROOF',
      'the request is not signed with the key that it asks a certificate for',
      {
        hint: 'make the request again, with the private key at hand',
      },
    );
  }
  const { spki, key, subjectText, sans } = request;
  return { publicKey: spki, keyType: key.type, subjectText, sans };
}

type ParsedRequest = {
  readonly info: Buffer;
  readonly subjectText: string;
  readonly spki: Buffer;
  readonly key: PublicKeyInfo;
  readonly sans: SubjectAltName[];
  readonly algorithm: AlgorithmIdentifier;
  readonly signature: Buffer;
};

function parseRequest(der: Buffer): ParsedRequest {
  const reader = readSequence(der, WHAT);
  const info = reader.read(TAG.sequence, WHAT);
  const algorithm = readAlgorithm(reader.read(TAG.sequence, 'signature algorithm'), 'signature algorithm');
  const signature = wholeOctets(reader.read(TAG.bitString, 'signature'), 'signature');
  reader.finish(WHAT);
  return { info: info.der, algorithm, signature, ...parseInfo(new DerReader(info.content)) };
}

function parseInfo(reader: DerReader): Pick<ParsedRequest, 'subjectText' | 'spki' | 'key' | 'sans'> {
  const version = smallNumber(reader.read(TAG.integer, 'version'), 'version');
  if (version !== 0) throw new DerError(`its version is ${version} instead of 0`);
  const subject = readName(reader.read(TAG.sequence, 'subject'), 'subject');
  const spki = withRsaParameters(reader.read(TAG.sequence, 'public key').der);
  const attributes = reader.read(contextConstructedTag(0), 'attributes');
  reader.finish(WHAT);
  const sans = requestedNames(attributes.content).flatMap(issuable);
  return { subjectText: describeName(subject).text, spki, key: readPublicKey(spki), sans };
}

function requestedNames(attributes: Buffer): GeneralName[] {
  const requests = elements(attributes, 'attributes')
    .map(readAttribute)
    .filter(({ type }) => type === 'extensionRequest');
  const [request] = requests;
  if (request === undefined) return [];
  if (requests.length > 1) throw new DerError('extensionRequest: there is more than one');
  const list = readOnly(request.values, TAG.sequence, 'extensionRequest');
  const names = readExtensions(list.content, 'extensionRequest').filter(
    ({ name }) => name === 'subjectAltName',
  );
  if (names.length > 1) throw new DerError('subjectAltName: there is more than one');
  return names.flatMap(({ value }) => readSubjectAltName(value));
}

function readAttribute({ tag, content }: { tag: number; content: Buffer }): { type: string; values: Buffer } {
  if (tag !== TAG.sequence) throw new DerError('attributes: not an attribute');
  const reader = new DerReader(content);
  const type = oidValue(reader.read(TAG.oid, 'attribute'), 'attribute');
  const values = reader.read(TAG.set, type).content;
  reader.finish(type);
  return { type, values };
}

function issuable({ kind, value }: GeneralName): SubjectAltName[] {
  if (kind === 'ip') return [{ kind, value }];
  const parsed = kind === 'dns' ? parseDnsName(value, { wildcard: true }) : undefined;
  return parsed !== undefined && 'name' in parsed ? [{ kind: 'dns', value: parsed.name }] : [];
}

function checkKey({ unsupported }: PublicKeyInfo, spki: Buffer): void {
  const weakness = keyWeakness(spki);
  if (weakness !== undefined) {
    throw new CaError('CA_KEY_WEAK', `the request is for ${weakness}`, {
      hint: 'make a new key, for instance with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256',
    });
  }
  if (unsupported !== undefined) throw invalid(`an engine or a Docker CLI has no use for ${unsupported}`);
  if (importPublicKey(spki) === undefined) throw invalid('OpenSSL does not take its public key');
}

function checkAlgorithm(identifier: AlgorithmIdentifier, key: PublicKeyInfo): void {
  const algorithm = signatureAlgorithm(identifier.name);
  if (algorithm === undefined || algorithm.weak) throw invalid(`it is signed with ${identifier.name}`);
  if (algorithm.key !== key.algorithm)
    throw invalid(`a key of the kind ${key.type} does not sign with ${identifier.name}`);
  // RFC 4055 section 5: implementations MUST accept NULL and absent parameters.
  const isAbsent = algorithm.key === 'rsaEncryption' && identifier.parameters === undefined;
  const problem = isAbsent ? undefined : parametersProblem(identifier);
  if (problem !== undefined) throw invalid(problem);
}

function invalid(reason: string, cause?: unknown): CaError {
  const hint = 'make one with: openssl req -new -key key.pem -subj /CN=name -out request.pem';
  return new CaError('CA_CSR_INVALID', `the certification request cannot be used: ${reason}`, {
    hint,
    cause,
  });
}
