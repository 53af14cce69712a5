import {
  bitString,
  encode,
  enumerated,
  explicit,
  integer,
  integerOf,
  raw,
  sequence,
  tagged,
} from '../der/build.ts';
import { TAG } from '../der/tag.ts';
import type { Der } from '../der/build.ts';
import { toPem } from '../der/pem.ts';
import { time } from '../der/time.ts';
import { CaError } from '../error.ts';
import type { Authority } from '../certificate/authority.ts';
import { extension } from '../certificate/extensions.ts';
import { REASON_CODES } from './reason.ts';
import type { RevocationReason } from './reason.ts';

export type RevokedCertificate = {
  /** Lower-case hexadecimal, as in `CertificateInfo`. */
  readonly serial: string;
  readonly revokedAt: Date;
  readonly reason?: RevocationReason | undefined;
};

export type NewCrl = {
  /** Higher than that of every CRL before it. */
  readonly number: number | bigint;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly revoked: readonly RevokedCertificate[];
};

const VERSION_2 = 1;

/** A full CRL, version 2 (RFC 5280 section 5). `CA_CRL_INVALID`, or `CA_NOT_A_CA` when the CA may not sign one. */
export function createCrl(authority: Authority, crl: NewCrl): { readonly der: Buffer; readonly pem: string } {
  checkAuthority(authority);
  checkCrl(crl);
  const { signer } = authority;
  const tbs = encode(
    sequence(
      integerOf(VERSION_2),
      signer.algorithm,
      raw(signer.issuerName),
      time(crl.thisUpdate),
      time(crl.nextUpdate),
      // RFC 5280 5.1.2.6: absent, not empty, when nothing is revoked.
      crl.revoked.length === 0 ? undefined : tagged(TAG.sequence, entries(crl.revoked)),
      explicit(0, sequence(signer.authorityKeyId, extension('cRLNumber', integerOf(crl.number)))),
    ),
  );
  const der = encode(sequence(raw(tbs), signer.algorithm, bitString(signer.sign(tbs))));
  return { der, pem: toPem('X509 CRL', der) };
}

/** Encoded one by one: a hundred thousand as parts of one tree would need much memory, or too many arguments. */
function entries(revoked: readonly RevokedCertificate[]): Buffer {
  return Buffer.concat(revoked.map((each) => encode(entry(each))));
}

function entry({ serial, revokedAt, reason = 'unspecified' }: RevokedCertificate): Der {
  // RFC 5280 5.3.1: left out rather than said to be unspecified.
  const code = REASON_CODES[reason];
  const extensions = code === 0 ? undefined : sequence(extension('reasonCode', enumerated(code)));
  return sequence(integer(serialOctets(serial)), time(revokedAt), extensions);
}

function serialOctets(serial: string): Buffer {
  return Buffer.from(serial.length % 2 === 0 ? serial : `0${serial}`, 'hex');
}

function checkAuthority({ certificate: { info } }: Authority): void {
  if (info.keyUsage.length === 0 || info.keyUsage.includes('cRLSign')) return;
  throw new CaError('CA_NOT_A_CA', `the CA ${info.subject.text} may not sign revocation lists`, {
    hint: 'its certificate needs keyUsage cRLSign',
  });
}

function checkCrl({ number, thisUpdate, nextUpdate, revoked }: NewCrl): void {
  // RFC 5280 5.2.3: at most 20 octets, never negative.
  if (number < 0 || BigInt(number) >= 1n << 159n) throw invalid(`number ${number}`);
  if (nextUpdate <= thisUpdate) throw invalid('its next update is not after this one');
  const odd = revoked.find(({ serial }) => !/^[0-9a-f]{1,40}$/.test(serial));
  if (odd !== undefined) throw invalid(`a serial number of ${odd.serial.length} characters that is not one`);
  const early = revoked.find(({ revokedAt }) => revokedAt > thisUpdate);
  if (early !== undefined) throw invalid(`${early.serial} is revoked after the list is made`);
  const serials = new Set(revoked.map(({ serial }) => serial));
  if (serials.size !== revoked.length) throw invalid('a serial number is there twice');
}

function invalid(reason: string): CaError {
  return new CaError('CA_CRL_INVALID', `the revocation list cannot be made: ${reason}`);
}
