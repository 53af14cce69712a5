import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** Both halves of a key of any kind, weak and odd ones too. */
export type Keys = { readonly privateKey: KeyObject; readonly publicKey: KeyObject };

/** What each kind of key signs with: AlgorithmIdentifiers as RFC 5758 and RFC 4055 write them, in hex. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  ec: '300a06082a8648ce3d040302',
  rsa: '300d06092a864886f70d01010b0500',
  dsa: '300b0609608648016503040302',
};
// CN=anyone
const SUBJECT = Buffer.from('3011310f300d06035504030c06616e796f6e65', 'hex');
const NO_ATTRIBUTES = Buffer.from('a000', 'hex');

const SEQUENCE = 0x30;
const BIT_STRING = 0x03;
const VERSION_0 = Buffer.from('020100', 'hex');

export const P256: Keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** A certification request, with its own bytes signed by `signer`: ours refuse to be made with such keys. */
export function requestDer(keys: Keys, signer: KeyObject = keys.privateKey): Buffer {
  const info = tlv(
    SEQUENCE,
    VERSION_0,
    SUBJECT,
    keys.publicKey.export({ format: 'der', type: 'spki' }),
    NO_ATTRIBUTES,
  );
  const algorithm = Buffer.from(ALGORITHMS[signer.asymmetricKeyType ?? ''] ?? '', 'hex');
  const signature = Buffer.concat([Buffer.of(0), sign('sha256', info, signer)]);
  return tlv(SEQUENCE, info, algorithm, tlv(BIT_STRING, signature));
}

export function requestPem(der: Buffer): string {
  return pem('CERTIFICATE REQUEST', der);
}

export function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const long = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...(length < 128 ? [length] : long)]), content]);
}
