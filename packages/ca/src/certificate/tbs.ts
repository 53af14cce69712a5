import { explicit, integer, integerOf, raw, sequence } from '../der/build.ts';
import type { Der } from '../der/build.ts';
import { time } from '../der/time.ts';
import type { Validity } from '../profile/validity.ts';
import { newSerial } from './serial.ts';

export type TbsFields = {
  readonly validity: Validity;
  /** A Name, DER. */
  readonly subject: Buffer;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Buffer;
  readonly extensions: readonly (Der | undefined)[];
};

const VERSION_3 = 2;

/** TBSCertificate (RFC 5280 4.1.2), version 3, with a serial number of its own. */
export function tbsCertificate(
  { issuerName, algorithm }: { readonly issuerName: Buffer; readonly algorithm: Der },
  { validity, subject, publicKey, extensions }: TbsFields,
): Der {
  return sequence(
    explicit(0, integerOf(VERSION_3)),
    integer(newSerial()),
    algorithm,
    raw(issuerName),
    sequence(time(validity.notBefore), time(validity.notAfter)),
    raw(subject),
    raw(publicKey),
    explicit(3, sequence(...extensions)),
  );
}
