import { nullValue, oid, sequence } from '../der/build.ts';
import type { Der } from '../der/build.ts';
import type { OidName } from '../der/oid.ts';
import { DerReader, oidValue } from '../der/read.ts';
import type { Element } from '../der/read.ts';
import { TAG } from '../der/tag.ts';
import type { UsableKeyType } from '../keys/key-type.ts';

/** An AlgorithmIdentifier as it was found. */
export type AlgorithmIdentifier = {
  readonly name: string;
  readonly parameters?: Element;
  readonly der: Buffer;
};

type SignatureAlgorithm = {
  readonly key: 'rsaEncryption' | 'ecPublicKey' | 'ed25519';
  /** For node:crypto; `null` where the algorithm has its own. */
  readonly digest: string | null;
  readonly weak?: true;
};

/** What we can verify, and by which rule a key must go with it. Only the first five are ever accepted in a request. */
const ALGORITHMS: Readonly<Record<string, SignatureAlgorithm | undefined>> = {
  sha256WithRSAEncryption: { key: 'rsaEncryption', digest: 'sha256' },
  sha384WithRSAEncryption: { key: 'rsaEncryption', digest: 'sha384' },
  sha512WithRSAEncryption: { key: 'rsaEncryption', digest: 'sha512' },
  'ecdsa-with-SHA256': { key: 'ecPublicKey', digest: 'sha256' },
  'ecdsa-with-SHA384': { key: 'ecPublicKey', digest: 'sha384' },
  'ecdsa-with-SHA512': { key: 'ecPublicKey', digest: 'sha512' },
  ed25519: { key: 'ed25519', digest: null },
  sha1WithRSAEncryption: { key: 'rsaEncryption', digest: 'sha1', weak: true },
  'ecdsa-with-SHA1': { key: 'ecPublicKey', digest: 'sha1', weak: true },
  md5WithRSAEncryption: { key: 'rsaEncryption', digest: 'md5', weak: true },
};

type Rsa = `rsa-${number}`;

/** What we sign with: the digest as strong as the key; RSA of any size with SHA-256. */
const SIGNING: Readonly<Record<Exclude<UsableKeyType, Rsa>, OidName>> = {
  'ec-p256': 'ecdsa-with-SHA256',
  'ec-p384': 'ecdsa-with-SHA384',
  'ec-p521': 'ecdsa-with-SHA512',
  ed25519: 'ed25519',
};

export type Signing = { readonly identifier: Der; readonly digest: string | null };

export function signingFor(type: UsableKeyType): Signing {
  const name = isRsa(type) ? 'sha256WithRSAEncryption' : SIGNING[type];
  // RFC 4055 section 5: NULL for RSA. RFC 5758 section 3.2 and RFC 8410 section 3: absent for the others.
  const parameters = isRsa(type) ? nullValue() : undefined;
  return { identifier: sequence(oid(name), parameters), digest: ALGORITHMS[name]?.digest ?? null };
}

function isRsa(type: UsableKeyType): type is Rsa {
  return type.startsWith('rsa-');
}

export function signatureAlgorithm(name: string): SignatureAlgorithm | undefined {
  return ALGORITHMS[name];
}

export function readAlgorithm(identifier: Element, what: string): AlgorithmIdentifier {
  const reader = new DerReader(identifier.content);
  const name = oidValue(reader.read(TAG.oid, what), what);
  const parameters = reader.atEnd ? undefined : reader.next(what);
  reader.finish(what);
  return { name, der: identifier.der, ...(parameters === undefined ? {} : { parameters }) };
}

/** Why the parameters are not what the algorithm's RFC asks for; `undefined` when they are. */
export function parametersProblem({ name, parameters }: AlgorithmIdentifier): string | undefined {
  const algorithm = ALGORITHMS[name];
  if (algorithm === undefined) return undefined;
  if (algorithm.key !== 'rsaEncryption')
    return parameters === undefined ? undefined : `${name} takes no parameters`;
  const isNull = parameters?.tag === TAG.null && parameters.content.length === 0;
  return isNull ? undefined : `${name} needs NULL as its parameters`;
}
